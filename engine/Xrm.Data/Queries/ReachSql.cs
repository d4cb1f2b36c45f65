using System.Buffers.Binary;
using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes as SQL which rows a right to read reaches. See decision 21.</summary>
internal sealed class ReachSql(SelectSql statement, TermSql terms)
{
    // PostgreSQL keeps the plan of a statement that names each unit; planning that of a statement with a list of them takes as long as reading a page.
    private const int FewUnits = 4;

    // So many units cost at most so many pages: of more, the page is looked for among all rows.
    private const int MostUnits = 16;

    private SqlBuilder Sql => statement.Builder;

    /// <summary>A condition about each row.</summary>
    public void Condition(ReachTerm term)
    {
        if (term.Unit is not { } unit)
        {
            Among(term.Owner, term.Reach.Owners);
            return;
        }
        Sql.Text("(");
        Among(term.Owner, term.Reach.Owners);
        Sql.Text(" or ");
        Among(unit, term.Reach.Units);
        Sql.Text(")");
    }

    /// <summary>
    /// The right of a select whose rows are better found in each unit by itself: behind an index of all rows, most entries would be of others. Null
    /// where they are to be found otherwise.
    /// </summary>
    public static ReachTerm? ReadsByPlace(Selection rows) =>
        rows is { MostOrdered: null, NeededJoins: 0, Set.Root.Values: null } && rows.Where.OfType<ReachTerm>().SingleOrDefault() is { Unit: not null, Reach.Units.Length: <= MostUnits } term ? term : null;

    /// <summary>Rows of a right, found in one place after the other, from the first <c>select</c> on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="term">The right.</param>
    /// <param name="most">So many of each place, in their order, are enough; null for all in any order.</param>
    /// <returns>Places where the columns are missing, in their order.</returns>
    public ImmutableArray<int> Places(Selection rows, ReachTerm term, int? most)
    {
        var places = ImmutableArray.CreateBuilder<int>();
        var conditions = rows.Where.Remove(term);
        if (most is not null && rows.Behind is { } behind) conditions = conditions.Add(behind);
        foreach (var unit in Few(term) ? term.Reach.Units.Select(unit => (Guid?)unit) : [null]) InUnit(unit);
        foreach (var stretch in Few(term) ? Between(term.Reach.Units).Select(stretch => ((Guid, Guid)?)stretch) : [null]) Elsewhere(stretch);
        WithoutUnit();
        return places.ToImmutable();

        void InUnit(Guid? unit)
        {
            Sql.Either(places.Count == 0, "(", "\nunion all (");
            if (unit is null) Sql.Text("select ").Name(rows.Set.Root.Alias).Text(".* from unnest(").Values(Boxed(term.Reach.Units), ColumnType.Uuid).Text(") as u(id) cross join lateral (");
            places.Add(Sql.Text("select ").Place);
            Table(rows.Set.Root.Alias).Text("\nwhere ").Name(rows.Set.Root.Alias, term.Unit!.Column.Name);
            if (unit is { } only) Sql.Text(" = ").Value(only, ColumnType.Uuid);
            else Sql.Text(" = u.id");
            foreach (var condition in conditions)
            {
                Sql.Text("\n  and ");
                terms.Write(condition);
            }
            if (most is { } limit)
            {
                statement.Order(terms, rows.Order);
                Sql.Text("\nlimit ").Number(limit);
            }
            if (unit is null) Sql.Text(") as ").Name(rows.Set.Root.Alias);
            Sql.Text(")");
        }

        // What somebody owns in other units is mostly nothing, which an index over owner and unit says at once where it is asked for what lies
        // between the units. The offset keeps PostgreSQL from choosing another way: it cannot know how few they are.
        void Elsewhere((Guid Low, Guid High)? stretch)
        {
            places.Add(Sql.Text("\nunion all (select ").Place);
            Sql.Text("\nfrom ");
            if (stretch is null)
            {
                var stretches = Between(term.Reach.Units).ToList();
                Sql.Text("unnest(").Values([.. stretches.Select(one => (object?)one.Low)], ColumnType.Uuid).Text(", ").Values([.. stretches.Select(one => (object?)one.High)], ColumnType.Uuid).Text(") as g(low, high) cross join lateral ");
            }
            Owned().Text(" between ");
            if (stretch is { } named) Sql.Value(named.Low, ColumnType.Uuid).Text(" and ").Value(named.High, ColumnType.Uuid);
            else Sql.Text("g.low and g.high");
            EndOwned();
        }

        void WithoutUnit()
        {
            places.Add(Sql.Text("\nunion all (select ").Place);
            Sql.Text("\nfrom ");
            Owned().Text(" is null");
            EndOwned();
        }

        SqlBuilder Owned()
        {
            Sql.Text("(select *");
            Table("x").Text(" where ").Name("x", term.Owner.Column.Name);
            Sql.Text(" = any(").Values(Boxed(term.Reach.Owners), ColumnType.Uuid).Text(") and ");
            return Sql.Name("x", term.Unit!.Column.Name);
        }

        void EndOwned()
        {
            Sql.Text(" offset 0) as ").Name(rows.Set.Root.Alias);
            statement.Where(terms, conditions);
            Sql.Text(")");
        }

        SqlBuilder Table(string alias) => Sql.Text("\nfrom ").Name(statement.Schema, rows.Set.Root.Entity.Plural).Text(" as ").Name(alias);
    }

    private static bool Few(ReachTerm term) => term.Reach.Units.Length <= FewUnits;

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

    private void Among(ColumnTerm column, ImmutableArray<Guid> ids) => terms.Write(ids is [var only]
        ? new CompareTerm(BinaryOperator.Equal, column, new ConstantTerm(only, ColumnType.Uuid), Exact: false)
        : new InTerm(column, Boxed(ids), ColumnType.Uuid, OrNull: false, Exact: false));

    private static ImmutableArray<object?> Boxed(ImmutableArray<Guid> ids) => [.. ids.Select(id => (object?)id)];
}
