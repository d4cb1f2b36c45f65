using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;

namespace Xrm.Formulas.Functions;

/// <summary>Functions over numbers.</summary>
internal static partial class NumberFunctions
{
    public static ImmutableArray<Function> All { get; } =
    [
        new("round(number)", "The nearest whole number; halves go away from zero.")
        {
            Parameters = [Kinds.Number], Result = FormulaType.Number with { Scale = 0 }, Sql = "round({0})",
            Value = (given, _) => Exact.Round((decimal)given[0]!, 0),
        },
        new("round(number, digits)", "Rounded to so many digits after the point (before it where negative); halves go away from zero. The digits are a number written in the formula, -12 to 12.")
        {
            Parameters = [Kinds.Number, Kinds.Number], Result = FormulaType.Number, Sql = "round({0}, cast({1} as integer))", HasLiteralDigits = true,
            Value = (given, _) => Exact.Round((decimal)given[0]!, (int)(decimal)given[1]!),
        },
        new("floor(number)", "The largest whole number that is not larger.")
        {
            Parameters = [Kinds.Number], Result = FormulaType.Number with { Scale = 0 }, Sql = "floor({0})",
            Value = (given, _) => decimal.Floor((decimal)given[0]!),
        },
        new("ceil(number)", "The smallest whole number that is not smaller.")
        {
            Parameters = [Kinds.Number], Result = FormulaType.Number with { Scale = 0 }, Sql = "ceil({0})",
            Value = (given, _) => decimal.Ceiling((decimal)given[0]!),
        },
        new("abs(number)", "The number without its sign.")
        {
            Parameters = [Kinds.Number], Result = FormulaType.Number, Sql = "abs({0})",
            Value = (given, _) => Math.Abs((decimal)given[0]!),
        },
        new("number(text)", "The number that a text such as '-12.50' says; null where it says none (at most 16 digits before the point and 12 after it).")
        {
            Parameters = [Kinds.Text], Result = FormulaType.Number,
            Sql = "(case when {0} ~ '^[+-]?[0-9]{1,16}([.][0-9]{1,12})?$' then cast({0} as numeric) end)",
            Value = (given, _) => Digits().IsMatch((string)given[0]!) ? decimal.Parse((string)given[0]!, CultureInfo.InvariantCulture) : null,
        },
        .. Extremes("min", "least", "smallest", -1),
        .. Extremes("max", "greatest", "largest", 1),
    ];

    private static IEnumerable<Function> Extremes(string name, string sql, string adjective, int sign) =>
        from one in new[] { (Kinds.Number, FormulaType.Number), (Kinds.Date, FormulaType.Date), (Kinds.DateTime, FormulaType.DateTime) }
        select new Function($"{name}(a, b, …)", $"The {adjective} of numbers, dates or dates with time; nulls do not take part.")
        {
            Parameters = [one.Item1],
            IsVariadic = true,
            IsStrict = false,
            Result = one.Item2,
            Sql = sql + "({*})",
            Value = (given, _) => given.Aggregate((best, next) => next is null || (best is not null && Comparison.Compare(next, best) * sign <= 0) ? best : next),
        };

    [GeneratedRegex(@"^[+-]?[0-9]{1,16}([.][0-9]{1,12})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
