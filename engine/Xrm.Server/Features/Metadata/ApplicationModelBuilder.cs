using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data;
using Xrm.Data.Rules;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata;
using Xrm.Server.Localization;
using Xrm.Server.Security;
using Source = Xrm.Metadata.Source;

namespace Xrm.Server.Features.Metadata;

/// <summary>Puts together what one caller may see of the model, in one language.</summary>
internal sealed class ApplicationModelBuilder(PublishedModel published, Caller caller, Texts texts, FrozenSet<RuleKey> off, AccessPreview? preview)
{
    private readonly Model _model = published.Model;
    private readonly ApplicationFieldBuilder _fields = new(caller, texts);

    public ApplicationModel Build()
    {
        var entities = _model.Entities.Where(CanRead).ToImmutableArray();
        var names = entities.Select(entity => entity.Name).ToHashSet(StringComparer.Ordinal);
        return new ApplicationModel(
            published.Version, texts.Language, _model.TimeZone, _model.Currencies?.Base,
            new ApplicationUser(caller.UserId, caller.UserName, caller.DisplayName, [.. caller.Roles.Order(StringComparer.Ordinal)], caller.IsAdministrator, [.. UserValues()], preview is null ? null : ToPreview(preview)),
            [.. _model.Apps.Where(app => caller.HasAny(app.Roles)).Select(app => ToApp(app, names)).Where(app => !app.Navigation.IsEmpty)],
            [.. entities.Select(ToEntity)],
            [.. _model.Forms.Where(form => names.Contains(form.Entity.Name)).Select(ToForm)],
            [.. _model.Views.Where(view => names.Contains(view.Entity.Name)).Select(ToView)],
            entities.All(entity => entity.FormScripts.IsEmpty) ? [] : [.. texts.StartingWith("script.").Select(text => new ApplicationText(text.Key, text.Value))]);
    }

    private ApplicationPreview ToPreview(AccessPreview preview) => new(
        [.. caller.Roles.Select(name => texts.Find($"role.{name}.label") ?? _model.Roles.GetValueOrDefault(name)?.Label ?? Names.ToLabel(name)).Order(StringComparer.CurrentCulture)],
        preview.User is null ? null : caller.DisplayName);

    private bool CanRead(Entity entity) => caller.Can(entity, Operation.Read);

    private ApplicationApp ToApp(Source.App app, HashSet<string> names)
    {
        var key = $"app.{app.Name}";
        var groups = app.Navigation
            .Select(group => new ApplicationNavigationGroup(
                texts.Label($"{key}.navigation", group.Label),
                [.. group.Items.Where(item => names.Contains(item.Entity)).Select(item => ToItem(key, item))]))
            .Where(group => !group.Items.IsEmpty);
        return new ApplicationApp(app.Name, texts.Find($"{key}.label") ?? app.Label ?? Names.ToLabel(app.Name),
            texts.Find($"{key}.description") ?? app.Description, app.Icon, app.Color, [.. groups]);
    }

    private IEnumerable<ApplicationUserValue> UserValues()
    {
        foreach (var name in published.Formulas.UserColumns)
        {
            if (_model.FindEntity(FormulaUser.Entity)?.FindColumn(name) is not var (field, column)) continue;
            var kind = JsonNamingPolicy.CamelCase.ConvertName(column.Part.Length == 0 ? field.Type.Kind.ToString() : column.Type.ToString());
            // A lookup is asked for by its own name and by that of its column.
            foreach (var known in column.Part.Length == 0 && field.Name != name ? new[] { name, field.Name } : [name])
                yield return new ApplicationUserValue(known, kind, caller.User.Values.GetValueOrDefault(name));
        }
    }

    private ApplicationNavigationItem ToItem(string app, Source.NavigationItem item) =>
        new(item.Entity, item.View, texts.Label($"{app}.navigation", item.Label) ?? PluralLabel(_model.FindEntity(item.Entity)!));

    private string PluralLabel(Entity entity) => texts.Find($"entity.{entity.Name}.pluralLabel") ?? entity.PluralLabel;

    private ApplicationEntity ToEntity(Entity entity) => new(
        entity.Name, entity.Plural, texts.Find($"entity.{entity.Name}.label") ?? entity.Label, PluralLabel(entity),
        texts.Find($"entity.{entity.Name}.description") ?? entity.Source.Description, entity.Source.Icon, entity.Source.Color,
        entity.Primary.Name, entity.Source.Subtitle, [.. entity.Features.Order(StringComparer.Ordinal)],
        ToSort(entity.Source.DefaultSort),
        new ApplicationRights(!entity.IsSettings && caller.Can(entity, Operation.Create), true, caller.Can(entity, Operation.Update), !entity.IsSettings && caller.Can(entity, Operation.Delete), entity.IsUserOwned && caller.Can(entity, Operation.Share), caller.Can(entity, Operation.Export),
            !entity.IsSettings && caller.Can(entity, Operation.Create) && caller.Can(entity, Operation.Import)),
        [.. entity.Fields.Where(caller.SeesField).Select(_fields.Build)],
        ToLifecycle(entity),
        [.. _model.Workflows.Where(workflow => workflow.Entity == entity && workflow.Source.Trigger.On.Contains("button") && caller.HasAny(workflow.Source.Trigger.Roles)).Select(ToButton)],
        [.. _model.Actions.Where(action => action.Entity == entity && caller.MayRun(action) && !off.Contains(RuleKey.Of(action))).Select(ToAction)],
        [.. entity.IncomingLookups.Where(lookup => lookup.Source.Inverse is not null && CanRead(lookup.Entity) && caller.CanReadField(lookup)).Select(ToInverse)],
        [.. entity.Rules.Where(rule => rule.Decision is not null && (rule.OnCreate || rule.OnUpdate) && !off.Contains(RuleKey.Of(rule))).Select(ToRule)],
        [.. entity.FormScripts.Where(script => !off.Contains(RuleKey.Of(entity, script))).Select(script => new ApplicationFormScript(script.Name, script.Text))],
        entity.IsSettings, entity.Privacy?.Source.Person == true);

