using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Turns the texts of a file into the values that the API takes. What the type of the field says of them is for the save to find out.</summary>
/// <param name="texts">The caller's language.</param>
/// <param name="hasDecimalComma">Numbers have a comma before their decimals.</param>
internal sealed class ImportValues(Texts texts, bool hasDecimalComma)
{
    private readonly Dictionary<Field, Dictionary<string, Xrm.Metadata.Source.Option?>> _options = [];

    /// <summary>The value of a cell; null with the reason where it has none.</summary>
    /// <param name="column">The column.</param>
    /// <param name="text">The text of the cell.</param>
    public (JsonElement? Value, string? Code, string? Message) Read(ImportColumn column, string text)
    {
        if (column.Column is not { } stored) return (Text(text), null, null);
        if (!column.Field.Options.IsEmpty) return ReadOptions(column.Field, stored, text);
        if (stored.Type is ColumnType.TextList or ColumnType.IntegerList or ColumnType.UuidList) return ReadList(text) is { } list ? (list, null, null) : NoList(column.Field);
        return stored.Type switch
        {
            ColumnType.Boolean => (bool.TryParse(text, out var flag) ? JsonSerializer.SerializeToElement(flag) : Text(text), null, null),
            ColumnType.Decimal => (Text(Number(text)), null, null),
            ColumnType.Float => (double.TryParse(Number(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonSerializer.SerializeToElement(number) : Text(text), null, null),
            ColumnType.Json => Parse(text) is { } json ? (json, null, null) : (null, "invalid_json", $"{column.Field.Label}: this is not JSON."),
            ColumnType.Uuid when text.StartsWith('{') => (Parse(text) ?? Text(text), null, null),
            _ => (Text(text), null, null),
        };
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    private string Number(string text) => hasDecimalComma && !text.Contains('.') ? text.Replace(',', '.') : text;

    private static (JsonElement?, string?, string?) NoList(Field field) => (null, "wrong_type", $"{field.Label}: expected a list such as [\"a\",\"b\"], or one value.");

    private (JsonElement?, string?, string?) ReadOptions(Field field, Column column, string text)
    {
        if (column.Type is not (ColumnType.TextList or ColumnType.IntegerList)) return Option(field, text) is { } value ? (value, null, null) : Ambiguous(field, text);
        if (ReadList(text) is not { } list) return NoList(field);
        var values = new List<JsonElement>();
        foreach (var item in list.EnumerateArray())
        {
            var written = item.ToString();
            if (Option(field, written) is not { } value) return Ambiguous(field, written);
            values.Add(value);
        }
        return (JsonSerializer.SerializeToElement(values), null, null);
    }

    private static (JsonElement?, string?, string?) Ambiguous(Field field, string text) => (null, "ambiguous_option", $"{field.Label}: several options are called '{text}'. Write the value of one.");

    /// <summary>A list as exports write it, or one value alone.</summary>
    private static JsonElement? ReadList(string text) =>
        !text.TrimStart().StartsWith('[') ? JsonSerializer.SerializeToElement(new[] { text }) : Parse(text) is { ValueKind: JsonValueKind.Array } list ? list : null;

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = RequestBody.Deepest });
            return JsonTexts.Checked(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value of the option with that value or label; the text itself where there is none, and null where there are several.</summary>
    private JsonElement? Option(Field field, string text)
    {
        if (!_options.TryGetValue(field, out var known)) _options[field] = known = Known(field);
        if (field.Options.FirstOrDefault(option => option.Value.ToString() == text) is { } exact) return exact.Value;
        return !known.TryGetValue(text, out var labelled) ? Text(text) : labelled?.Value;
    }

    private Dictionary<string, Xrm.Metadata.Source.Option?> Known(Field field)
    {
        var known = new Dictionary<string, Xrm.Metadata.Source.Option?>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in field.Options.DistinctBy(option => option.Value.ToString()))
            foreach (var label in new[] { texts.Option(field, option), Texts.English.Option(field, option) }.Distinct(StringComparer.OrdinalIgnoreCase))
                known[label] = known.ContainsKey(label) ? null : option;
        return known;
    }
}
