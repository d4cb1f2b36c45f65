using System.Numerics;

namespace Xrm.Formulas.Values;

/// <summary>
/// The arithmetic of formulas: exact decimals, results rounded half away from zero to 12 digits after the point.
/// <see cref="decimal"/> alone would round products of many digits by its own rule, and PostgreSQL would not.
/// Null where there is no result: an operand is null, the divisor is zero, or the result has more than 28 digits.
/// </summary>
internal static class Exact
{
    /// <summary>Digits after the point that results keep.</summary>
    public const int Scale = 12;

    /// <summary>Literals are smaller than this: with 12 digits after the point they still fit a <see cref="decimal"/>.</summary>
    public const decimal Limit = 10_000_000_000_000_000m;

    private static readonly BigInteger Largest = new(decimal.MaxValue);

    public static decimal? Add(decimal left, decimal right) => Sum(left, right);

    public static decimal? Subtract(decimal left, decimal right) => Sum(left, -right);

    public static decimal? Multiply(decimal left, decimal right) =>
        From(Mantissa(left) * Mantissa(right), left.Scale + right.Scale);

    public static decimal? Divide(decimal left, decimal right)
    {
        if (right == 0) return null;
        // One digit more than is kept, cut off: its value decides the rounding, and what was cut behind it cannot change that.
        var shift = Scale + 1 + right.Scale - left.Scale;
        var (numerator, denominator) = (Mantissa(left), Mantissa(right));
        if (shift >= 0) numerator *= BigInteger.Pow(10, shift);
        else denominator *= BigInteger.Pow(10, -shift);
        return From(BigInteger.Divide(numerator, denominator), Scale + 1);
    }

    public static decimal? Remainder(decimal left, decimal right) => right == 0 ? null : left % right;

    /// <summary>Rounds half away from zero to so many digits after the point; before it where negative.</summary>
    public static decimal? Round(decimal value, int digits) => From(Mantissa(value), value.Scale, digits);

    /// <summary>The number nearest to a binary one, by its first 15 digits, as PostgreSQL converts it; null where it is too large or no number.</summary>
    public static decimal? FromFloat(double value) => Math.Abs(value) < 1e15 ? Round((decimal)value, Scale) : null;

    /// <summary>Without zeros at its end.</summary>
    public static decimal Trimmed(decimal value) => value / 1.000000000000000000000000000000000m;

    private static decimal? Sum(decimal left, decimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        var sum = (Mantissa(left) * BigInteger.Pow(10, scale - left.Scale)) + (Mantissa(right) * BigInteger.Pow(10, scale - right.Scale));
        return From(sum, scale, scale);
    }

    private static decimal? From(BigInteger mantissa, int scale, int digits = Scale)
    {
        if (scale > digits)
        {
            var unit = BigInteger.Pow(10, scale - digits);
            mantissa = (mantissa + (mantissa.Sign * unit / 2)) / unit;
            scale = digits;
        }
        if (scale < 0)
        {
            mantissa *= BigInteger.Pow(10, -scale);
            scale = 0;
        }
        // Zeros at the end cost room that the next operation may need.
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        if (BigInteger.Abs(mantissa) > Largest) return null;
        var bits = decimal.GetBits((decimal)BigInteger.Abs(mantissa));
        return new decimal(bits[0], bits[1], bits[2], mantissa.Sign < 0, (byte)scale);
    }

    private static BigInteger Mantissa(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return value < 0 ? -magnitude : magnitude;
    }
}
