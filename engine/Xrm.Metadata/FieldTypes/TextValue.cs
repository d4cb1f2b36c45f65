using System.Text.Json;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Reads text that PostgreSQL can store, and measures it as PostgreSQL does.</summary>
internal static class TextValue
{
    /// <summary>The text of a JSON string; null with an error where the value is no text or cannot be stored.</summary>
    internal static (string? Text, ReadResult Error) Read(JsonElement json, string expected)
    {
        if (json.ValueKind != JsonValueKind.String) return (null, ValueErrors.WrongType(expected));
        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 alone: valid JSON, but no text that could be written as UTF-8.
            return (null, ValueErrors.InvalidText());
        }
        return IsStorable(text) ? (text, default) : (null, ValueErrors.InvalidText());
    }

    /// <summary>False where the text has a zero character (which PostgreSQL refuses) or half of a surrogate pair (which UTF-8 cannot say).</summary>
    internal static bool IsStorable(string text)
    {
        if (text.Contains('\0')) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }

    /// <summary>True where the text has more characters than the limit. An emoji of two UTF-16 units is one character, as in PostgreSQL.</summary>
    internal static bool IsLongerThan(string text, int limit) => text.Length > limit && text.Length - text.Count(char.IsLowSurrogate) > limit;

    /// <summary>True where the text has more than one line.</summary>
    internal static bool HasLineBreak(string text) => text.AsSpan().IndexOfAny("\n\r\v\f\u0085\u2028\u2029") >= 0;
}
