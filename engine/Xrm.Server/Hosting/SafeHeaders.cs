using System.Security.Cryptography;

namespace Xrm.Server.Hosting;

/// <summary>Headers that tell browsers what they may do with an answer. Handlers may say something else of their own answers.</summary>
internal static class SafeHeaders
{
    // Answers of the API are data: nothing in them is to be shown as a page, run, framed or kept.
    private const string PolicyOfData = "default-src 'none'; frame-ancestors 'none'";

    // Scripts come from this server alone. Components set style attributes; style elements need the number that the page has, see style-nonce.ts.
    private const string PolicyOfPages =
        "default-src 'self'; script-src 'self'; style-src-elem 'self' 'nonce-{0}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private const string Abilities = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), screen-wake-lock=(), xr-spatial-tracking=()";

    /// <summary>Middleware: the headers of each answer.</summary>
    public static Task SetAsync(HttpContext http, RequestDelegate next)
    {
        Set(http);
        return next(http);
    }

    /// <summary>Sets the headers; also after an error, which makes the answer begin anew.</summary>
    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = PolicyOfData;
        if (http.Request.Path.StartsWithSegments("/api")) headers.CacheControl = "no-store";
    }

    /// <summary>Sets the headers of a page.</summary>
    /// <returns>The number that the style elements of this page must have: random, and good for this answer alone.</returns>
    public static string SetOfPage(HttpContext http)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = string.Format(System.Globalization.CultureInfo.InvariantCulture, PolicyOfPages, nonce);
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Abilities;
        headers.CacheControl = "no-store";
        return nonce;
    }
}
