using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>The caller's right to read, as conditions of a query.</summary>
internal static class ReadRights
{
    /// <summary>What a row must fulfil to exist for the caller: not deleted, and of an owner or a business unit that the right reaches.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="source">The row.</param>
    /// <param name="deleted">It is one in the recycle bin that is asked for.</param>
    public static ImmutableArray<Term> Conditions(Caller caller, RowSource source, bool deleted = false)
    {
        var conditions = ImmutableArray<Term>.Empty;
        if (source.Entity.HasRecycleBin) conditions = conditions.Add(new NullTerm(SystemColumn(source, "deleted_at"), Negated: deleted));
        return conditions.AddRange(Reached(caller.Reach(source.Entity, Operation.Read), source));
    }

    /// <summary>What a row must fulfil to be one that a right reaches: one condition after the other where they are independent, so that indexes serve them.</summary>
    /// <param name="reach">What the right reaches.</param>
    /// <param name="source">The row.</param>
    public static ImmutableArray<Term> Reached(Reach reach, RowSource source)
    {
        if (reach.IsAll) return [];
        if (reach is { HasUnfiltered: false, Filtered: [var only] }) return [.. Reached(only.Within, source), new RowFilterTerm(source, only.Filter)];
        var ways = ImmutableArray.CreateBuilder<Term>();
        if (reach.HasUnfiltered) ways.Add(new ReachTerm(SystemColumn(source, "owner_id"), source.Entity.OwningUnit is { } unit && !reach.Units.IsEmpty ? new ColumnTerm(source, unit) : null, reach));
        foreach (var filtered in reach.Filtered) ways.Add(All([.. Reached(filtered.Within, source), new RowFilterTerm(source, filtered.Filter)]));
        // Entities of which nothing is reached are refused before; what comes here all the same finds nothing.
        return ways.Count == 0 ? [new ConstantTerm(false, ColumnType.Boolean)] : [ways.Count == 1 ? ways[0] : new LogicTerm(All: false, ways.ToImmutable())];
    }

    private static Term All(ImmutableArray<Term> conditions) => conditions is [var only] ? only : new LogicTerm(All: true, conditions);

    /// <summary>A column that the engine gives to every entity, or to every entity with that feature.</summary>
    public static ColumnTerm SystemColumn(RowSource source, string name) =>
        new(source, source.Entity.FindColumn(name)?.Column ?? throw new InvalidOperationException($"The compiled entity {source.Entity.Name} lacks {name}."));
}
