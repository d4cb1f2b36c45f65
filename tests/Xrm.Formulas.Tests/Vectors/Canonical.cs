using System.Globalization;

namespace Xrm.Formulas.Tests.Vectors;

/// <summary>Values as texts that can be compared between languages.</summary>
internal static class Canonical
{
    public static string? Of(object? value) => value switch
    {
        null => null,
        bool answer => answer ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
