using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking;

/// <summary>Names are unique among things of their kind. Twice the same entity or field is found by the merging.</summary>
internal static class NameCheck
{
    // The first part of a page's address is the app; these lead elsewhere.
    private static readonly string[] ReservedApps = ["administration", "api", "healthz", "readyz"];

    public static IEnumerable<Problem> Of(Merged merged)
    {
        var draft = merged.Draft;
        return Twice("plural", draft.Entities.Select(entity => (entity.Source.Plural, Plural(entity))))
            .Concat(Files(draft, package => package.Options, "option list", list => list.Name))
            .Concat(Files(draft, package => package.Forms, "form", form => form.Name))
            .Concat(Files(draft, package => package.Views, "view", view => view.Name))
            .Concat(Files(draft, package => package.Workflows, "workflow", workflow => workflow.Name))
            .Concat(Files(draft, package => package.Actions, "action", action => action.Name))
            .Concat(Files(draft, package => package.Schedules, "schedule", schedule => schedule.Name))
            .Concat(Files(draft, package => package.Apps, "app", app => app.Name))
            .Concat(AppAddresses(draft))
            .Concat(Files(draft, package => package.Roles, "role", role => role.Name))
            .Concat(draft.Entities.Where(entity => !entity.IsGeneratedLink).SelectMany(Within))
            .Concat(draft.OptionLists.Values.SelectMany(list => Twice("option", list.Value.Options.Select((option, i) => (option.Value.ToString(), list.At($"$.options[{i}].value"))))))
            .Concat(Inverses(draft))
            .Concat(Actions(draft));
    }

    private static SourceLocation Plural(DraftEntity entity) => entity.Origin.At(entity.IsGeneratedLink ? ".name" : ".plural");

    private static IEnumerable<Problem> Files<T>(Draft draft, Func<Package, IEnumerable<InFile<T>>> files, string kind, Func<T, string> name) =>
        Twice(kind, draft.Packages.SelectMany(files).Select(file => (name(file.Value), file.At("$.name"))));

    private static IEnumerable<Problem> AppAddresses(Draft draft) =>
        from app in draft.Packages.SelectMany(package => package.Apps)
        where ReservedApps.Contains(app.Value.Name)
        select new Problem(ProblemCodes.NameReserved, app.At("$.name"), $"Nobody could open an app named {app.Value.Name}: its address, /{app.Value.Name}, is the engine's.", "Choose another name, and name its file alike.");

    private static IEnumerable<Problem> Within(DraftEntity entity) =>
        Twice("key", entity.Keys.Select(key => (key.Value.Name, key.Origin.At(".name"))))
            .Concat(Twice("rule", entity.Rules.Select(rule => (rule.Value.Name, rule.Origin.At(".name")))))
            .Concat(Twice("former name", entity.Fields.Where(field => field.Source.RenamedFrom is not null).Select(field => (field.Source.RenamedFrom!, field.At("renamedFrom")))));

    /// <summary>The other side of a lookup is a collection of its target: it may be named like no field and no other collection there.</summary>
    private static IEnumerable<Problem> Inverses(Draft draft)
    {
        var sides = from entity in draft.Entities
                    from field in entity.Fields
                    where field.Source.Inverse is not null && field.Source.Type != "links"
                    from target in field.TargetNames(entity).Select(draft.Find).OfType<DraftEntity>()
                    select (target, field.Source.Inverse!.Name, Location: field.At("inverse.name"));
        var all = sides.ToList();
        foreach (var (target, name, location) in all.Where(side => side.target.Has(side.Name)))
            yield return new Problem(ProblemCodes.NameTwice, location, $"{target.Name} has a field named {name}.", "Give the inverse side another name.");
        foreach (var group in all.GroupBy(side => side.target))
            foreach (var problem in Twice($"inverse side on {group.Key.Name}", group.Select(side => (side.Name, side.Location)))) yield return problem;
    }

    /// <summary>Transitions, button workflows and actions are actions of one record in the API.</summary>
    private static IEnumerable<Problem> Actions(Draft draft)
    {
        foreach (var entity in draft.Entities)
        {
            var transitions = entity.Source.Lifecycle?.Transitions ?? [];
            var workflows = draft.Packages.SelectMany(package => package.Workflows).Where(workflow => workflow.Value.Entity == entity.Name && workflow.Value.Trigger.On.Contains("button"));
            var actions = transitions.Select((transition, i) => (transition.Name, entity.Origin.At($".lifecycle.transitions[{i}].name")))
                .Concat(workflows.Select(workflow => (workflow.Value.Name, workflow.At("$.name"))).DistinctBy(workflow => workflow.Name))
                .Concat(draft.Packages.SelectMany(package => package.Actions).Where(action => action.Value.Entity == entity.Name).Select(action => (action.Value.Name, action.At("$.name"))).DistinctBy(action => action.Name));
            foreach (var problem in Twice("action", actions)) yield return problem;
        }
    }

    private static IEnumerable<Problem> Twice(string kind, IEnumerable<(string Name, SourceLocation Location)> all) =>
        from same in all.GroupBy(each => each.Name, StringComparer.Ordinal)
        from later in same.Skip(1)
        select new Problem(ProblemCodes.NameTwice, later.Location, $"There are two of the kind {kind} named {later.Name}; the other is in {same.First().Location}.", "Rename one of them.");
}
