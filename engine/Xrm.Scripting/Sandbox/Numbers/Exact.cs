using System.Globalization;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>Decimals and the JavaScript numbers that stand for them. A number means the shortest decimal that is written so: 0.1 is a tenth.</summary>
internal static class Exact
{
    /// <summary>Largest whole number up to which all are JavaScript numbers.</summary>
    public const double LargestWhole = 9007199254740992;

    private const double LargestDecimal = 7.9e28;
    private const double SmallestDecimal = 1e-28;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The decimal that a number means; null beyond what decimals can hold.</summary>
    public static decimal? Of(double number)
    {
        if (!double.IsFinite(number) || Math.Abs(number) > LargestDecimal || (number != 0 && Math.Abs(number) < SmallestDecimal)) return null;
        if (IsWhole(number)) return (decimal)(long)number;
        // The conversion of .NET keeps 15 digits, which is nearly always all of it.
        var cut = (decimal)number;
        return (double)cut == number ? cut : decimal.TryParse(number.ToString("R", Invariant), NumberStyles.Float, Invariant, out var whole) ? whole : cut;
    }

    /// <summary>The number that means a decimal; null where none does.</summary>
    public static double? Number(decimal value)
    {
        var number = (double)value;
        return IsWhole(number) ? (decimal)(long)number == value ? number : null : Of(number) == value ? number : null;
    }

    /// <summary>A whole number that is exact.</summary>
    public static bool IsWhole(double number) => Math.Abs(number) <= LargestWhole && Math.Floor(number) == number;

    /// <summary>All digits, without zeros behind the last.</summary>
    public static string Text(decimal value) => value.ToString("0.############################", Invariant);
}
