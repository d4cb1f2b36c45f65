using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes rows as JSON straight from the database's reader, in the order in which <see cref="RowSql"/> selected their values.</summary>
internal sealed class RowWriter
{
    private readonly PlannedRow _row;
    private readonly JsonEncodedText[] _names;
    private readonly (JsonEncodedText Name, RowWriter? Nested)[] _expands;
    private readonly string _root;

    /// <param name="row">What the rows show.</param>
    /// <param name="root">URL of the data API.</param>
    public RowWriter(PlannedRow row, string root)
    {
        _row = row;
        _root = root;
        _names = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(row.Columns)!, column => Encode(column.Name));
        _expands = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(row.Expands)!, expand => (Encode(expand.Name), expand is OneExpand one ? new RowWriter(one.Row, root) : null));
        Width = row.Columns.Length + _expands.Zip(row.Expands, (known, expand) => ExpandWidth(expand, known.Nested)).Sum();
    }

    /// <summary>Where, behind the version and the row's values, the values stand that the next page begins with.</summary>
    public int PageKey => 1 + Width;

    /// <summary>Values that the row takes in the reader.</summary>
    private int Width { get; }

    /// <summary>Writes the current row of the reader, whose column 0 is the version, as an object with its ETag.</summary>
    public void Write(Utf8JsonWriter writer, NpgsqlDataReader reader, string? context = null)
    {
        writer.WriteStartObject();
        if (context is not null) writer.WriteString("@odata.context"u8, context);
        WriteETag(writer, reader.GetInt64(0));
        var ordinal = 1;
        WriteValues(writer, reader, ref ordinal);
        writer.WriteEndObject();
    }

    /// <summary>Writes a row from memory in the same form; only for plans that are <see cref="QueryPlan.IsInValues"/>.</summary>
    public void Write(Utf8JsonWriter writer, RecordValues values, string context)
    {
        writer.WriteStartObject();
        writer.WriteString("@odata.context"u8, context);
        WriteETag(writer, values.Version);
        for (var index = 0; index < _names.Length; index++)
        {
            writer.WritePropertyName(_names[index]);
            var (value, column) = (values.Get(_row.Columns[index].Name), ((ColumnTerm)_row.Columns[index].Term).Column);
            if (value is null && IsList(column.Type)) WriteEmptyList(writer);
            else ColumnJson.Write(writer, value, column);
        }
        writer.WriteEndObject();
    }

    private static void WriteETag(Utf8JsonWriter writer, long version)
    {
        Span<byte> text = stackalloc byte[32];
        System.Text.Unicode.Utf8.TryWrite(text, $"W/\"{version}\"", out var length);
        writer.WriteString("@odata.etag"u8, text[..length]);
    }

    private void WriteValues(Utf8JsonWriter writer, NpgsqlDataReader reader, ref int ordinal)
    {
        var first = ordinal;
        for (var index = 0; index < _names.Length; index++)
        {
            writer.WritePropertyName(_names[index]);
            var type = _row.Columns[index].Term.Type;
            if (IsList(type) && reader.IsDBNull(ordinal)) WriteEmptyList(writer);
            else ColumnJson.Write(writer, reader, ordinal, type);
            ordinal++;
        }
        for (var index = 0; index < _row.Expands.Length; index++) WriteExpand(writer, reader, (index, first), ref ordinal);
    }

    private void WriteExpand(Utf8JsonWriter writer, NpgsqlDataReader reader, (int Index, int Id) at, ref int ordinal)
    {
        var expand = _row.Expands[at.Index];
        var (name, nested) = _expands[at.Index];
        writer.WritePropertyName(name);
        switch (expand)
        {
            case OneExpand: WriteOne(writer, reader, nested!, ref ordinal); break;
            case KindExpand: WriteKind(writer, reader, ref ordinal); break;
            case ManyExpand many: WriteMany(writer, reader, (many, at.Id), ref ordinal); break;
            case HiddenExpand { IsList: true }: WriteEmptyList(writer); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>A list is never null in OData: one without a value is empty.</summary>
    internal static bool IsList(ColumnType type) => type is ColumnType.TextList or ColumnType.IntegerList or ColumnType.UuidList;

    private static void WriteEmptyList(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        writer.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, NpgsqlDataReader reader, RowWriter nested, ref int ordinal)
    {
        // The first value is the id.
        if (reader.IsDBNull(ordinal))
        {
            writer.WriteNullValue();
            ordinal += nested.Width;
            return;
        }
        writer.WriteStartObject();
        nested.WriteValues(writer, reader, ref ordinal);
        writer.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter writer, NpgsqlDataReader reader, ref int ordinal)
    {
        var first = ordinal;
        ordinal += 3;
        if (reader.IsDBNull(first) || reader.IsDBNull(first + 1))
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("@odata.type"u8, $"#Xrm.{reader.GetString(first + 1)}");
        writer.WriteString("id"u8, reader.GetGuid(first));
        if (reader.IsDBNull(first + 2)) writer.WriteNull("label"u8);
        else writer.WriteString("label"u8, reader.GetString(first + 2));
        writer.WriteEndObject();
    }

    /// <summary>The id is the row's first value.</summary>
    private void WriteMany(Utf8JsonWriter writer, NpgsqlDataReader reader, (ManyExpand Many, int Id) list, ref int ordinal)
    {
        var many = list.Many;
        var json = reader.GetFieldValue<byte[]>(ordinal++);
        if (ListCutter.MayBeLong(json)) new ListCutter(writer, json, _root).Write(many, reader.GetGuid(list.Id));
        else writer.WriteRawValue(json, skipInputValidation: true);
        if (many.WithCount) writer.WriteNumber(Encode($"{many.Name}@odata.count"), reader.GetInt64(ordinal++));
    }

    private static int ExpandWidth(PlannedExpand expand, RowWriter? nested) => expand switch
    {
        OneExpand => nested!.Width,
        KindExpand => 3,
        ManyExpand many => many.WithCount ? 2 : 1,
        _ => 0,
    };

    private static JsonEncodedText Encode(string name) => JsonEncodedText.Encode(name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
