using System.Globalization;
using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Reads hours, minutes, seconds and fractions of a second.</summary>
internal static partial class ClockTime
{
    private const int MicrosecondDigits = 6;

    /// <summary>Ticks since midnight, whole microseconds; null where the text is no time of day. Digits beyond the microsecond are dropped: PostgreSQL has no place for them.</summary>
    internal static long? Read(string text)
    {
        var match = Clock().Match(text);
        if (!match.Success) return null;
        var (hours, minutes, seconds) = (Number(match.Groups[1]), Number(match.Groups[2]), match.Groups[3].Success ? Number(match.Groups[3]) : 0);
        if (hours > 23 || minutes > 59 || seconds > 59) return null;
        var fraction = match.Groups[4].Value.PadRight(MicrosecondDigits, '0')[..MicrosecondDigits];
        var microseconds = long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        return ((hours * 60 + minutes) * 60 + seconds) * TimeSpan.TicksPerSecond + microseconds * TimeSpan.TicksPerMicrosecond;
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,18}))?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
