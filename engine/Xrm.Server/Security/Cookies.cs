namespace Xrm.Server.Security;

/// <summary>
/// Cookies that carry secrets. No script reads them, and no other site makes the browser send them. Behind https their names begin with <c>__Host-</c>: browsers then
/// take them from this very host alone, so that no other host of the same domain can plant one.
/// </summary>
internal static class Cookies
{
    private const string Host = "__Host-";
    private const string OfSession = "xrm_session";
    private const string OfPending = "xrm_pending";
    private const string OfChallenge = "xrm_challenge";
    private const string OfProvider = "xrm_provider";
    private const string OfPreview = "xrm_preview";

    /// <summary>Name of the cookie of a session.</summary>
    public static string Session(HttpRequest request) => request.IsHttps ? Host + OfSession : OfSession;

    /// <summary>Name of the cookie of a sign-in that waits for its second step.</summary>
    public static string Pending(HttpRequest request) => request.IsHttps ? Host + OfPending : OfPending;

    /// <summary>Name of the cookie of a passkey's challenge.</summary>
    public static string Challenge(HttpRequest request) => request.IsHttps ? Host + OfChallenge : OfChallenge;

    /// <summary>Name of the cookie of a sign-in that is under way at a provider.</summary>
    public static string Provider(HttpRequest request) => request.IsHttps ? Host + OfProvider : OfProvider;

    /// <summary>Name of the cookie that says as whom an administrator sees the application.</summary>
    public static string Preview(HttpRequest request) => request.IsHttps ? Host + OfPreview : OfPreview;

    /// <summary>Gives the browser a secret.</summary>
    public static void Give(HttpContext http, string name, string secret, TimeSpan length) => http.Response.Cookies.Append(name, secret, Options(http, length));

    /// <summary>Takes a secret from the browser.</summary>
    public static void Take(HttpContext http, string name) => http.Response.Cookies.Delete(name, Options(http, null));

    private static CookieOptions Options(HttpContext http, TimeSpan? length) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        MaxAge = length,
        Path = "/",
    };
}
