using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes a plan as SQL: constants, names of the compiled model and parameters, nothing else.</summary>
internal sealed class SelectSql
{
    public SelectSql(QueryPlan plan, string schema)
    {
        Plan = plan;
        Schema = schema;
    }

    public SqlBuilder Builder { get; } = new();

    public QueryPlan Plan { get; }

    public string Schema { get; }

    /// <summary>The rows. Column 0 is the version; then come the row's values in the order that <see cref="RowWriter"/> reads them.</summary>
    public static SqlBuilder Rows(QueryPlan plan, string schema)
    {
        var statement = new SelectSql(plan, schema);
        var rows = plan.Rows;
        var terms = new TermSql(statement, rows.Set);
        var columns = statement.Builder.NoteColumns(rows.Set.Root.Alias);
        statement.Builder.Text("select ").Name(rows.Set.Root.Alias, "version");
        new RowSql(statement, terms).Flat(rows.Set.Root, rows.Row);
        if (plan.HasNextPages) statement.PageKey(terms, rows.Order);
        if (rows.Limit is not null && ReachSql.ReadsByPlace(rows) is { } reach) statement.PlacesThenJoins(terms, rows, columns, reach);
        else if (rows.MostOrdered is { } most) statement.SomeThenOrder(terms, rows, (most, columns));
        else if (rows.Limit is not null && rows.NeededJoins == 0 && rows.Set.Joins.Count > 0) statement.PageThenJoins(terms, rows, columns);
        else statement.AllAtOnce(terms, rows);
        return statement.Builder;
    }

    /// <summary>How many rows there are without limits.</summary>
    public static SqlBuilder Count(QueryPlan plan, string schema) => All(plan, schema, "select count(*)");

    /// <summary>About how many rows there are without limits: PostgreSQL's plan as JSON.</summary>
    public static SqlBuilder Estimate(QueryPlan plan, string schema) => All(plan, schema, "explain (format json) select 1");

    /// <summary>All rows, whichever way would be quickest: the statement names each table that it reads once.</summary>
    public static SqlBuilder Plain(QueryPlan plan, string schema)
    {
        var statement = new SelectSql(plan, schema);
        statement.Builder.Text("select 1");
        statement.AllRows(new TermSql(statement, plan.Rows.Set), plan.Rows, plan.Rows.NeededJoins);
        return statement.Builder;
    }

    private static SqlBuilder All(QueryPlan plan, string schema, [ConstantExpected] string what)
    {
        var statement = new SelectSql(plan, schema);
        var terms = new TermSql(statement, plan.Rows.Set);
        statement.Builder.Text(what);
        if (ReachSql.ReadsByPlace(plan.Rows) is { } reach)
        {
            statement.Builder.Text("\nfrom (");
            new PlacesSql(statement, terms, plan.Rows, reach, most: null).Write();
            statement.Builder.Text(") as ").Name(plan.Rows.Set.Root.Alias);
        }
        else statement.AllRows(terms, plan.Rows, plan.Rows.NeededJoins);
        return statement.Builder;
    }

    /// <summary>The rows without order and limits, from the tables on.</summary>
    public void AllRows(TermSql terms, Selection rows, int joins)
    {
        From(terms);
        Joins(terms, rows.Set.Joins.Take(joins));
        Where(terms, rows.Where);
    }

    /// <summary>A select inside the statement, whose values get their property names.</summary>
    public void Nested(Selection rows, TermSql outer)
    {
        var terms = new TermSql(this, rows.Set, outer);
        Builder.Text("select ");
        new RowSql(this, terms).Named(rows.Set.Root, rows.Row);
        AllAtOnce(terms, rows);
    }

    /// <summary>The one value of a select inside the statement.</summary>
    public void Scalar(Selection rows, TermSql outer)
    {
        Builder.Text("(");
        Nested(rows, outer);
        Builder.Text(")");
    }

    /// <summary>The number of rows of a select inside the statement.</summary>
    public void NestedCount(Selection rows, TermSql outer)
    {
        Builder.Text("(select count(*)");
        FromWhere(rows, outer);
    }

    /// <summary>Whether a select inside the statement has a row.</summary>
    public void Exists(Selection rows, TermSql outer)
    {
        Builder.Text("exists (select 1");
        FromWhere(rows, outer);
    }

    /// <summary>Whether a row of a select further out fulfils a condition that needs joined rows.</summary>
    public void Satisfies(TermSql terms, Action<TermSql> condition)
    {
        Builder.Text("exists (select 1 from (select) as ").Name(terms.Set.Aliases.Next());
        Joins(terms, terms.Set.Joins);
        Builder.Text("\nwhere ");
        condition(terms);
        Builder.Text(")");
    }

    private void FromWhere(Selection rows, TermSql outer)
    {
        AllRows(new TermSql(this, rows.Set, outer), rows, rows.Set.Joins.Count);
        Builder.Text(")");
    }

    private void AllAtOnce(TermSql terms, Selection rows)
    {
        From(terms);
        Joins(terms, rows.Set.Joins);
        Where(terms, rows.Behind is { } behind ? rows.Where.Add(behind) : rows.Where);
        Order(terms, rows.Order);
        Limit(rows);
    }

