using System.Globalization;
using System.Text.RegularExpressions;
using Xrm.Metadata.Checking;

namespace Xrm.Metadata.Compiled;

/// <summary>How long the audit keeps what happened to records, in the calendar's terms.</summary>
/// <param name="Months">Months, years included.</param>
/// <param name="Days">Days, weeks included.</param>
public sealed partial record AuditPeriod(int Months, int Days)
{
    /// <summary>Longest that can be meant: what is older was written by no computer.</summary>
    private const int MostYears = 200;

    /// <summary>Reads an ISO 8601 duration of years, months, weeks and days; null where it is none, or none that is longer than nothing.</summary>
    public static AuditPeriod? TryParse(string text)
    {
        var parts = Duration().Match(text);
        if (!parts.Success) return null;
        var period = new AuditPeriod(12 * Number("years") + Number("months"), 7 * Number("weeks") + Number("days"));
        return period is { Months: 0, Days: 0 } || period.Months > 12 * MostYears || period.Days > 366 * MostYears ? null : period;

        int Number(string part) => parts.Groups[part] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The time before which entries go.</summary>
    /// <param name="now">UTC time.</param>
    public DateTime Before(DateTime now) => now.AddMonths(-Months).AddDays(-Days);

    /// <summary>The end of the period.</summary>
    /// <param name="start">Its UTC start.</param>
    public DateTime After(DateTime start) => start.AddMonths(Months).AddDays(Days);

    internal static Problem Mistake(string text, SourceLocation location) =>
        new(ProblemCodes.DurationWrong, location, $"{text} is no time for which the audit is kept.", "Write an ISO 8601 duration of whole years, months, weeks or days, such as P7Y or P90D.");

    [GeneratedRegex(@"\AP(?!\z)((?<years>\d{1,3})Y)?((?<months>\d{1,4})M)?((?<weeks>\d{1,5})W)?((?<days>\d{1,5})D)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
