using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>The table of an entity: which columns are stored. Formulas that are computed when they are read have none.</summary>
public sealed class RecordTable
{
    internal RecordTable(Entity entity, FormulaSet formulas)
    {
        Entity = entity;
        Columns = [.. entity.Fields.Where(formulas.IsStored).SelectMany(field => field.Columns)];
        Target = new RowTarget(entity.Plural, [.. Columns.Select(column => (column.Name, column.Type))]);
    }

    /// <summary>The entity.</summary>
    public Entity Entity { get; }

    /// <summary>The stored columns, in the order of the fields.</summary>
    public ImmutableArray<Column> Columns { get; }

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
            (index == 0 ? sql : sql.Text(", ")).Name(Columns[index].Name);
        return sql.Text(" from ").Name(schema, Entity.Plural);
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
