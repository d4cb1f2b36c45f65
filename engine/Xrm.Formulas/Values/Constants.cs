using System.Globalization;

namespace Xrm.Formulas.Values;

/// <summary>Moments as formulas write them: <c>2024-12-31T23:59:59Z</c>, with or without seconds and fractions, in UTC.</summary>
internal static class Constants
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"];

    public static DateTime? Instant(string text) =>
        DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
