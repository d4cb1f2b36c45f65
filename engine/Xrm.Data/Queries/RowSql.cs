using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Writes the values of a row: flat for the statement's own rows, which <see cref="RowWriter"/> turns into JSON, and as JSON made by
/// PostgreSQL for the lists inside them, so that one statement brings all.
/// </summary>
internal sealed class RowSql(SelectSql statement, TermSql terms)
{
    private SqlBuilder Sql => statement.Builder;

    /// <summary>The values, each after a comma, without names: the writer knows their order.</summary>
    public void Flat(RowSource source, PlannedRow row)
    {
        foreach (var column in row.Columns)
        {
            Sql.Text(", ");
            terms.Write(column.Term);
        }
        foreach (var expand in row.Expands) FlatExpand(expand);
    }

    /// <summary>The values with their property names, as <c>row_to_json</c> takes them.</summary>
    public void Named(RowSource source, PlannedRow row)
    {
        for (var index = 0; index < row.Columns.Length; index++)
        {
            if (index > 0) Sql.Text(", ");
            NamedColumn(row.Columns[index]);
        }
        foreach (var expand in row.Expands)
        {
            Sql.Text(", ");
            NamedExpand(expand);
        }
    }

    private void FlatExpand(PlannedExpand expand)
    {
        switch (expand)
        {
            case OneExpand one:
                Flat(one.Source, one.Row);
                break;
            case KindExpand kind:
                Sql.Text(", ");
                terms.Write(kind.Id);
                Sql.Text(", ");
                terms.Write(kind.Kind);
                Sql.Text(", ");
                Label(kind);
                break;
            case ManyExpand many:
                Sql.Text(", ");
                List(many);
                if (!many.WithCount) break;
                Sql.Text(", ");
                statement.NestedCount(many.Rows, terms);
                break;
        }
    }

    private void NamedColumn(PlannedColumn column)
    {
        // PostgreSQL writes timestamps in the session's zone; the API says UTC with a Z.
        var isTimestamp = column.Term.Type == ColumnType.Timestamp;
        var isList = RowWriter.IsList(column.Term.Type);
        Sql.Either(isTimestamp, "(to_json(", "").Either(isList, "coalesce(", "");
        terms.Write(column.Term);
        Sql.Either(isList, ", '{}')", "");
        Sql.Either(isTimestamp, " at time zone 'UTC') #>> '{}') || 'Z'", "").Text(" as ").Name(column.Name);
    }

    private void NamedExpand(PlannedExpand expand)
    {
        switch (expand)
        {
            case OneExpand one:
                Sql.Text("case when ").Name(one.Source.Alias, "id").Text(" is not null then (select row_to_json(o) from (select ");
                Named(one.Source, one.Row);
                Sql.Text(") as o) end");
                break;
            case KindExpand kind:
                Kind(kind);
                break;
            case ManyExpand many:
                List(many);
                if (!many.WithCount) break;
                Sql.Text(" as ").Name(many.Name).Text(", ");
                statement.NestedCount(many.Rows, terms);
                Sql.Text(" as ").Name($"{many.Name}@odata.count");
                return;
            case HiddenExpand hidden:
                Sql.Either(hidden.IsList, "'[]'::json", "null::json");
                break;
        }
        Sql.Text(" as ").Name(expand.Name);
    }

    private void Kind(KindExpand kind)
    {
        Sql.Text("case when ");
        terms.Write(kind.Id);
        Sql.Text(" is not null then json_build_object('@odata.type', '#Xrm.' || ");
        terms.Write(kind.Kind);
        Sql.Text(", 'id', ");
        terms.Write(kind.Id);
        Sql.Text(", 'label', ");
        Label(kind);
        Sql.Text(") end");
    }

    private void Label(KindExpand kind)
    {
        if (kind.Labels.IsEmpty)
        {
            Sql.Text("null::text");
            return;
        }
        Sql.Text("case ");
        terms.Write(kind.Kind);
        foreach (var label in kind.Labels)
        {
            Sql.Text(" when ").Value(label.Entity.Name, ColumnType.Text).Text(" then (select l.\"label\"::text from (");
            statement.Nested(label.Label, terms);
            Sql.Text(") as l)");
        }
        Sql.Text(" end");
    }

    private void List(ManyExpand many)
    {
        Sql.Text("(select coalesce(json_agg(row_to_json(e)), '[]'::json) from (\n");
        statement.Nested(many.Rows, terms);
        Sql.Text(") as e)");
    }
}
