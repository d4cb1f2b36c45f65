using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Writes lines of CSV as RFC 4180 says: commas (or what the client wants in their place), CRLF, quotes where they are needed and doubled
/// inside. Values look as in JSON; null is empty, an empty text is <c>""</c>.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="options">How it is wanted.</param>
internal sealed class CsvWriter(IBufferWriter<byte> output, CsvOptions options)
{
    private readonly SearchValues<char> _quoted = SearchValues.Create([options.Separator, '"', '\r', '\n']);

    private bool _isFirst = true;

    /// <summary>Writes a text of the next column.</summary>
    public void Text(string text)
    {
        Separate();
        var isGuarded = options.GuardsFormulas && CsvGuard.IsNeeded(text);
        if (!isGuarded && text.Length > 0 && !text.AsSpan().ContainsAny(_quoted) && text[0] != ' ' && text[^1] != ' ') Encoding.UTF8.GetBytes(text, output);
        else Quote(text, isGuarded);
    }

    /// <summary>Writes the value of the next column.</summary>
    /// <param name="reader">At a row.</param>
    /// <param name="column">The column.</param>
    /// <param name="labels">What stands in place of some values; null for nothing.</param>
    public void Value(NpgsqlDataReader reader, CsvColumn column, FrozenDictionary<string, string>? labels)
    {
        var ordinal = column.Ordinal;
        if (reader.IsDBNull(ordinal))
        {
            Separate();
            return;
        }
        switch (column.Type)
        {
            case ColumnType.Text: Text(Labelled(reader.GetString(ordinal), labels)); break;
            case ColumnType.Integer when labels is not null: Text(Labelled(reader.GetInt64(ordinal).ToString(CultureInfo.InvariantCulture), labels)); break;
            case ColumnType.Integer: Format(reader.GetInt64(ordinal), default); break;
            case ColumnType.Decimal: Number(reader.GetDecimal(ordinal), default); break;
            case ColumnType.Float when !double.IsFinite(reader.GetDouble(ordinal)): Separate(); break;
            case ColumnType.Float: Number(reader.GetDouble(ordinal), "R"); break;
            case ColumnType.Boolean: Plain(reader.GetBoolean(ordinal) ? "true"u8 : "false"u8); break;
            case ColumnType.Date: Format(reader.GetFieldValue<DateOnly>(ordinal), "yyyy-MM-dd"); break;
            case ColumnType.Timestamp: Format(reader.GetDateTime(ordinal), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"); break;
            case ColumnType.Time: Format(reader.GetFieldValue<TimeOnly>(ordinal), "HH:mm:ss.FFFFFF"); break;
            case ColumnType.Uuid: Format(reader.GetGuid(ordinal), default); break;
            case ColumnType.Json: Json(reader.GetString(ordinal)); break;
            default: Json(List(reader, column, labels)); break;
        }
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        output.Write("\r\n"u8);
        _isFirst = true;
    }

    private static string Labelled(string value, FrozenDictionary<string, string>? labels) => labels?.GetValueOrDefault(value) ?? value;

    /// <summary>A JSON text never begins a formula: a number may have a sign, and nothing follows it.</summary>
    private void Json(string json)
    {
        Separate();
        if (json.AsSpan().ContainsAny(_quoted)) Quote(json, isGuarded: false);
        else Encoding.UTF8.GetBytes(json, output);
    }

    private static string List(NpgsqlDataReader reader, CsvColumn column, FrozenDictionary<string, string>? labels)
    {
        var items = ColumnCodec.Read(reader, column.Ordinal, column.Type);
        if (labels is not null && items is string[] texts) items = texts.Select(text => Labelled(text, labels)).ToArray();
        return JsonText.Write(writer => ColumnJson.Write(writer, items, column.Type));
    }

    private void Plain(ReadOnlySpan<byte> text)
    {
        Separate();
        output.Write(text);
    }

    private void Format<T>(T value, ReadOnlySpan<char> format) where T : IUtf8SpanFormattable => Format(value, format, hasDecimalComma: false);

    private void Number<T>(T value, ReadOnlySpan<char> format) where T : IUtf8SpanFormattable => Format(value, format, options.HasDecimalComma);

    private void Format<T>(T value, ReadOnlySpan<char> format, bool hasDecimalComma) where T : IUtf8SpanFormattable
    {
        Separate();
        var span = output.GetSpan(64);
        value.TryFormat(span, out var written, format, CultureInfo.InvariantCulture);
        if (hasDecimalComma) span[..written].Replace((byte)'.', (byte)',');
        output.Advance(written);
    }

    private void Quote(string text, bool isGuarded)
    {
        output.Write("\""u8);
        if (isGuarded) output.Write([(byte)CsvGuard.Mark]);
        Encoding.UTF8.GetBytes(text.Contains('"') ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text, output);
        output.Write("\""u8);
    }

    private void Separate()
    {
        if (!_isFirst) output.Write([(byte)options.Separator]);
        _isFirst = false;
    }
}
