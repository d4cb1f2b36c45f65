namespace Xrm.Formulas.Values;

/// <summary>Texts counted by code point, as PostgreSQL counts them.</summary>
internal static class Characters
{
    public static int Count(string text) => text.Length - text.Count(char.IsLowSurrogate);

    public static string Left(string text, decimal count) => text[..Index(text, count)];

    public static string Right(string text, decimal count) => text[Index(text, Count(text) - decimal.Truncate(count))..];

    /// <summary>Where the code point of that number starts.</summary>
    private static int Index(string text, decimal count)
    {
        var index = 0;
        for (var left = decimal.Truncate(count); left >= 1 && index < text.Length; left--)
            index += char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;
        return index;
    }
}
