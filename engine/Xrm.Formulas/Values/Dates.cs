namespace Xrm.Formulas.Values;

/// <summary>Calculations with dates. Null where the result lies outside the years 1 to 9999.</summary>
internal static class Dates
{
    private const int LastMonth = 9999 * 12;

    public static DateOnly? DayOf(DateTime instant, string timeZone)
    {
        var ticks = instant.Ticks + TimeZoneInfo.FindSystemTimeZoneById(timeZone).GetUtcOffset(instant).Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : DateOnly.FromDateTime(new DateTime(ticks));
    }

    public static DateTime? AddDays(DateTime value, int days)
    {
        var ticks = value.Ticks + (days * TimeSpan.TicksPerDay);
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTime(ticks, value.Kind);
    }

    public static DateTime? AddMonths(DateTime value, int months)
    {
        var month = (value.Year * 12) + value.Month - 1 + months;
        return month < 12 || month >= LastMonth + 12 ? null : value.AddMonths(months);
    }

    public static DateTime? AddYears(DateTime value, int years) => AddMonths(value, years * 12);

    public static int DiffMonths(DateOnly from, DateOnly to)
    {
        var months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
        if (to > from && to.Day < from.Day) return months - 1;
        return to < from && to.Day > from.Day ? months + 1 : months;
    }

    public static DateOnly StartOfMonth(DateOnly date) => new(date.Year, date.Month, 1);

    public static DateOnly EndOfMonth(DateOnly date) => new(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month));
}
