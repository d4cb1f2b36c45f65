using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>A table that gets new rows, and the columns that they fill.</summary>
/// <param name="Name">Name of the table, unquoted.</param>
/// <param name="Columns">The columns; those that are missing get their default.</param>
internal sealed record RowTarget(string Name, ImmutableArray<(string Name, ColumnType Type)> Columns)
{
    /// <summary>Writes the statement that adds one row.</summary>
    /// <param name="sql">Where to.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="values">A value for each column.</param>
    /// <param name="from">Name of another part of the same statement: the row is added only where that has a row. Null for no condition.</param>
    public SqlBuilder Insert(SqlBuilder sql, string schema, object?[] values, string? from = null)
    {
        Head(sql.Text("insert into "), schema).Either(from is null, " values (", " select ");
        for (var index = 0; index < values.Length; index++) (index == 0 ? sql : sql.Text(", ")).Value(values[index], Columns[index].Type);
        return from is null ? sql.Text(")") : sql.Text(" from ").Name(from);
    }

    /// <summary>The statement behind which many rows follow in binary form.</summary>
    public string Copy(string schema) => Head(new SqlBuilder().Text("copy "), schema).Text(" from stdin (format binary)").ToString();

    private SqlBuilder Head(SqlBuilder sql, string schema)
    {
        sql.Name(schema, Name).Text(" (");
        for (var index = 0; index < Columns.Length; index++) (index == 0 ? sql : sql.Text(", ")).Name(Columns[index].Name);
        return sql.Text(")");
    }
}

/// <summary>A row that waits to be added.</summary>
/// <param name="Values">A value for each column of the target.</param>
/// <param name="Path">Place in the request, for errors; empty where it is the whole of it.</param>
internal readonly record struct NewRow(object?[] Values, string Path);
