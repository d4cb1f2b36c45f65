using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>A first record can be made of every entity: required lookups do not go in circles.</summary>
internal static class RequiredLookupCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var needs = merged.Fields.Where(each => IsNeeded(each.Field) && each.Field.TargetNames(each.Entity).FirstOrDefault() is { } target && merged.Draft.Find(target) is not null)
            .Select(each => (each.Entity, each.Field, Target: merged.Draft.Find(each.Field.TargetNames(each.Entity).First())!)).ToList();
        foreach (var (entity, field, _) in needs.Where(need => need.Target == need.Entity))
            yield return new Problem(ProblemCodes.LookupNeedsItself, field.At("required"), $"The first record of {entity.Name} would need another one.", "Drop required, or write a formula that says when a record has to have one.");

        var others = needs.Where(need => need.Target != need.Entity).ToLookup(need => need.Entity);
        var reported = new HashSet<DraftEntity>();
        foreach (var start in merged.Draft.Entities.Where(start => !reported.Contains(start)))
        {
            if (Circle(start, others) is not { } circle) continue;
            reported.UnionWith(circle.Select(need => need.Entity));
            var (_, field, _) = circle[0];
            yield return new Problem(ProblemCodes.LookupCycle, field.At("required"), $"Each of these records needs the next one first: {string.Join(", ", circle.Select(need => $"{need.Entity.Name}.{need.Field.Name}"))}.", "Drop required from one of these lookups.");
        }
    }

    private static bool IsNeeded(DraftField field) => field.IsSingleLookup && field.Source is { Required.Always: true, Default: null, Formula: null };

    /// <summary>The shortest way from an entity back to itself; null where there is none.</summary>
    private static List<(DraftEntity Entity, DraftField Field, DraftEntity Target)>? Circle(DraftEntity start, ILookup<DraftEntity, (DraftEntity Entity, DraftField Field, DraftEntity Target)> needs)
    {
        var ways = new Queue<List<(DraftEntity, DraftField, DraftEntity Target)>>(needs[start].Select(need => new List<(DraftEntity, DraftField, DraftEntity)> { need }));
        var seen = new HashSet<DraftEntity>();
        while (ways.TryDequeue(out var way))
        {
            var end = way[^1].Target;
            if (end == start) return way;
            if (!seen.Add(end)) continue;
            foreach (var next in needs[end]) ways.Enqueue([.. way, next]);
        }
        return null;
    }
}
