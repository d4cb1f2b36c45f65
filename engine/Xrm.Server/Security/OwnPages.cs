using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Security;

/// <summary>
/// Refuses changes that pages of other sites ask for, whoever is signed in: no sign-in, sign-out or upload is done behind the back of somebody. Browsers say where
/// a request comes from, and no page can make them say otherwise. Programs with a token say nothing of it, and need not.
/// </summary>
internal static class OwnPages
{
    /// <summary>Middleware: refuses what comes from elsewhere.</summary>
    public static Task GuardAsync(HttpContext http, RequestDelegate next) => IsRead(http.Request) || CredentialHandler.TokenOf(http.Request) is not null || Origin(http.Request) != RequestOrigin.Elsewhere
        ? next(http) : ProblemAnswers.WriteAsync(http, new XrmException("cross_site", 403, "A page of another site cannot do this."), http.RequestAborted);

    /// <summary>True where a request may use the session cookie: it reads, or comes from our own pages for certain.</summary>
    public static bool MayUseCookie(HttpRequest request) => IsRead(request) || Origin(request) == RequestOrigin.Own;

    // Other sites can cause requests that read, but not learn the answers; strict cookies do not even travel with them.
    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    private static RequestOrigin Origin(HttpRequest request)
    {
        // Older browsers send Origin alone.
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site]) return site is "same-origin" or "none" ? RequestOrigin.Own : RequestOrigin.Elsewhere;
        if (request.Headers.Origin is not [{ Length: > 0 } origin]) return RequestOrigin.Unknown;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase) ? RequestOrigin.Own : RequestOrigin.Elsewhere;
    }

    private enum RequestOrigin
    {
        /// <summary>Nothing is said: a program.</summary>
        Unknown,
        Own,
        Elsewhere,
    }
}
