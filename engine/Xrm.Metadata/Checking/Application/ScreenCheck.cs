using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Forms and views show fields that are there.</summary>
internal static class ScreenCheck
{
    public static IEnumerable<Problem> Of(Merged merged) =>
        merged.Draft.Packages.SelectMany(package => package.Forms).SelectMany(form => Form(form, merged.Draft))
            .Concat(merged.Draft.Packages.SelectMany(package => package.Views).SelectMany(view => View(view, merged.Draft)));

    private static List<Problem> View(InFile<View> view, Draft draft)
    {
        var problems = new List<Problem>();
        if (draft.Find(view.Value.Entity, view.At("$.entity"), problems) is not { } entity) return problems;
        problems.AddRange(Owner(view.Value.Name, entity.Name, view.At("$.name")));
        problems.AddRange(view.Value.Columns.Select((column, i) => FieldPath.FindMistake(draft, entity, column, view.At($"$.columns[{i}]"))).OfType<Problem>());
        problems.AddRange(view.Value.Sort.Select((sort, i) => FieldPath.FindMistake(draft, entity, sort.Field, view.At($"$.sort[{i}].field"))).OfType<Problem>());
        return problems;
    }

    private static List<Problem> Form(InFile<Form> form, Draft draft)
    {
        var problems = new List<Problem>();
        if (draft.Find(form.Value.Entity, form.At("$.entity"), problems) is not { } entity) return problems;
        problems.AddRange(Owner(form.Value.Name, entity.Name, form.At("$.name")));
        problems.AddRange(Unknown.Fields(entity, form.Value.Header, i => form.At($"$.header[{i}]")));
        var inverses = Inverses(draft, entity);
        for (var t = 0; t < form.Value.Tabs.Length; t++)
            for (var s = 0; s < form.Value.Tabs[t].Sections.Length; s++)
            {
                var fields = form.Value.Tabs[t].Sections[s].Fields;
                for (var f = 0; f < fields.Length; f++)
                {
                    var name = fields[f].Field;
                    if (!entity.Has(name) && !inverses.Contains(name)) problems.Add(Missing(entity, name, inverses, form.At($"$.tabs[{t}].sections[{s}].fields[{f}]")));
                    else if (entity.Find(name) is { } field && draft.Reach.FindMistake($"The field {entity.Name}.{name}", field.Package, form.At($"$.tabs[{t}].sections[{s}].fields[{f}]")) is { } undeclared) problems.Add(undeclared);
                }
            }
        return problems;
    }

    private static HashSet<string> Inverses(Draft draft, DraftEntity entity)
    {
        var lookups = from other in draft.Entities
                      from field in other.Fields
                      where field.Source.Inverse is not null && (field.Source.Target == "*" || field.TargetNames(other).Contains(entity.Name))
                      select field.Source.Inverse!.Name;
        return lookups.ToHashSet(StringComparer.Ordinal);
    }

    private static Problem Missing(DraftEntity entity, string name, HashSet<string> inverses, SourceLocation location)
    {
        var remedy = Unknown.Remedy(name, entity.FieldNames.Concat(inverses), $"Name a field of {entity.Name}, or the inverse side of a lookup that points to it.");
        return new Problem(ProblemCodes.FieldUnknown, location, $"{entity.Name} has no field and no inverse side {name}.", remedy);
    }

    private static IEnumerable<Problem> Owner(string name, string entity, SourceLocation location)
    {
        if (!name.StartsWith($"{entity}.", StringComparison.Ordinal))
            yield return new Problem(ProblemCodes.OwnerWrong, location, $"{name} is of the entity {entity}.", $"Call it {entity}.{name[(name.IndexOf('.') + 1)..]}.");
    }
}
