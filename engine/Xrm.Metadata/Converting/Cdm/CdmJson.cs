using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Lenient reading of the documents: a property that is not there is null.</summary>
internal static class CdmJson
{
    public static JsonElement? Object(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static IEnumerable<JsonElement> List(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static string? Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) ? Scalar(value) : null;

    public static bool Is(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Text or number as text; null for anything else.</summary>
    public static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>A reference by name: <c>"Account"</c>, <c>"/core/x.cdm.json/Account"</c>, or an object whose property holds either.</summary>
    public static string? Reference(JsonElement value, string property) =>
        (value.ValueKind == JsonValueKind.String ? value.GetString() : Text(value, property))?.Split('/')[^1];
}
