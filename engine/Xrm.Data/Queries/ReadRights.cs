using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>The caller's right to read, as conditions of a query.</summary>
internal static class ReadRights
{
    /// <summary>What a row must fulfil to exist for the caller: not deleted, and owned by the caller where the right reaches no further.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="source">The row.</param>
    /// <param name="deleted">It is one in the recycle bin that is asked for.</param>
    public static ImmutableArray<Term> Conditions(Caller caller, RowSource source, bool deleted = false)
    {
        var conditions = ImmutableArray<Term>.Empty;
        if (source.Entity.HasRecycleBin) conditions = conditions.Add(new NullTerm(SystemColumn(source, "deleted_at"), Negated: deleted));
        if (caller.Depth(source.Entity, Operation.Read) == Depth.Own)
            conditions = conditions.Add(new CompareTerm(BinaryOperator.Equal, SystemColumn(source, "owner_id"), new ConstantTerm(caller.UserId, ColumnType.Uuid), Exact: false));
        return conditions;
    }

    /// <summary>A column that the engine gives to every entity, or to every entity with that feature.</summary>
    public static ColumnTerm SystemColumn(RowSource source, string name) =>
        new(source, source.Entity.FindColumn(name)?.Column ?? throw new InvalidOperationException($"The compiled entity {source.Entity.Name} lacks {name}."));
}