    private ApplicationRule ToRule(Rule rule) => new(
        rule.Name, rule.OnCreate, rule.OnUpdate, [.. rule.Fields.Select(field => field.Name)], rule.Decision!.When?.Text,
        ToActions(rule.Entity, rule.Decision.Then), ToActions(rule.Entity, rule.Decision.Else));

    // What a person may not see, forms have no place for.
    private ImmutableArray<ApplicationRuleAction> ToActions(Entity entity, ImmutableArray<DecisionAction> actions) =>
        [.. actions.Where(action => action.Fields.IsEmpty || action.Fields.Any(caller.CanReadField)).Select(action => new ApplicationRuleAction(
            JsonNamingPolicy.CamelCase.ConvertName(action.Kind.ToString()), [.. action.Fields.Where(caller.CanReadField).Select(field => field.Name)],
            action.To?.Text, action.Options.IsEmpty ? null : action.Options, action.Message is null ? null : texts.Find($"entity.{entity.Name}.rule.{action.Message}") ?? action.Message))];

    private ApplicationInverse ToInverse(Field lookup)
    {
        var inverse = lookup.Source.Inverse!;
        var label = texts.Find($"entity.{lookup.Entity.Name}.field.{lookup.Name}.inverse.label") ?? inverse.Label ?? PluralLabel(lookup.Entity);
        return new ApplicationInverse(inverse.Name, label, lookup.Entity.Name, lookup.Name);
    }

    private ApplicationWorkflowButton ToButton(Workflow workflow) => new(
        workflow.Source.Name, texts.Find($"workflow.{workflow.Source.Name}.label") ?? workflow.Source.Label ?? Names.ToLabel(workflow.Source.Name), workflow.When?.Text);

    private ApplicationAction ToAction(ScriptAction action)
    {
        var key = $"action.{action.Name}";
        return new ApplicationAction(
            action.Name, texts.Find($"{key}.label") ?? action.Label, texts.Find($"{key}.description") ?? action.Source.Description, action.When?.Text,
            [.. action.Source.Parameters.Select(parameter => ToParameter(parameter, $"{key}.parameter.{parameter.Name}"))]);
    }

    private ApplicationParameter ToParameter(Source.ActionParameter parameter, string key) => new(
        parameter.Name, texts.Find($"{key}.label") ?? parameter.Label ?? Names.ToLabel(parameter.Name), texts.Find($"{key}.description") ?? parameter.Description, parameter.Type,
        parameter.Required, parameter.Default, [.. parameter.Options.Select(option => new ApplicationParameterOption(option.Value, texts.Find($"{key}.option.{option.Value}") ?? option.Label ?? Names.ToLabel(option.Value)))],
        parameter.Target, parameter.Min, parameter.Max, parameter.MaxLength);

    private ApplicationLifecycle? ToLifecycle(Entity entity) => entity.Lifecycle is not { } lifecycle ? null : new ApplicationLifecycle(
        lifecycle.Field.Name,
        [.. lifecycle.Transitions.Where(transition => caller.Can(entity, Operation.Update) && caller.HasAny(transition.Roles)).Select(transition => new ApplicationTransition(
            transition.Name, texts.Find($"entity.{entity.Name}.transition.{transition.Name}.label") ?? transition.Label, transition.From, transition.To, transition.When?.Text))]);

    private static ImmutableArray<ApplicationSort> ToSort(ImmutableArray<Source.Sort> sort) =>
        [.. sort.Select(step => new ApplicationSort(step.Field, step.Descending))];

    private ApplicationView ToView(View view) => new(
        view.Name, view.Entity.Name, texts.Find($"view.{view.Name}.label") ?? view.Source.Label ?? Names.ToLabel(view.Name[(view.Name.IndexOf('.') + 1)..]),
        view.Source.Default, view.Source.Columns, view.Source.Filter, ToSort(view.Source.Sort));

    private ApplicationForm ToForm(Form form)
    {
        var key = $"form.{form.Name}";
        return new ApplicationForm(
            form.Name, form.Entity.Name, texts.Find($"{key}.label") ?? form.Source.Label ?? form.Entity.Label, form.Source.Header,
            [.. form.Source.Tabs.Select(tab => new ApplicationTab(
                Heading(form, $"{key}.tab", tab.Label)!, tab.Visible,
                [.. tab.Sections.Select(section => new ApplicationSection(
                    Heading(form, $"{key}.section", section.Label), section.Columns, section.Visible,
                    [.. section.Fields.Select(field => new ApplicationFormField(field.Field, field.Span))]))]))]);
    }

    private string? Heading(Form form, string prefix, string? label) => form.IsGenerated ? texts.Heading(label) : texts.Label(prefix, label);
}
