using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// How automatic numbers look: text with <c>{yyyy}</c>, <c>{yy}</c>, <c>{MM}</c>, <c>{dd}</c> and one run of zeros such as <c>{00000}</c>.
/// The count begins anew whenever a date part changes.
/// </summary>
public sealed partial class AutoNumberFormat
{
    /// <summary>The format of fields that say none.</summary>
    public const string Default = "{00000}";

    private const int LongestFormat = 80;
    private const int MostZeros = 18;
    private static readonly ImmutableArray<string> DateParts = ["yyyy", "yy", "MM", "dd"];

    private readonly string _format;

    /// <summary>Takes a format that <see cref="FindMistake"/> finds nothing wrong with.</summary>
    /// <param name="format">The format; null for <see cref="Default"/>.</param>
    /// <exception cref="ArgumentException">The format is wrong.</exception>
    public AutoNumberFormat(string? format)
    {
        _format = format ?? Default;
        if (FindMistake(_format) is { } mistake) throw new ArgumentException(mistake, nameof(format));
    }

    /// <summary>What is wrong with the format, in a sentence; null where nothing is.</summary>
    public static string? FindMistake(string format)
    {
        if (format.Length > LongestFormat) return $"The format is longer than {SettingChecks.Text(LongestFormat)} characters.";
        if (!TextValue.IsStorable(format) || TextValue.HasLineBreak(format)) return "The format has a character that cannot be stored on one line.";
        var parts = Part().Matches(format).Select(match => match.Groups[1].Value).ToList();
        if (Part().Replace(format, "").AsSpan().IndexOfAny('{', '}') >= 0) return "The format has a brace without its partner.";
        if (parts.FirstOrDefault(part => !IsZeros(part) && !DateParts.Contains(part)) is { } unknown) return $"The format has the unknown part {{{unknown}}}.";
        return parts.Count(IsZeros) switch
        {
            0 => "The format has no run of zeros, so that all numbers would be alike.",
            1 => parts.Single(IsZeros).Length > MostZeros ? $"The format has more than {SettingChecks.Text(MostZeros)} zeros." : null,
            _ => "The format has more than one run of zeros.",
        };
    }

    /// <summary>The period that a number is counted in, e.g. <c>2026-11</c>; empty where the count never begins anew. Two dates of one period have the same text.</summary>
    /// <param name="date">Day on which the number is given.</param>
    public string Period(DateOnly date) => string.Join('-', Part().Matches(_format).Select(match => match.Groups[1].Value).Where(part => !IsZeros(part)).Select(part => DatePart(part, date)));

    /// <summary>The number as it is stored. A count of more digits than there are zeros is written in full.</summary>
    /// <param name="date">Day on which the number is given.</param>
    /// <param name="count">Position in its period, from 1.</param>
    public string Write(DateOnly date, long count) => Part().Replace(_format, match => match.Groups[1].Value is var part && IsZeros(part)
        ? count.ToString(part, CultureInfo.InvariantCulture)
        : DatePart(part, date));

    private static string DatePart(string part, DateOnly date) => date.ToString(part, CultureInfo.InvariantCulture);

    private static bool IsZeros(string part) => part.Length > 0 && part.All(character => character == '0');

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
