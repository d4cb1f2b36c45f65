using System.Text.Json;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Reads ids, in the one form 8-4-4-4-12.</summary>
internal static class IdValue
{
    private const int Length = 36;

    /// <summary>The id of a file: itself, or in an object as the API answers it, so that a record can be sent back as it was read.</summary>
    internal static ReadResult ReadFile(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out var id) ? Read(id) : Read(json);

    internal static ReadResult Read(JsonElement json)
    {
        var (text, error) = TextValue.Read(json, "an id as text");
        if (text is null) return error;
        if (text.Length == 0) return default;
        // Guid.TryParse trims white space and takes signs inside; the length and the digits rule both out.
        return text.Length == Length && text.All(character => char.IsAsciiHexDigit(character) || character == '-') && Guid.TryParseExact(text, "D", out var id)
            ? new(id)
            : ValueErrors.Id();
    }
}
