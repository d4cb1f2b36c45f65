using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Roles grant rights on entities that are there; apps lead to entities, views and roles that are there.</summary>
internal static class AccessCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var views = merged.Draft.Packages.SelectMany(package => package.Views).DistinctBy(view => view.Value.Name).ToDictionary(view => view.Value.Name, StringComparer.Ordinal);
        return merged.Draft.Packages.SelectMany(package => package.Roles).SelectMany(role => Role(role, merged.Draft))
            .Concat(merged.Draft.Packages.SelectMany(package => package.Apps).SelectMany(app => App(app, merged.Draft, views)));
    }

    private static List<Problem> Role(InFile<Role> role, Draft draft)
    {
        var problems = new List<Problem>();
        foreach (var name in role.Value.Entities.Keys.Where(name => name != "*"))
            draft.Find(name, role.At(JsonScan.Append("$.entities", name)), problems);
        var packages = draft.Packages.Select(package => package.Manifest.Name).ToList();
        foreach (var (index, package) in role.Value.Designs.Index().Where(each => !packages.Contains(each.Item)))
            problems.Add(new Problem(ProblemCodes.PackageUnknown, role.At($"$.designs[{index}]"), $"There is no package {package}.", Unknown.Remedy(package, packages, $"Packages are {string.Join(", ", packages)}.")));
        if (role.Value.Entities.GetValueOrDefault("*")?.Filter is not null)
            problems.Add(new Problem(ProblemCodes.FilterWithoutEntity, role.At(JsonScan.Append("$.entities", "*") + ".filter"), "A filter is a formula over the fields of one entity, and * stands for many.", "Name the entity, and write the filter there."));
        return problems;
    }

    private static List<Problem> App(InFile<App> app, Draft draft, Dictionary<string, InFile<View>> views)
    {
        var problems = Unknown.Roles(draft, app.Value.Roles, i => app.At($"$.roles[{i}]")).ToList();
        for (var g = 0; g < app.Value.Navigation.Length; g++)
            for (var i = 0; i < app.Value.Navigation[g].Items.Length; i++)
                Item(app.Value.Navigation[g].Items[i], new Origin(app.File, $"$.navigation[{g}].items[{i}]"), draft, views, problems);
        return problems;
    }

    private static void Item(NavigationItem item, Origin origin, Draft draft, Dictionary<string, InFile<View>> views, List<Problem> problems)
    {
        if (draft.Find(item.Entity, origin.At(".entity"), problems) is null || item.View is not { } name) return;
        if (views.TryGetValue(name, out var view) ? view.Value.Entity == item.Entity : draft.IsUnreadable("views", name))
        {
            if (view is not null && draft.Reach.FindMistake($"The view {name}", view.File.Package, origin.At(".view")) is { } undeclared) problems.Add(undeclared);
            return;
        }
        var own = views.Values.Select(each => each.Value).Where(each => each.Entity == item.Entity).Select(each => each.Name).ToList();
        var message = view is null ? $"There is no view {name}." : $"{name} is a view of {view.Value.Entity}, not of {item.Entity}.";
        var otherwise = own.Count > 0 ? $"Views of {item.Entity} are {string.Join(", ", own)}." : $"Add views/{name}.json, or leave the view out.";
        problems.Add(new Problem(ProblemCodes.ViewUnknown, origin.At(".view"), message, Unknown.Remedy(name, own, otherwise)));
    }
}
