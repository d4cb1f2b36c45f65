using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;
using Xrm.Server.Security.Providers;

namespace Xrm.Server.Features.Auth;

/// <summary>Signing in and out.</summary>
internal static class AuthEndpoints
{
    private static readonly TimeSpan PendingLength = TimeSpan.FromMinutes(10);

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Auth").WithMetadata(new SmallBody());
        group.MapGet("/options", Options).AllowAnonymous();
        group.MapPost("/sign-in", SignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        group.MapPost("/second-step", SecondStepAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        group.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Policies.SignedIn).WithMetadata(new AllowedInPreview());
        group.MapGet("/me", MeAsync).RequireAuthorization(Policies.SignedIn);
        group.MapPost("/password", ChangePasswordAsync).RequireAuthorization(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
        group.MapSessions();
        group.MapTokens();
        group.MapSecondFactor();
        group.MapPasskeys();
        group.MapLinks();
        group.MapProviders();
    }

    private static Ok<SignInOptions> Options(HttpContext http, AccountLinks links, ProviderSettings providers) =>
        TypedResults.Ok(new SignInOptions(links.ServesStrangers(http), [.. providers.All.Select(provider => new ProviderName(provider.Key, provider.Name))]));

    private static async Task<Ok<SignedIn>> SignInAsync(Credentials body, HttpContext http, SignIn signIn, UserStore users, Sessions sessions, AuditTrail audit, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(body.UserName) || string.IsNullOrEmpty(body.Password))
            throw new XrmException("sign_in_refused", 401, "Enter your user name and your password.");
        var entry = await audit.SignInAsync(http, () => users.FindByNameAsync(body.UserName, ct), () => signIn.OpenAsync(body.UserName, body.Password, Visitor.Of(http), ct), ct);
        return EnterOrGoOn(http, entry, sessions);
    }

    /// <summary>Gives the browser its session, or the second step where one is to come.</summary>
    internal static Ok<SignedIn> EnterOrGoOn(HttpContext http, Entry entry, Sessions sessions)
    {
        if (entry.Session is not null) return Enter(http, entry, sessions);
        Cookies.Give(http, Cookies.Pending(http.Request), entry.Pending!, PendingLength);
        return TypedResults.Ok(new SignedIn(null, false, false, new NextStep(entry.Methods)));
    }

    private static async Task<Ok<SignedIn>> SecondStepAsync(Code body, HttpContext http, SignIn signIn, SecondFactor secondFactor, Sessions sessions, AuditTrail audit, AccountNotices notices, CancellationToken ct)
    {
        var pending = http.Request.Cookies[Cookies.Pending(http.Request)];
        var entry = await audit.SignInAsync(http, () => secondFactor.FindPendingAsync(pending, ct), () => signIn.FinishAsync(pending, body.Value, body.RecoveryCode, Visitor.Of(http), ct), ct);
        if (body.RecoveryCode is not null)
        {
            var left = (await secondFactor.FindAsync(entry.User.Id, ct)).RecoveryCodes;
            await audit.NoteInAsync(entry.Organisation!, http, AuditOperations.RecoveryCodeUsed, entry.User.Id, new { left }, ct);
            await notices.TellAsync(entry.User.Id, AccountChange.RecoveryCodeUsed, http, ct);
        }
        return Enter(http, entry, sessions);
    }

    /// <summary>Gives the browser its session and says who is signed in.</summary>
    internal static Ok<SignedIn> Enter(HttpContext http, Entry entry, Sessions sessions)
    {
        sessions.Give(http, entry.Session!);
        Cookies.Take(http, Cookies.Pending(http.Request));
        return TypedResults.Ok(SignedIn.From(entry.User, mustAddFactor: false));
    }

    private static async Task<NoContent> SignOutAsync(HttpContext http, Sessions sessions, AuditTrail audit, CancellationToken ct)
    {
        await audit.NoteAsync(http, AuditOperations.SignOut, http.UserId(), null, ct);
        if (http.SessionId() is { } session) await sessions.EndAsync(http.UserId(), session, ct);
        Sessions.Take(http);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SignedIn>> MeAsync(HttpContext http, UserStore users, CancellationToken ct)
    {
        var user = await users.FindMemberAsync(http.UserId(), ct) ?? throw new XrmException("not_signed_in", 401, "Sign in first.");
        return TypedResults.Ok(SignedIn.From(user, http.User.HasClaim(claim => claim.Type == CredentialHandler.MustAddFactorClaim)));
    }

    private static async Task<NoContent> ChangePasswordAsync(PasswordChange body, HttpContext http, SignIn signIn, AccountNotices notices, AuditTrail audit, CancellationToken ct)
    {
        await signIn.ChangePasswordAsync(http.UserId(), body.Current ?? "", body.Next ?? "", http.SessionId(), ct);
        await audit.NoteAsync(http, AuditOperations.PasswordChanged, http.UserId(), null, ct);
        await notices.TellAsync(http.UserId(), AccountChange.Password, http, ct);
        return TypedResults.NoContent();
    }

    /// <summary>What a visitor can do.</summary>
    /// <param name="PasswordReset">A link for a new password can be sent.</param>
    /// <param name="Providers">By which one can sign in.</param>
    internal sealed record SignInOptions(bool PasswordReset, ImmutableArray<ProviderName> Providers);

    /// <summary>An OpenID Connect provider.</summary>
    internal sealed record ProviderName(string Key, string Name);

    internal sealed record Credentials(string? UserName, string? Password);

    internal sealed record Code(string? Value, string? RecoveryCode);

    internal sealed record PasswordChange(string? Current, string? Next);

    /// <summary>Who is signed in, or what is still missing.</summary>
    /// <param name="User">The user; null where a second step is to come.</param>
    /// <param name="MustChangePassword">Nothing but the change of password is open.</param>
    /// <param name="MustAddSecondFactor">Nothing but adding a second factor is open.</param>
    /// <param name="SecondStep">The second step; null where there is none.</param>
    internal sealed record SignedIn(SignedInUser? User, bool MustChangePassword, bool MustAddSecondFactor, NextStep? SecondStep)
    {
        public static SignedIn From(User user, bool mustAddFactor) =>
            new(new SignedInUser(user.Id, user.UserName, user.DisplayName, user.IsAdministrator), user.MustChangePassword, mustAddFactor, null);
    }

    internal sealed record SignedInUser(Guid Id, string UserName, string DisplayName, bool IsAdministrator);

    /// <summary>The second step of a sign-in.</summary>
    /// <param name="Methods"><c>code</c>, <c>recovery_code</c>, <c>passkey</c>.</param>
    internal sealed record NextStep(ImmutableArray<string> Methods);
}
