using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;

namespace Xrm.Formulas.Functions;

/// <summary>Functions over dates. Dates lie between 0001-01-01 and 9999-12-31: what would lie outside is null.</summary>
internal static class DateFunctions
{
    private const string Utc = "{0} at time zone 'UTC'";

    private static readonly Adding Days = new("addDays", "days", "Days later, of 24 hours each where there is a time; a fraction of the count is dropped.", Dates.AddDays)
    {
        DateFits = "{0} - date '0001-01-01' + trunc({1}) between 0 and 3652058",
        DateSum = "{0} + cast(trunc({1}) as integer)",
        InstantFits = "extract(epoch from {0}) + trunc({1}) * 86400 between -62135596800 and 253402300799.999999",
        InstantSum = "{0} + cast(trunc({1}) as integer) * interval '24 hours'",
    };

    private static readonly Adding Months = new("addMonths", "months", "Months later; the last day of the month where it has no such day. A fraction of the count is dropped.", Dates.AddMonths)
    {
        DateFits = "extract(year from {0}) * 12 + extract(month from {0}) - 1 + trunc({1}) between 12 and 119999",
        DateSum = "cast({0} + make_interval(months => cast(trunc({1}) as integer)) as date)",
        InstantFits = $"extract(year from {Utc}) * 12 + extract(month from {Utc}) - 1 + trunc({{1}}) between 12 and 119999",
        InstantSum = $"({Utc} + make_interval(months => cast(trunc({{1}}) as integer))) at time zone 'UTC'",
    };

    private static readonly Adding Years = new("addYears", "years", "Years later; 28 February where there is no 29th. A fraction of the count is dropped.", Dates.AddYears)
    {
        DateFits = "extract(year from {0}) + trunc({1}) between 1 and 9999",
        DateSum = "cast({0} + make_interval(years => cast(trunc({1}) as integer)) as date)",
        InstantFits = $"extract(year from {Utc}) + trunc({{1}}) between 1 and 9999",
        InstantSum = $"({Utc} + make_interval(years => cast(trunc({{1}}) as integer))) at time zone 'UTC'",
    };

    public static ImmutableArray<Function> All { get; } =
    [
        new("today()", "The present day in the organisation's time zone.")
        {
            Parameters = [], Result = FormulaType.Date with { IsNullable = false }, IsDeterministic = false, Sql = "{today}",
            Value = (_, scope) => Dates.DayOf(scope.UtcNow, scope.TimeZone),
        },
        new("now()", "The present moment.")
        {
            Parameters = [], Result = FormulaType.DateTime with { IsNullable = false }, IsDeterministic = false, Sql = "{now}",
            Value = (_, scope) => Stored.Instant(scope.UtcNow),
        },
        new("date(datetime)", "The day of a moment in the organisation's time zone.")
        {
            Parameters = [Kinds.DateTime], Result = FormulaType.Date, IsDeterministic = false, Sql = "nullif(nullif(cast({0} at time zone {zone} as date), date '10000-01-01'), date '0001-12-31 BC')",
            Value = (given, scope) => Dates.DayOf((DateTime)given[0]!, scope.TimeZone),
        },
        .. Days.Functions(),
        .. Months.Functions(),
        .. Years.Functions(),
        new("diffDays(from, to)", "Whole days from one date to another; negative where the second is earlier.")
        {
            Parameters = [Kinds.Date, Kinds.Date], Result = FormulaType.Integer, Sql = "cast({1} - {0} as bigint)",
            Value = (given, _) => (decimal)(((DateOnly)given[1]!).DayNumber - ((DateOnly)given[0]!).DayNumber),
        },
        new("diffDays(from, to)", "Whole days of 24 hours from one moment to another.")
        {
            Parameters = [Kinds.DateTime, Kinds.DateTime], Result = FormulaType.Integer, Sql = "cast(trunc(extract(epoch from {1} - {0}) / 86400) as bigint)",
            Value = (given, _) => (decimal)((DateTime)given[1]! - (DateTime)given[0]!).Days,
        },
        new("diffMonths(from, to)", "Complete months from one date to another; negative where the second is earlier.")
        {
            Parameters = [Kinds.Date, Kinds.Date], Result = FormulaType.Integer,
            Sql = "cast((extract(year from {1}) - extract(year from {0})) * 12 + extract(month from {1}) - extract(month from {0})"
                + " - (case when {1} > {0} and extract(day from {1}) < extract(day from {0}) then 1"
                + " when {1} < {0} and extract(day from {1}) > extract(day from {0}) then -1 else 0 end) as bigint)",
            Value = (given, _) => (decimal)Dates.DiffMonths((DateOnly)given[0]!, (DateOnly)given[1]!),
        },
        Part("year", "The year.", "year", date => date.Year),
        Part("month", "The month, 1 to 12.", "month", date => date.Month),
        Part("day", "The day of the month, 1 to 31.", "day", date => date.Day),
        Part("weekday", "The day of the week, 1 (Monday) to 7 (Sunday).", "isodow", date => date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek),
        new("startOfMonth(date)", "The first day of the month.")
        {
            Parameters = [Kinds.Date], Result = FormulaType.Date, Sql = "cast(date_trunc('month', cast({0} as timestamp)) as date)",
            Value = (given, _) => Dates.StartOfMonth((DateOnly)given[0]!),
        },
        new("endOfMonth(date)", "The last day of the month.")
        {
            Parameters = [Kinds.Date], Result = FormulaType.Date, Sql = "cast(date_trunc('month', cast({0} as timestamp)) + interval '1 month -1 day' as date)",
            Value = (given, _) => Dates.EndOfMonth((DateOnly)given[0]!),
        },
    ];

    private static Function Part(string name, string summary, string field, Func<DateOnly, int> part) =>
        new($"{name}(date)", summary + " Of a moment: in the organisation's time zone.")
        {
            Parameters = [Kinds.Date],
            Result = FormulaType.Integer,
            Sql = $"cast(extract({field} from {{0}}) as bigint)",
            Value = (given, _) => (decimal)part((DateOnly)given[0]!),
        };
}
