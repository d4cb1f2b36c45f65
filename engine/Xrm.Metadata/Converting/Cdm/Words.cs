using System.Text;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Names of the format from names in other styles.</summary>
internal static class Words
{
    /// <summary><c>accountCategoryCode</c> becomes <c>account_category_code</c>, <c>UTCOffset</c> becomes <c>utc_offset</c>. Always a name of the format.</summary>
    public static string ToName(string text, int longest)
    {
        var name = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                if (name.Length > 0 && name[^1] != '_') name.Append('_');
                continue;
            }
            if (StartsWord(text, i) && name.Length > 0 && name[^1] != '_') name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }
        var result = name.ToString().Trim('_');
        if (result.Length == 0 || !char.IsAsciiLetter(result[0])) result = "x" + result;
        return result.Length <= longest ? result : result[..longest].TrimEnd('_');
    }

    /// <summary>The plural of an English name or label.</summary>
    public static string ToPlural(string singular)
    {
        var lower = singular.ToLowerInvariant();
        if (lower.Length < 2) return singular + "s";
        if (lower.EndsWith('y') && !"aeiou".Contains(lower[^2])) return singular[..^1] + "ies";
        // Views, Settings: already a plural. Address, status: not yet.
        if (lower.EndsWith('s') && lower[^2] is not ('s' or 'u' or 'i' or 'a')) return singular;
        return lower.EndsWith('s') || lower.EndsWith('x') || lower.EndsWith('z') || lower.EndsWith("ch", StringComparison.Ordinal) || lower.EndsWith("sh", StringComparison.Ordinal)
            ? singular + "es"
            : singular + "s";
    }

    private static bool StartsWord(string text, int i)
    {
        if (i == 0 || !char.IsAsciiLetterUpper(text[i])) return false;
        // The last capital of a run begins the next word: UTCOffset.
        return !char.IsAsciiLetterUpper(text[i - 1]) || (i + 1 < text.Length && char.IsAsciiLetterLower(text[i + 1]));
    }
}
