using System.Security.Claims;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>Who has sent a request, by the ids that its credential stands for.</summary>
internal static class RequestUser
{
    /// <summary>Id of the signed-in user.</summary>
    /// <exception cref="XrmException">401: nobody is signed in.</exception>
    public static Guid UserId(this HttpContext http) => http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id ? Guid.Parse(id) : throw new XrmException("not_signed_in", 401, "Sign in first.");

    /// <summary>Id of the session; null for an access token.</summary>
    public static Guid? SessionId(this HttpContext http) => http.User.FindFirstValue(CredentialHandler.SessionClaim) is { } id ? Guid.Parse(id) : null;
}
