using System.Globalization;
using System.Numerics;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Checks of settings that several types share.</summary>
internal static class SettingChecks
{
    /// <summary>PostgreSQL cuts longer identifiers.</summary>
    private const int LongestName = 63;

    internal static IEnumerable<SettingProblem> MaxLength(Source.Field field, int largest, int largestIndexed)
    {
        if (field.MaxLength is not { } length) yield break;
        if (length < 1 || length > largest)
            yield return new("maxLength", $"maxLength is {Text(length)}.", $"Give a length from 1 to {Text(largest)}.");
        else if ((field.Unique || field.Index) && length > largestIndexed)
            yield return new("maxLength", $"A unique or indexed text of {Text(length)} characters does not fit into an index.",
                $"Give a maxLength of at most {Text(largestIndexed)}, or drop unique and index.");
    }

    internal static IEnumerable<SettingProblem> Pattern(Source.Field field)
    {
        if (field.Pattern is not { } pattern) yield break;
        var message = "";
        try
        {
            PatternCache.Compile(pattern);
        }
        catch (ArgumentException e)
        {
            message = $"The pattern is not a regular expression: {e.Message}";
        }
        catch (NotSupportedException)
        {
            message = "The pattern cannot be matched in linear time.";
        }
        if (message.Length > 0) yield return new("pattern", message, "Give a regular expression without look-around, back references and atomic groups.");
    }

    /// <summary>min and max against each other and against what the type can hold.</summary>
    internal static IEnumerable<SettingProblem> Limits(Source.Field field, decimal smallest, decimal largest, bool whole)
    {
        foreach (var (setting, limit) in new[] { ("min", field.Min), ("max", field.Max) })
        {
            if (limit is not { } value) continue;
            if (value < smallest || value > largest)
                yield return new(setting, $"{setting} is {Text(value)}, which the field cannot hold.", $"Give a value from {Text(smallest)} to {Text(largest)}.");
            else if (whole && value != decimal.Truncate(value))
                yield return new(setting, $"{setting} is {Text(value)}, but the field holds whole numbers.", "Give a whole number.");
        }
        if (field.Min > field.Max) yield return new("min", $"min ({Text(field.Min.Value)}) is greater than max ({Text(field.Max.Value)}).", "Give a min that is not greater than max.");
    }

    /// <summary>Column names with a suffix must fit into PostgreSQL's names.</summary>
    internal static IEnumerable<SettingProblem> Suffixes(Source.Field field, params string[] suffixes)
    {
        var longest = suffixes.Max(suffix => suffix.Length) + 1;
        if (field.Name.Length + longest > LongestName)
            yield return new("name", $"The name is too long for a field of type {field.Type}, whose columns have names with an ending such as _{suffixes.MaxBy(suffix => suffix.Length)}.",
                $"Give a name of at most {Text(LongestName - longest)} characters.");
    }

    internal static string Text<T>(T number)
        where T : INumber<T> => number.ToString(null, CultureInfo.InvariantCulture);
}
