using System.Buffers.Binary;
using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes as SQL the rows of a right, found in one unit after the other, then among what somebody owns elsewhere and what is shared. See decision 21.</summary>
/// <param name="statement">The statement.</param>
/// <param name="terms">Terms of the select.</param>
/// <param name="rows">The rows.</param>
/// <param name="term">The right, of a kind that <see cref="ReachSql.ReadsByPlace"/> gives.</param>
/// <param name="most">So many of each unit, in their order, are enough; null for all in any order.</param>
internal sealed class PlacesSql(SelectSql statement, TermSql terms, Selection rows, ReachTerm term, int? most)
{
    // PostgreSQL keeps the plan of a statement that names each unit; planning that of a statement with a list of them takes as long as reading a page.
    private const int FewUnits = 4;

    private const int FewOwners = 8;

    private readonly ImmutableArray<int>.Builder _places = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<Term> _conditions = most is not null && rows.Behind is { } behind ? rows.Where.Remove(term).Add(behind) : rows.Where.Remove(term);

    private SqlBuilder Sql => statement.Builder;

    private RowSource Root => rows.Set.Root;

    private string UnitColumn => term.Unit!.Column.Name;

    private bool NamesEach => term.Reach.Units.Length <= FewUnits;

    /// <summary>Writes it, from the first <c>select</c> on.</summary>
    /// <returns>Places where the columns are missing, in their order.</returns>
    public ImmutableArray<int> Write()
    {
        if (NamesEach) foreach (var unit in term.Reach.Units) OfUnit(unit);
        else OfUnits();
        if (!term.Reach.Owners.IsEmpty) OwnedElsewhere();
        if (term.Reach.Shared is { } shared) OfOthers(shared);
        return _places.ToImmutable();
    }

    private void OwnedElsewhere()
    {
        if (NamesEach) foreach (var stretch in Between(term.Reach.Units)) Owned(() => Sql.Text(" between ").Value(stretch.Low, ColumnType.Uuid).Text(" and ").Value(stretch.High, ColumnType.Uuid));
        else Owned(() => Sql.Text(" between g.low and g.high"), Stretches);
        Owned(() => Sql.Text(" is null"));
    }

    private void OfUnit(Guid unit)
    {
        Begin();
        FromTable(Root.Alias).Text("\nwhere ").Name(Root.Alias, UnitColumn).Text(" = ").Value(unit, ColumnType.Uuid);
        EndUnit();
        Sql.Text(")");
    }

    private void OfUnits()
    {
        Sql.Text("(select ").Name(Root.Alias).Text(".* from unnest(").Values(ReachSql.Boxed(term.Reach.Units), ColumnType.Uuid).Text(") as u(id) cross join lateral ");
        Begin();
        FromTable(Root.Alias).Text("\nwhere ").Name(Root.Alias, UnitColumn).Text(" = u.id");
        EndUnit();
        Sql.Text(") as ").Name(Root.Alias).Text(")");
    }

    private void EndUnit()
    {
        foreach (var condition in _conditions)
        {
            Sql.Text("\n  and ");
            terms.Write(condition);
        }
        if (most is not { } limit) return;
        statement.Order(terms, rows.Order);
        Sql.Text("\nlimit ").Number(limit);
    }

    /// <summary>
    /// What somebody owns in other units is mostly nothing, which an index over owner and unit says at once where it is asked for what lies
    /// between the units. The offset keeps PostgreSQL from choosing another way: it cannot know how few they are.
    /// </summary>
    private void Owned(Func<SqlBuilder> where, Action? stretches = null)
    {
        Begin();
        Sql.Text("\nfrom ");
        stretches?.Invoke();
        Sql.Text("(select *");
        FromTable("x").Text(" where ");
        OwnedByReach();
        Sql.Text(" and ").Name("x", UnitColumn);
        where();
        EndFenced();
    }

    // Of an array PostgreSQL expects ten values before it sees them: a plan that could be kept then looks worse than a new one for each request.
    private void OwnedByReach()
    {
        Sql.Name("x", term.Owner.Column.Name);
        if (term.Reach.Owners.Length > FewOwners)
        {
            Sql.Text(" = any(").Values(ReachSql.Boxed(term.Reach.Owners), ColumnType.Uuid).Text(")");
            return;
        }
        Sql.Text(" in (").Value(term.Reach.Owners[0], ColumnType.Uuid);
        foreach (var owner in term.Reach.Owners[1..]) Sql.Text(", ").Value(owner, ColumnType.Uuid);
        Sql.Text(")");
    }

    private void Stretches()
    {
        var stretches = Between(term.Reach.Units).ToList();
        Sql.Text("unnest(").Values([.. stretches.Select(one => (object?)one.Low)], ColumnType.Uuid).Text(", ").Values([.. stretches.Select(one => (object?)one.High)], ColumnType.Uuid).Text(") as g(low, high) cross join lateral ");
    }

    private void OfOthers(SharedReach shared)
    {
        Begin();
        Sql.Text("\nfrom (select *");
        new ReachSql(statement, terms).Shared(FromTable("x").Text(" where "), "x", Root.Entity.Name, shared);
        Sql.Text(" and (").Name("x", term.Owner.Column.Name).Text(" = any(").Values(ReachSql.Boxed(term.Reach.Owners), ColumnType.Uuid).Text(") or ")
            .Name("x", UnitColumn).Text(" = any(").Values(ReachSql.Boxed(term.Reach.Units), ColumnType.Uuid).Text(")) is not true");
        EndFenced();
    }

    private void Begin()
    {
        if (_places.Count > 0) Sql.Text("\nunion all ");
        _places.Add(Sql.Text("(select ").Place);
    }

    private void EndFenced()
    {
        Sql.Text(" offset 0) as ").Name(Root.Alias);
        statement.Where(terms, _conditions);
        Sql.Text(")");
    }

    private SqlBuilder FromTable(string alias) => Sql.Text("\nfrom ").Name(statement.Schema, Root.Entity.Plural).Text(" as ").Name(alias);

    /// <summary>The stretches of ids that lie between some, each with its first and its last.</summary>
    private static IEnumerable<(Guid Low, Guid High)> Between(ImmutableArray<Guid> ids)
    {
        UInt128? low = UInt128.MinValue;
        foreach (var id in ids.Select(Number).Distinct().Order())
        {
            if (id > low) yield return (Id(low.Value), Id(id - 1));
            low = id == UInt128.MaxValue ? null : id + 1;
        }
        if (low is { } last) yield return (Id(last), Id(UInt128.MaxValue));
    }

    private static UInt128 Number(Guid id) => BinaryPrimitives.ReadUInt128BigEndian(id.ToByteArray(bigEndian: true));

    private static Guid Id(UInt128 number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }
}
