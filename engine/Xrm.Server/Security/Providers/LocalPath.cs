namespace Xrm.Server.Security.Providers;

/// <summary>Pages of this application, to which a browser may be sent on.</summary>
internal static class LocalPath
{
    private const int Longest = 2000;

    /// <summary>The path where it is one of this application; else the first page. Browsers take <c>//host</c> and <c>/\host</c> for another server.</summary>
    public static string Of(string? written) =>
        written is { Length: > 0 and <= Longest } && written[0] == '/' && !written.StartsWith("//", StringComparison.Ordinal) && !written.Any(letter => char.IsControl(letter) || letter == '\\') ? written : "/";
}
