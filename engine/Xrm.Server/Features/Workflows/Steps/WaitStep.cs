using System.Globalization;
using System.Text.RegularExpressions;
using Xrm.Formulas;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Waits for some time, or until a time that the record says. A time that is past or empty does not wait.</summary>
internal sealed partial class WaitStep : IWorkflowStep
{
    public string Type => "wait";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        if (call.Step.For is { } duration) return new StepOutcome(call.Next, After(call.UtcNow, duration));
        var until = call.Bind(call.Step.Until ?? "null", "until", FormulaUse.Computed);
        var value = (await call.EvaluateAsync([until], ct))[0];
        return new StepOutcome(call.Next, value switch
        {
            DateTime instant => instant,
            DateOnly day => Beginning(day, TimeZoneInfo.FindSystemTimeZoneById(call.Records.Published.Model.TimeZone)),
            _ => null,
        });
    }

    /// <summary>The first moment of a day in a time zone. Where clocks are put forward at midnight, the day begins later.</summary>
    private static DateTime Beginning(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        // Where they are put back there, midnight comes twice: the earlier has the larger offset.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    /// <summary>The end of an ISO 8601 duration. Months and years are those of the calendar, which XmlConvert does not know, nor weeks.</summary>
    private static DateTime After(DateTime start, string duration)
    {
        var parts = Duration().Match(duration);
        try
        {
            return start.AddYears(Number("years")).AddMonths(Number("months")).AddDays(7L * Number("weeks") + Number("days"))
                .AddHours(Number("hours")).AddMinutes(Number("minutes")).AddSeconds(Number("seconds"));
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new StepFailedException($"{duration} from now is no time that the calendar knows.", isFinal: true, exception);
        }

        int Number(string part) => parts.Groups[part] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\AP((?<weeks>\d+)W|((?<years>\d+)Y)?((?<months>\d+)M)?((?<days>\d+)D)?(T((?<hours>\d+)H)?((?<minutes>\d+)M)?((?<seconds>\d+)S)?)?)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
