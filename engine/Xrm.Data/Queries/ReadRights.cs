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
        var reach = caller.Reach(source.Entity, Operation.Read);
        // Entities of which nothing is reached are refused before; what comes here all the same finds nothing.
        if (!reach.IsAll) conditions = conditions.Add(source.Entity.IsUserOwned ? Reached(reach, source) : new ConstantTerm(false, ColumnType.Boolean));
        return conditions;
    }

    private static ReachTerm Reached(Reach reach, RowSource source) =>
        new(SystemColumn(source, "owner_id"), source.Entity.OwningUnit is { } unit && !reach.Units.IsEmpty ? new ColumnTerm(source, unit) : null, reach);

    /// <summary>A column that the engine gives to every entity, or to every entity with that feature.</summary>
    public static ColumnTerm SystemColumn(RowSource source, string name) =>
        new(source, source.Entity.FindColumn(name)?.Column ?? throw new InvalidOperationException($"The compiled entity {source.Entity.Name} lacks {name}."));
}
