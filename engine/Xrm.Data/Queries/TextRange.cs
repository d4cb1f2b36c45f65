using System.Text;

namespace Xrm.Data.Queries;

/// <summary>The ends of the range of texts that begin with another: what "starts with" is to an index.</summary>
internal static class TextRange
{
    private const char LastLatinLetter = '\u024F';

    /// <summary>The first text, by code points, behind all that begin with this one; null where there is none.</summary>
    public static string? BehindPrefix(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToArray();
        for (var last = runes.Length - 1; last >= 0; last--)
        {
            if (runes[last].Value == 0x10FFFF) continue;
            // Surrogates are no characters.
            var next = runes[last].Value == 0xD7FF ? 0xE000 : runes[last].Value + 1;
            return string.Concat(runes[..last].Select(rune => rune.ToString())) + new Rune(next);
        }
        return null;
    }

    /// <summary>
    /// A text that, sorted as words, lies behind all that begin with this one: U+FFFF sorts behind every character in Unicode's root
    /// collation (https://www.unicode.org/reports/tr35/tr35-collation.html#Root_Collation). Null where a character that follows could
    /// change the place of the last one of the prefix, which none does to Latin letters, digits and punctuation.
    /// </summary>
    public static string? LastWordWithPrefix(string prefix)
    {
        foreach (var character in prefix)
            if (character > LastLatinLetter || char.IsControl(character)) return null;
        return prefix.Length == 0 ? null : $"{prefix}\uFFFF";
    }
}
