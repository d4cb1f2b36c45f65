using System.Globalization;
using System.Xml;

namespace Xrm.Metadata.Compiled;

/// <summary>A script that runs at certain times.</summary>
/// <param name="Source">The schedule as written.</param>
/// <param name="Script">What it runs.</param>
public sealed record Schedule(Source.Schedule Source, Script Script)
{
    // Twice as long as it takes until every day of a month and every weekday have met.
    private const int MostDays = 800;

    /// <summary>Name, unique in the organisation.</summary>
    public string Name => Source.Name;

    /// <summary>What people call it.</summary>
    public string Label => Source.Label ?? Names.ToLabel(Source.Name);

    /// <summary>When it runs next.</summary>
    /// <param name="after">A UTC time.</param>
    /// <param name="zone">Time zone of the organisation.</param>
    /// <returns>The first time after it, in UTC; null where there is none, as on 31 June.</returns>
    public DateTime? Next(DateTime after, TimeZoneInfo zone)
    {
        if (Source.Every is { } every) return after + XmlConvert.ToTimeSpan(every);
        var time = TimeOnly.ParseExact(Source.At!, "HH:mm", CultureInfo.InvariantCulture);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(after, zone));
        for (var day = today; day < today.AddDays(MostDays); day = day.AddDays(1))
            if (IsOn(day) && Utc(day.ToDateTime(time), zone) is var moment && moment > after) return moment;
        return null;
    }

    private bool IsOn(DateOnly day) =>
        (Source.Weekdays.IsEmpty || Source.Weekdays.Contains(day.DayOfWeek.ToString().ToLowerInvariant()))
        && (Source.Days.IsEmpty || Source.Days.Contains(day.Day) || Source.Days.Contains(day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1));

    // A time that summer time leaves out is the one an hour later; of two, it is the first.
    private static DateTime Utc(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
