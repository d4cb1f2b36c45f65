namespace Xrm.Server.Security;

/// <summary>Cookies that carry secrets.</summary>
internal static class Cookies
{
    /// <summary>Cookie of a sign-in that waits for its second step.</summary>
    public const string Pending = "xrm_pending";

    /// <summary>Cookie of a passkey's challenge.</summary>
    public const string Challenge = "xrm_challenge";

    /// <summary>Where cookies of a sign-in that is under way are sent.</summary>
    public const string AuthPath = "/api/auth";

    /// <summary>No script reads it, and no other site makes the browser send it.</summary>
    public static CookieOptions Options(HttpContext http, TimeSpan length, string path) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        MaxAge = length,
        Path = path,
    };
}
