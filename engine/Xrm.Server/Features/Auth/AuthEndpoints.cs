using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>Signing in and out.</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Auth");
        group.MapPost("/sign-in", SignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        group.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Policies.SignedIn);
        group.MapGet("/me", MeAsync).RequireAuthorization(Policies.SignedIn);
        group.MapPost("/password", ChangePasswordAsync).RequireAuthorization(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
    }

    private static async Task<Ok<SignedIn>> SignInAsync(Credentials body, HttpContext http, SignIn signIn, AuditTrail audit, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(body.UserName) || string.IsNullOrEmpty(body.Password))
            throw new XrmException("sign_in_refused", 401, "Enter your user name and your password.");
        var (user, secret) = await audit.SignInAsync(http, body.UserName, () => signIn.OpenAsync(body.UserName, body.Password, http.Request.Headers.UserAgent, ct), ct);
        http.Response.Cookies.Append(CredentialHandler.CookieName, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Strict,
            MaxAge = SignIn.SessionLength,
            Path = "/",
        });
        return TypedResults.Ok(SignedIn.From(user));
    }

    private static async Task<NoContent> SignOutAsync(HttpContext http, SessionStore sessions, CredentialCache credentials, AuditTrail audit, CancellationToken ct)
    {
        await audit.NoteAsync(http, AuditOperations.SignOut, UserOf(http), null, ct);
        if (SessionOf(http) is { } session) await sessions.RemoveSessionAsync(session, ct);
        ForgetCookie(http, credentials);
        http.Response.Cookies.Delete(CredentialHandler.CookieName);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SignedIn>> MeAsync(HttpContext http, UserStore users, CancellationToken ct)
    {
        var user = await users.FindAsync(UserOf(http), ct) ?? throw new XrmException("not_signed_in", 401, "Sign in first.");
        return TypedResults.Ok(SignedIn.From(user));
    }

    private static async Task<NoContent> ChangePasswordAsync(PasswordChange body, HttpContext http, SignIn signIn, CredentialCache credentials, AuditTrail audit, CancellationToken ct)
    {
        await signIn.ChangePasswordAsync(UserOf(http), body.Current ?? "", body.Next ?? "", SessionOf(http), ct);
        await audit.NoteAsync(http, AuditOperations.PasswordChanged, UserOf(http), null, ct);
        ForgetCookie(http, credentials);
        return TypedResults.NoContent();
    }

    private static void ForgetCookie(HttpContext http, CredentialCache credentials)
    {
        if (http.Request.Cookies[CredentialHandler.CookieName] is { } secret) credentials.Forget(secret);
    }

    private static Guid UserOf(HttpContext http) => Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!);

    private static Guid? SessionOf(HttpContext http) => http.User.FindFirstValue(CredentialHandler.SessionClaim) is { } id ? Guid.Parse(id) : null;

    internal sealed record Credentials(string? UserName, string? Password);

    internal sealed record PasswordChange(string? Current, string? Next);

    internal sealed record SignedIn(SignedInUser User, bool MustChangePassword)
    {
        public static SignedIn From(User user) => new(new SignedInUser(user.Id, user.UserName, user.DisplayName, user.IsAdministrator), user.MustChangePassword);
    }

    internal sealed record SignedInUser(Guid Id, string UserName, string DisplayName, bool IsAdministrator);
}
