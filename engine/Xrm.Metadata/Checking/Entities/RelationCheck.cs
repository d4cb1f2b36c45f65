using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Children and links: the other entity is there and points back.</summary>
internal static class RelationCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Fields.SelectMany(each => each.Field.Source.Type switch
    {
        "children" => Children(each.Entity, each.Field, merged.Draft),
        "links" => Links(each.Entity, each.Field, merged.Draft),
        _ => [],
    });

    private static List<Problem> Children(DraftEntity entity, DraftField field, Draft draft)
    {
        var problems = new List<Problem>();
        if (field.Source.Entity is not { } name || draft.Find(name, field.At("entity"), problems) is not { } child) return problems;
        Via(entity, child, field, problems);
        problems.AddRange(Columns(child, field, draft));
        return problems;
    }

    private static void Via(DraftEntity entity, DraftEntity child, DraftField field, List<Problem> problems)
    {
        var lookups = PointingTo(entity, child).ToList();
        if (field.Source.Via is not { } via) return;
        if (child.Find(via) is null)
            problems.Add(Unknown.Field(child, via, field.At("via")));
        else if (!lookups.Contains(via))
            problems.Add(new Problem(ProblemCodes.ViaWrong, field.At("via"), $"{child.Name}.{via} is not a lookup to {entity.Name}.", Remedy(entity, child, lookups)));
    }

    private static List<Problem> Links(DraftEntity entity, DraftField field, Draft draft)
    {
        var problems = new List<Problem>();
        if (field.Source.Target is not { } name || draft.Find(name) is not { } target) return problems;
        problems.AddRange(Columns(target, field, draft));
        if (field.Source.Through is not { } through || draft.Find(through, field.At("through"), problems) is not { } link) return problems;
        var near = PointingTo(entity, link).ToList();
        var far = PointingTo(target, link).Except(near.Take(1)).ToList();
        if (near.Count == 0 || far.Count == 0)
            problems.Add(new Problem(ProblemCodes.ThroughWrong, field.At("through"), $"{through} needs a lookup to {entity.Name} and another to {name}.", $"Add the missing lookup to {through}, or leave out through: a link entity is generated then."));
        return problems;
    }

    private static IEnumerable<Problem> Columns(DraftEntity shown, DraftField field, Draft draft) => field.Source.Columns
        .Select((column, i) => FieldPath.FindMistake(draft, shown, column, field.At($"columns[{i}]"))).OfType<Problem>();

    private static IEnumerable<string> PointingTo(DraftEntity entity, DraftEntity from) =>
        from.Fields.Where(field => field.IsSingleLookup && field.TargetNames(from).Contains(entity.Name)).Select(field => field.Name);

    private static string Remedy(DraftEntity entity, DraftEntity child, List<string> lookups) => lookups.Count > 0
        ? $"Name one of {string.Join(", ", lookups)}."
        : $"Add a lookup with the target {entity.Name} to {child.Name}, and name it here.";
}
