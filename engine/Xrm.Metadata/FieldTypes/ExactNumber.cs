using System.Globalization;
using System.Text.Json;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Reads JSON numbers digit by digit: nothing is rounded and nothing passes through binary floating point.</summary>
internal static class ExactNumber
{
    /// <summary>Digits that <see cref="decimal"/> holds whatever they are.</summary>
    internal const int MostDigits = 28;

    /// <summary>The number, or the reason why it does not fit.</summary>
    /// <param name="json">A JSON value.</param>
    /// <param name="precision">Digits in all.</param>
    /// <param name="scale">Digits after the point; zeros at the end do not count.</param>
    internal static ReadResult Read(JsonElement json, int precision, int scale)
    {
        if (json.ValueKind != JsonValueKind.Number) return ValueErrors.WrongType("a number");
        var (digits, exponent, negative) = Split(json.GetRawText());
        if (digits.Length == 0) return new(Zero(scale));
        if (digits.Length + exponent > precision - scale) return ValueErrors.OutOfRange($"at most {SettingChecks.Text(precision - scale)} digits before the decimal point");
        if (-exponent > scale) return ValueErrors.TooManyDecimals(scale);
        var value = decimal.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        for (; exponent > 0; exponent--) value *= 10;
        for (; exponent < 0; exponent++) value /= 10;
        return new((negative ? -value : value) + Zero(scale));
    }

    /// <summary>Digits that the number takes when it is written without an exponent, zeros at either end included.</summary>
    internal static long Extent(JsonElement json)
    {
        var (digits, exponent, _) = Split(json.GetRawText());
        return digits.Length == 0 ? 1 : digits.Length + Math.Abs(exponent);
    }

    /// <summary>Zero with that many digits after the point: adding it gives a value the digits that the database answers with.</summary>
    private static decimal Zero(int scale) => new(0, 0, 0, false, (byte)scale);

    /// <summary>Significant digits without zeros at either end, and the power of ten they are multiplied by. Raw text is a valid JSON number.</summary>
    private static (string Digits, long Exponent, bool Negative) Split(string raw)
    {
        var negative = raw[0] == '-';
        var end = raw.AsSpan().IndexOfAny('e', 'E');
        var mantissa = raw.AsSpan(negative ? 1 : 0, (end < 0 ? raw.Length : end) - (negative ? 1 : 0));
        var point = mantissa.IndexOf('.');
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        var trimmed = digits.TrimEnd('0');
        var exponent = (end < 0 ? 0 : Exponent(raw.AsSpan(end + 1))) - fraction + (digits.Length - trimmed.Length);
        return (trimmed.TrimStart('0'), exponent, negative);
    }

    // An exponent of more digits than a long is far outside every range, on the side that its sign says.
    private static long Exponent(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) ? exponent
        : text[0] == '-' ? int.MinValue : int.MaxValue;
}