    /// <summary>Finds as many rows as are put into the order, whichever come first, and only then asks how they are ordered.</summary>
    private void SomeThenOrder(TermSql terms, Selection rows, (int Most, NamedColumns Columns) found)
    {
        var place = BeginFound(found.Columns);
        AllRows(terms, rows, rows.NeededJoins);
        Builder.Text("\nlimit ").Number(found.Most);
        EndFound(rows, found.Columns);
        Joins(terms, rows.Set.Joins);
        if (rows.Behind is { } behind) Where(terms, [behind]);
        Order(terms, rows.Order);
        Limit(rows);
        Builder.Fill(place, found.Columns);
    }

    /// <summary>Finds the page first: what is joined only for its values need not be joined for the rows that are sorted away.</summary>
    private void PageThenJoins(TermSql terms, Selection rows, NamedColumns columns)
    {
        var place = BeginFound(columns);
        From(terms);
        Where(terms, rows.Behind is { } behind ? rows.Where.Add(behind) : rows.Where);
        Order(terms, rows.Order);
        Limit(rows);
        EndFound(rows, columns);
        Joins(terms, rows.Set.Joins);
        Order(terms, rows.Order);
        Builder.Fill(place, columns);
    }

    /// <summary>Finds the page in one unit after the other, each by its index, and among what somebody owns elsewhere.</summary>
    private void PlacesThenJoins(TermSql terms, Selection rows, NamedColumns columns, ReachTerm reach)
    {
        columns.IsPaused = true;
        Builder.Text("\nfrom (select * from (");
        var places = new PlacesSql(this, terms, rows, reach, rows.Limit + rows.Offset).Write();
        Builder.Text(") as ").Name(rows.Set.Root.Alias);
        Order(terms, rows.Order);
        Limit(rows);
        EndFound(rows, columns);
        Joins(terms, rows.Set.Joins);
        Order(terms, rows.Order);
        // From the last to the first: text that comes in moves what is behind it.
        foreach (var place in places.Reverse()) Builder.Fill(place, columns);
    }

    /// <summary>Begins a select of found rows under the alias of the table; returns the place for its columns.</summary>
    private int BeginFound(NamedColumns columns)
    {
        columns.IsPaused = true;
        return Builder.Text("\nfrom (select ").Place;
    }

    private void EndFound(Selection rows, NamedColumns columns)
    {
        Builder.Text(") as ").Name(rows.Set.Root.Alias);
        columns.IsPaused = false;
    }

    /// <summary>What the order goes by: the link to the next page says where this one ended.</summary>
    private void PageKey(TermSql terms, ImmutableArray<PlannedOrder> order)
    {
        foreach (var step in order)
        {
            Builder.Text(", ");
            terms.Write(step.Shown);
        }
    }

    private void From(TermSql terms)
    {
        Builder.Text("\nfrom ");
        Root(terms.Set.Root);
    }

    /// <summary>The tables of a select inside the statement, behind its <c>from</c>.</summary>
    public void Tables(TermSql terms)
    {
        Root(terms.Set.Root);
        Joins(terms, terms.Set.Joins);
    }

    private void Root(RowSource root)
    {
        if (root.Values is { } values) Builder.Either(values.StartsWith('['), "jsonb_populate_recordset(cast(", "jsonb_populate_record(cast(").Text("null as ").Name(Schema, root.Entity.Plural).Text("), ").Value(values, ColumnType.Json).Text(")");
        else Builder.Name(Schema, root.Entity.Plural);
        Builder.Text(" as ").Name(root.Alias);
    }

    private void Joins(TermSql terms, IEnumerable<RowSource> joins)
    {
        foreach (var join in joins)
        {
            Builder.Text("\nleft join ").Name(Schema, join.Entity.Plural).Text(" as ").Name(join.Alias).Text(" on ");
            if (join is { Parent: { } parent, Via: { } via }) Builder.Name(join.Alias, "id").Text(" = ").Name(parent.Alias, via.Columns[0].Name);
            else Builder.Text("true");
            foreach (var condition in join.Conditions)
            {
                Builder.Text(" and ");
                terms.Write(condition);
            }
        }
    }

    public void Where(TermSql terms, ImmutableArray<Term> conditions)
    {
        for (var index = 0; index < conditions.Length; index++)
        {
            Builder.Either(index == 0, "\nwhere ", "\n  and ");
            terms.Write(conditions[index]);
        }
    }

    public void Order(TermSql terms, ImmutableArray<PlannedOrder> order)
    {
        for (var index = 0; index < order.Length; index++)
        {
            var step = order[index];
            Builder.Either(index == 0, "\norder by ", ", ");
            terms.Write(step.Term);
            if (step.AsWords) Builder.Text(SqlCollation.Words);
            // OData puts null before all values; PostgreSQL after.
            if (step.Descending) Builder.Either(step.Nullable, " desc nulls last", " desc");
            else if (step.Nullable) Builder.Text(" nulls first");
        }
    }

    /// <summary>A constant: PostgreSQL reads an index in order only where it knows how few rows are wanted.</summary>
    public void Limit(Selection rows)
    {
        if (rows.Limit is { } limit) Builder.Text("\nlimit ").Number(limit);
        if (rows.Offset > 0) Builder.Text(" offset ").Value((long)rows.Offset, ColumnType.Integer);
    }
}
