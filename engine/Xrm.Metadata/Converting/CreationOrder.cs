using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting;

/// <summary>An order in which a record of each entity can be created with its required fields alone.</summary>
/// <param name="Entities">Names of the entities.</param>
/// <param name="Unmet">Required references that no order can fulfil, since entities require one another: entity, then field.</param>
public sealed record CreationOrder(ImmutableArray<string> Entities, ImmutableArray<(string Entity, string Field)> Unmet)
{
    /// <summary>Finds the order. Where entities require one another, the one with the fewest unmet references goes first.</summary>
    /// <param name="entities">The entities; references to others count as met.</param>
    public static CreationOrder Of(IEnumerable<Entity> entities)
    {
        var waiting = entities.ToList();
        var known = waiting.Select(entity => entity.Name).ToHashSet();
        var done = ImmutableArray.CreateBuilder<string>();
        var unmet = ImmutableArray.CreateBuilder<(string, string)>();
        while (waiting.Count > 0)
        {
            var next = waiting.MinBy(entity => Missing(entity, known, done).Count())!;
            unmet.AddRange(Missing(next, known, done).Select(field => (next.Name, field.Name)));
            done.Add(next.Name);
            waiting.Remove(next);
        }
        return new(done.ToImmutable(), unmet.ToImmutable());
    }

    private static IEnumerable<Field> Missing(Entity entity, HashSet<string> known, IReadOnlyCollection<string> done) =>
        entity.Fields.Where(field => field.Required is { Always: true } && field.Type is "lookup" or "parent" && !Targets(entity, field).Any(target => !known.Contains(target) || done.Contains(target)));

    private static IEnumerable<string> Targets(Entity entity, Field field) =>
        field.Type == "parent" ? [entity.Name] : field.Target is { } target ? [target] : field.Targets;
}
