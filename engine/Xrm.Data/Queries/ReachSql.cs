using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes as SQL which rows a right to read reaches. See decision 21.</summary>
internal sealed class ReachSql(SelectSql statement, TermSql terms)
{
    // So many units cost at most so many pages: of more, the page is looked for among all rows.
    private const int MostUnits = 16;

    private SqlBuilder Sql => statement.Builder;

    /// <summary>A condition about each row.</summary>
    public void Condition(ReachTerm term)
    {
        var isOne = term is { Unit: null, Reach.Shared: null };
        Sql.Either(isOne, "", "(");
        Among(term.Owner, term.Reach.Owners);
        if (term.Unit is { } unit)
        {
            Sql.Text(" or ");
            Among(unit, term.Reach.Units);
        }
        if (term.Reach.Shared is { } shared) Shared(Sql.Text(" or "), term.Owner.Source.Alias, term.Owner.Source.Entity.Name, shared);
        Sql.Either(isOne, "", ")");
    }

    /// <summary>True for what is shared: an array that is found once for the whole statement, so that its ids can enter the primary key.</summary>
    public void Shared(SqlBuilder sql, string alias, string entity, SharedReach shared) => sql.Name(alias, "id").Text(" = any(array(select s.record_id from ").Name(statement.Schema, RecordShares.Table).Text(" as s where s.entity = ")
        .Value(entity, ColumnType.Text).Text(" and s.principal_id = any(").Values(Boxed(shared.Principals), ColumnType.Uuid).Text(") and s.rights & ").Number((int)shared.Right).Text(" <> 0))");

    /// <summary>
    /// The right of a select whose rows are better found in each unit by itself: behind an index of all rows, most entries would be of others. Null
    /// where they are to be found otherwise.
    /// </summary>
    public static ReachTerm? ReadsByPlace(Selection rows) =>
        rows is { MostOrdered: null, NeededJoins: 0, Set.Root.Values: null } && rows.Where.OfType<ReachTerm>().FirstOrDefault(term => term.Owner.Source == rows.Set.Root) is { Unit: not null, Reach.Units.Length: <= MostUnits } term ? term : null;

    private void Among(ColumnTerm column, ImmutableArray<Guid> ids) => terms.Write(ids is [var only]
        ? new CompareTerm(BinaryOperator.Equal, column, new ConstantTerm(only, ColumnType.Uuid), Exact: false)
        : new InTerm(column, Boxed(ids), ColumnType.Uuid, OrNull: false, Exact: false));

    /// <summary>Ids as parameters take them.</summary>
    public static ImmutableArray<object?> Boxed(ImmutableArray<Guid> ids) => [.. ids.Select(id => (object?)id)];
}
