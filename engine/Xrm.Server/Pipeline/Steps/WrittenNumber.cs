using System.Text;
using System.Text.Json;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>
/// Numbers that clients write as texts, because their own numbers would lose digits: OData's <c>IEEE754Compatible</c> form, which some
/// libraries send without saying so. Only what is a JSON number inside the quotes is one.
/// </summary>
internal static class WrittenNumber
{
    private const int Longest = 64;

    /// <summary>The number inside a text where the column holds exact numbers; else the value as it is.</summary>
    public static JsonElement Of(JsonElement json, Column column)
    {
        if (json.ValueKind != JsonValueKind.String || column.Type is not (ColumnType.Integer or ColumnType.Decimal)) return json;
        var text = json.GetString()!;
        if (text.Length is 0 or > Longest || text.AsSpan().ContainsAnyExcept("0123456789+-.eE")) return json;
        var reader = new Utf8JsonReader(Encoding.ASCII.GetBytes(text));
        try
        {
            return JsonElement.TryParseValue(ref reader, out var number) && reader.BytesConsumed == text.Length && number.Value.ValueKind == JsonValueKind.Number ? number.Value : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
