using System.Globalization;

namespace Xrm.Data.Queries;

/// <summary>
/// The patterns that <c>matchesPattern</c> takes: what means the same to every client and to PostgreSQL, and cannot take long.
/// </summary>
internal static class TextPattern
{
    private const int MostCharacters = 200;
    private const int MostRepetitions = 1_000;
    private const int MostGroups = 10;

    /// <summary>What is wrong with a pattern, as the end of a sentence; null where nothing is.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length > MostCharacters) return $"may have {MostCharacters} characters.";
        var (groups, open, repetitions, canRepeat) = (0, 0, 1L, false);
        for (var index = 0; index < pattern.Length; index++)
        {
            var problem = pattern[index] switch
            {
                '(' => OpenGroup(pattern, ref index, ref groups, ref open),
                ')' => open-- == 0 ? "has a ')' without its '('." : null,
                '[' => ReadClass(pattern, ref index),
                '\\' => ReadEscape(pattern, ref index, "dDsSwW"),
                '{' => ReadBounds(pattern, ref index, ref repetitions, canRepeat),
                '*' or '+' or '?' => canRepeat ? null : $"has a '{pattern[index]}' with nothing to repeat.",
                _ => null,
            };
            if (problem is not null) return problem;
            // Repetitions of repetitions multiply the work.
            canRepeat = pattern[index] is not ('(' or '|' or '^' or '$' or '*' or '+' or '?' or '}') || IsEscaped(pattern, index);
        }
        return open == 0 ? null : "has a '(' without its ')'.";
    }

    private static bool IsEscaped(string pattern, int index)
    {
        var slashes = 0;
        while (index - slashes > 0 && pattern[index - slashes - 1] == '\\') slashes++;
        return slashes % 2 == 1;
    }

    private static string? OpenGroup(string pattern, ref int index, ref int groups, ref int open)
    {
        open++;
        if (++groups > MostGroups) return $"may have {MostGroups} groups.";
        if (index + 1 >= pattern.Length || pattern[index + 1] != '?') return null;
        if (index + 2 >= pattern.Length || pattern[index + 2] != ':') return "has a group that begins with '(?': only '(' and '(?:' are known.";
        index += 2;
        return null;
    }

    private static string? ReadClass(string pattern, ref int index)
    {
        var first = index + 1;
        if (first < pattern.Length && pattern[first] == '^') first++;
        for (index = first; index < pattern.Length; index++)
        {
            if (pattern[index] == ']') return index == first ? "has an empty '[]'." : null;
            if (pattern[index] == '[') return "has a '[' inside of '[…]': write it as '\\['.";
            if (pattern[index] == '\\')
            {
                if (ReadEscape(pattern, ref index, "dsw") is { } problem) return problem;
                // What an escape stands for is no end of a range.
                if (index + 2 < pattern.Length && pattern[index + 1] == '-' && pattern[index + 2] != ']') return "has a range that begins with an escaped sign.";
                continue;
            }
            if (pattern[index] == '-' && index > first && index + 1 < pattern.Length && pattern[index + 1] != ']' && !IsRange(pattern[index - 1], pattern[index + 1]))
                return "has a range whose end comes before its beginning, or that is not between two letters or digits.";
        }
        return "has a '[' without its ']'.";
    }

    private static bool IsRange(char from, char to) => char.IsLetterOrDigit(from) && char.IsLetterOrDigit(to) && from <= to;

    private static string? ReadEscape(string pattern, ref int index, string letters)
    {
        if (++index == pattern.Length) return "ends with a lone '\\'.";
        return letters.Contains(pattern[index]) || char.IsAscii(pattern[index]) && (char.IsPunctuation(pattern[index]) || char.IsSymbol(pattern[index]))
            ? null : $"has '\\{pattern[index]}', which is not known. There are {string.Join(", ", letters.Select(letter => $"\\{letter}"))}, and signs after a '\\'.";
    }

    private static string? ReadBounds(string pattern, ref int index, ref long repetitions, bool canRepeat)
    {
        var end = pattern.IndexOf('}', index);
        if (!canRepeat || end < 0) return "has a '{' that repeats nothing: write the sign itself as '\\{'.";
        var bounds = pattern[(index + 1)..end].Split(',');
        index = end;
        if (bounds.Length > 2 || !IsNumber(bounds[0], out var least)) return "has a '{…}' that is not of the form {2}, {2,} or {2,5}.";
        var most = least;
        if (bounds.Length == 2 && bounds[1].Length > 0 && (!IsNumber(bounds[1], out most) || most < least)) return "has a '{…}' that is not of the form {2}, {2,} or {2,5}.";
        repetitions *= Math.Max(most, 1);
        return repetitions > MostRepetitions || most > 255 ? $"repeats too much: its numbers in '{{…}}' may be 255, and {MostRepetitions} multiplied with each other." : null;
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
