using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>The table of an entity: which columns are stored. Formulas that are computed when they are read have none.</summary>
public sealed class RecordTable
{
    private readonly PublishedModel _published;

    internal RecordTable(Entity entity, PublishedModel published)
    {
        (Entity, _published) = (entity, published);
        Columns = [.. entity.Fields.Where(published.Formulas.IsStored).SelectMany(field => field.Columns)];
        IsFilling = entity.Fields.Any(published.Unfilled.Contains);
        Target = new RowTarget(entity.Plural, [.. Columns.Select(column => (column.Name, column.Type))]);
    }

    /// <summary>The entity.</summary>
    public Entity Entity { get; }

    /// <summary>The stored columns, in the order of the fields.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>A job computes values of the table's records; until it has ended they are computed when they are read.</summary>
    internal bool IsFilling { get; }

    /// <summary>Where new rows go.</summary>
    internal RowTarget Target { get; }

    /// <summary><c>created_by</c> or, where it is a lookup, <c>created_by_id</c>.</summary>
    /// <param name="field">Name of the system field.</param>
    public string SystemColumn(string field) => Entity.FindField(field)!.Column!.Name;

    /// <summary>Writes values of a record as a JSON object, by column.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="values">The values.</param>
    /// <param name="withNulls">Also name the columns that have no value.</param>
    public void Write(Utf8JsonWriter writer, RecordValues values, bool withNulls = true)
    {
        writer.WriteStartObject();
        foreach (var column in Columns)
        {
            var value = values.Get(column.Name);
            if (value is null && !withNulls) continue;
            writer.WritePropertyName(column.Name);
            ColumnJson.Write(writer, value, column.Type);
        }
        writer.WriteEndObject();
    }

    internal SqlBuilder Select(SqlBuilder sql, string schema)
    {
        sql.Text("select ");
        for (var index = 0; index < Columns.Length; index++)
            Value(index == 0 ? sql : sql.Text(", "), schema, Columns[index]);
        return From(sql, schema);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, perhaps before a column came or went.</summary>
    internal SqlBuilder SelectWritten(SqlBuilder sql, string schema, string json)
    {
        sql.Text("select ");
        for (var index = 0; index < Columns.Length; index++) sql.Either(index == 0, "", ", ").Name(Columns[index].Name);
        return sql.Text(" from jsonb_populate_record(cast(null as ").Name(schema, Entity.Plural).Text("), ").Value(json, ColumnType.Json).Text(")");
    }

    /// <summary>Begins a select that locks records and gives nothing of them.</summary>
    internal SqlBuilder SelectNothing(SqlBuilder sql, string schema) => From(sql.Text("select 1"), schema);

    private SqlBuilder From(SqlBuilder sql, string schema) => sql.Text(" from ").Name(schema, Entity.Plural).Either(IsFilling, " r", "");

    private void Value(SqlBuilder sql, string schema, Column column)
    {
        if (IsFilling) new RowValue(sql, schema, _published).Write("r", Entity.FindColumn(column.Name)!.Value.Field, column);
        else sql.Name(column.Name);
    }

    /// <summary>Adds the condition that the record is not in the recycle bin.</summary>
    internal SqlBuilder AndAlive(SqlBuilder sql) => Entity.HasRecycleBin ? sql.Text(" and ").Name("deleted_at").Text(" is null") : sql;

    internal RecordValues Read(Npgsql.NpgsqlDataReader reader)
    {
        var values = new RecordValues(Columns.Length);
        for (var index = 0; index < Columns.Length; index++)
            values[Columns[index].Name] = ColumnCodec.Read(reader, index, Columns[index].Type);
        return values;
    }
}
