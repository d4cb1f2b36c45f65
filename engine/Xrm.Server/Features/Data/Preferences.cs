namespace Xrm.Server.Features.Data;

/// <summary>The <c>Prefer</c> header.</summary>
internal static class Preferences
{
    /// <summary>Whether the client wishes that; <c>name=value</c> where the preference has one.</summary>
    public static bool Has(HttpRequest request, string preference) => request.Headers["Prefer"].Any(header =>
        header?.Split(',', ';').Any(wish => wish.Trim().Equals(preference, StringComparison.OrdinalIgnoreCase)) == true);
}
