using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>The keys of all texts that can be translated.</summary>
internal sealed class TextKeys(Draft draft)
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    public HashSet<string> All()
    {
        foreach (var package in draft.Packages)
        {
            Add($"package.{package.Manifest.Name}", "label", "description");
            foreach (var list in package.Options) OptionList(list.Value);
            foreach (var view in package.Views) Add($"view.{view.Value.Name}", "label");
            foreach (var form in package.Forms) Form(form.Value);
            foreach (var app in package.Apps) App(app.Value);
            foreach (var role in package.Roles) Add($"role.{role.Value.Name}", "label", "description");
            foreach (var action in package.Actions) Action(action.Value);
            foreach (var schedule in package.Schedules) Add($"schedule.{schedule.Value.Name}", "label");
            foreach (var workflow in package.Workflows) Add($"workflow.{workflow.Value.Name}", "label");
        }
        foreach (var entity in draft.Entities) Entity(entity);
        return _keys;
    }

    private void Add(string start, params string[] ends)
    {
        foreach (var end in ends) _keys.Add($"{start}.{end}");
    }

    private void Entity(DraftEntity entity)
    {
        var start = $"entity.{entity.Name}";
        Add(start, "label", "pluralLabel", "description");
        foreach (var transition in entity.Source.Lifecycle?.Transitions ?? []) Add($"{start}.transition.{transition.Name}", "label");
        foreach (var message in entity.Rules.SelectMany(rule => rule.Value.Then.Concat(rule.Value.Else)).Select(action => action.Message).OfType<string>()) Add($"{start}.rule", message);
        foreach (var validation in entity.Validations) Add($"{start}.validation", validation.Value.Message);
        foreach (var field in entity.Fields.Where(field => field.InverseOf is null).Select(field => (field.Name, field.Options)).Concat(entity.SystemFields.Select(name => (name, new List<Placed<Option>>()))))
        {
            Add($"{start}.field.{field.Item1}", "label", "description", "inverse.label");
            foreach (var option in field.Item2) Add($"{start}.field.{field.Item1}.option", option.Value.Value.ToString());
        }
    }

    private void Action(ScriptAction action)
    {
        var start = $"action.{action.Name}";
        Add(start, "label", "description");
        foreach (var parameter in action.Parameters)
        {
            Add($"{start}.parameter.{parameter.Name}", "label", "description");
            foreach (var option in parameter.Options) Add($"{start}.parameter.{parameter.Name}.option", option.Value);
        }
    }

    private void OptionList(OptionList list)
    {
        Add($"options.{list.Name}", "label");
        foreach (var option in list.Options) Add($"options.{list.Name}.option", option.Value.ToString());
    }

    private void Form(Form form)
    {
        Add($"form.{form.Name}", "label");
        foreach (var tab in form.Tabs)
        {
            Add($"form.{form.Name}.tab", tab.Label);
            foreach (var section in tab.Sections.Where(section => section.Label is not null)) Add($"form.{form.Name}.section", section.Label!);
        }
    }

    private void App(App app)
    {
        Add($"app.{app.Name}", "label", "description");
        foreach (var group in app.Navigation)
        {
            if (group.Label is not null) Add($"app.{app.Name}.navigation", group.Label);
            foreach (var item in group.Items.Where(item => item.Label is not null)) Add($"app.{app.Name}.navigation", item.Label!);
        }
    }
}
