using System.Text.Json;
using Npgsql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Sql;

/// <summary>Values of a row as the API writes them.</summary>
public static class ColumnJson
{
    /// <summary>
    /// Writes one value of a row: decimals with the digits that the database holds, dates as <c>2026-11-22</c>, timestamps in RFC 3339
    /// with <c>Z</c>, times as <c>14:30:00</c>, lists as arrays, jsonb as it is, SQL null as null.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, NpgsqlDataReader reader, int ordinal, ColumnType type)
    {
        if (reader.IsDBNull(ordinal))
        {
            writer.WriteNullValue();
            return;
        }
        switch (type)
        {
            // As it comes, in UTF-8: no string in between.
            case ColumnType.Text: writer.WriteStringValue(reader.GetFieldValue<byte[]>(ordinal)); break;
            case ColumnType.Integer: writer.WriteNumberValue(reader.GetInt64(ordinal)); break;
            case ColumnType.Decimal: writer.WriteNumberValue(reader.GetDecimal(ordinal)); break;
            case ColumnType.Boolean: writer.WriteBooleanValue(reader.GetBoolean(ordinal)); break;
            case ColumnType.Uuid: writer.WriteStringValue(reader.GetGuid(ordinal)); break;
            case ColumnType.Timestamp: writer.WriteStringValue(reader.GetDateTime(ordinal)); break;
            case ColumnType.Json: writer.WriteRawValue(reader.GetFieldValue<byte[]>(ordinal), skipInputValidation: true); break;
            default: Write(writer, ColumnCodec.Read(reader, ordinal, type), type); break;
        }
    }

    /// <summary>Writes the value of a column from memory as it is read from there: decimals with all the digits that the column has.</summary>
    public static void Write(Utf8JsonWriter writer, object? value, Column column)
    {
        if (value is decimal number && column.Scale > 0) writer.WriteNumberValue(number + new decimal(0, 0, 0, isNegative: false, (byte)column.Scale));
        else Write(writer, value, column.Type);
    }

    /// <summary>Writes a value from memory in the same form.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">A value of the column type's CLR type, or null.</param>
    /// <param name="type">The column type.</param>
    public static void Write(Utf8JsonWriter writer, object? value, ColumnType type)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string json when type == ColumnType.Json: writer.WriteRawValue(json, skipInputValidation: true); break;
            case string text: writer.WriteStringValue(text); break;
            case long number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case double: writer.WriteNullValue(); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case Guid id: writer.WriteStringValue(id); break;
            case DateTime time: writer.WriteStringValue(time); break;
            case DateOnly date: WriteFormatted(writer, date, "yyyy-MM-dd"); break;
            case TimeOnly time: WriteFormatted(writer, time, time.Ticks % TimeSpan.TicksPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.FFFFFF"); break;
            case string[] list: WriteList(writer, list, ColumnType.Text); break;
            case long[] list: WriteList(writer, list, ColumnType.Integer); break;
            case Guid[] list: WriteList(writer, list, ColumnType.Uuid); break;
            default: throw new InvalidCastException($"{value.GetType().Name} is not a CLR type of a column.");
        }
    }

    private static void WriteList<T>(Utf8JsonWriter writer, T[] list, ColumnType type)
    {
        writer.WriteStartArray();
        foreach (var item in list) Write(writer, item, type);
        writer.WriteEndArray();
    }

    private static void WriteFormatted<T>(Utf8JsonWriter writer, T value, string format) where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, format, System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
