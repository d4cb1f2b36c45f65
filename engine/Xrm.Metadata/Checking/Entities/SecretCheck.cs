using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>
/// Nothing asks for the value of a secret: it is in no key, index, order, list, rollup or rule. What is not in the record could not be found there, and
/// must not come to be there. Formulas are checked where they are read, and values of packages with all others.
/// </summary>
internal static class SecretCheck
{
    private const string Secret = "secret";

    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Entities.Where(entity => !entity.IsGeneratedLink).SelectMany(entity => Of(entity, merged.Draft))
        .Concat(merged.Draft.Packages.SelectMany(package => package.Views).SelectMany(view => merged.Draft.Find(view.Value.Entity) is not { } entity ? []
            : view.Value.Columns.Select((column, i) => (column, view.At($"$.columns[{i}]"))).Concat(view.Value.Sort.Select((sort, i) => (sort.Field, view.At($"$.sort[{i}].field"))))
                .Select(each => Mistake(merged.Draft, entity, each.Item1, each.Item2)).OfType<Problem>()));

    /// <summary>The problem of a path that leads to a secret; null for others.</summary>
    public static Problem? Mistake(Draft draft, DraftEntity entity, string? path, SourceLocation location)
    {
        var names = path?.Split('.') ?? [];
        var place = entity;
        for (var i = 0; i < names.Length && place is not null; i++)
        {
            if (place.Find(names[i]) is not { } field) return null;
            if (i == names.Length - 1) return field.Source.Type == Secret ? Wrong(field, location) : null;
            place = field.Source.Type == "parent" ? place : draft.Find(field.Source.Target);
        }
        return null;
    }

    private static IEnumerable<Problem> Of(DraftEntity entity, Draft draft)
    {
        var named = new List<(string? Path, SourceLocation Location)> { (entity.Source.Subtitle, entity.Origin.At(".subtitle")) };
        named.AddRange(entity.Source.DefaultSort.Select((sort, i) => ((string?)sort.Field, entity.Origin.At($".defaultSort[{i}].field"))));
        foreach (var key in entity.Keys) named.AddRange(key.Value.Fields.Select((field, i) => ((string?)field, key.Origin.At($".fields[{i}]"))));
        foreach (var index in entity.Indexes) named.AddRange(index.Value.Fields.Select((field, i) => ((string?)field, index.Origin.At($".fields[{i}]"))));
        foreach (var rule in entity.Rules)
        {
            named.AddRange(Changed(rule.Value.Then, rule.Origin.Part(".then")));
            named.AddRange(Changed(rule.Value.Else, rule.Origin.Part(".else")));
        }
        var problems = named.Select(each => Mistake(draft, entity, each.Path, each.Location));
        return problems.Concat(entity.Fields.SelectMany(field => Of(entity, field, draft))).OfType<Problem>();
    }

    private static IEnumerable<Problem?> Of(DraftEntity entity, DraftField field, Draft draft)
    {
        var source = field.Source;
        yield return Mistake(draft, entity, source.CopyFrom, field.At("copyFrom"));
        if (source.Rollup is { } rollup && draft.Find(rollup.Entity) is { } counted)
        {
            yield return Mistake(draft, counted, rollup.Field, field.At("rollup.field"));
            yield return Mistake(draft, counted, rollup.OrderBy, field.At("rollup.orderBy"));
        }
        if ((draft.Find(source.Entity) ?? draft.Find(source.Target)) is not { } shown) yield break;
        for (var i = 0; i < source.Columns.Length; i++) yield return Mistake(draft, shown, source.Columns[i], field.At($"columns[{i}]"));
    }

    /// <summary>What a rule without a script would write into a record, or take out of it.</summary>
    private static IEnumerable<(string?, SourceLocation)> Changed(IEnumerable<Source.RuleAction> actions, Origin at) => actions.SelectMany((action, i) => new[] { (action.Set, ".set"), (action.Default, ".default"), (action.Limit, ".limit") }
        .Select(each => (each.Item1, at.At($"[{i}]{each.Item2}"))).Concat(action.Clear.Select((field, c) => ((string?)field, at.At($"[{i}].clear[{c}]")))));

    private static Problem Wrong(DraftField field, SourceLocation location) =>
        new(ProblemCodes.SecretUnsuitable, location, $"{field.Name} is a secret: its value is not part of the record.", $"Leave it out, or name {field.Name}_changed_at, the time of its last change, where a time will do.");
}
