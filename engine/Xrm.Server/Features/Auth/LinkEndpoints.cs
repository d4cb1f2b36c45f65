using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>What links in mails lead to: a new password, an invitation, a confirmed address.</summary>
internal static class LinkEndpoints
{
    public static void MapLinks(this IEndpointRouteBuilder group)
    {
        var links = group.MapGroup("").AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        links.MapPost("/password/forgotten", Forgotten);
        links.MapPost("/password/reset", ResetAsync);
        links.MapPost("/invitation", LookAsync);
        links.MapPost("/invitation/accept", AcceptAsync);
        links.MapPost("/email/confirm", ConfirmEmailAsync);
        group.MapGet("/email", GetEmailAsync).RequireAuthorization(Policies.Person);
        group.MapPost("/email", ChangeEmailAsync).RequireAuthorization(Policies.FullPerson);
    }

    private static Accepted Forgotten(ForgottenPassword body, HttpContext http, AccountLinks links, IHostApplicationLifetime lifetime)
    {
        // After the answer: neither its text nor its time may tell whether somebody has that name.
        if (body.Name?.Trim() is { Length: > 0 and <= 254 } name) http.Response.OnCompleted(() => links.ForgottenAsync(name, http, lifetime.ApplicationStopping));
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<NoContent> ResetAsync(NewPassword body, HttpContext http, AccountLinks links, AccountNotices notices, PasswordEntry entry, AuditTrail audit)
    {
        var user = await entry.SetByLinkAsync(body.Secret, TicketPurpose.PasswordReset, body.Password ?? "", http.RequestAborted);
        await audit.NoteAsync(http, AuditOperations.PasswordChanged, user.Id, null, http.RequestAborted);
        await links.RemoveAsync(user.Id, TicketPurpose.PasswordReset, http.RequestAborted);
        await notices.TellAsync(user.Id, AccountChange.Password, http, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Invitation>> LookAsync(LinkSecret body, AccountLinks links, CancellationToken ct)
    {
        var (user, _) = await links.FindAsync(body.Secret, TicketPurpose.Invitation, ct);
        return TypedResults.Ok(new Invitation(user.UserName, user.DisplayName));
    }

    private static async Task<Ok<AuthEndpoints.SignedIn>> AcceptAsync(NewPassword body, HttpContext http, PasswordEntry entry, SignIn signIn, Sessions sessions, AuditTrail audit)
    {
        var user = await entry.SetByLinkAsync(body.Secret, TicketPurpose.Invitation, body.Password ?? "", http.RequestAborted);
        return AuthEndpoints.Enter(http, await audit.SignInAsync(http, () => Task.FromResult<User?>(user), () => signIn.OpenAsync(user, hasSecondFactor: false, Visitor.Of(http), http.RequestAborted), http.RequestAborted), sessions);
    }

    private static async Task<NoContent> ConfirmEmailAsync(LinkSecret body, HttpContext http, AccountLinks links, AccountStore accounts, AccountNotices notices, CancellationToken ct)
    {
        var (user, email) = await links.TakeAsync(body.Secret, TicketPurpose.EmailConfirmation, ct);
        var former = await accounts.ConfirmedEmailAsync(user.Id, ct);
        if (!await accounts.ConfirmEmailAsync(user.Id, email!, ct)) throw new XrmException("email_taken", 409, "This address belongs to another account.");
        if (former is not null && !former.Equals(email, StringComparison.OrdinalIgnoreCase)) await notices.TellFormerAsync(former, user, http, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<EmailView>> GetEmailAsync(HttpContext http, AccountStore accounts, CancellationToken ct)
    {
        var account = await accounts.FindAsync(http.UserId(), ct);
        return TypedResults.Ok(new EmailView(account?.Email, account?.IsEmailConfirmed ?? false));
    }

    private static async Task<Accepted> ChangeEmailAsync(EmailChange body, HttpContext http, Passwords passwords, AccountLinks links, CancellationToken ct)
    {
        var email = PersonText.Email(body.Email, "email");
        await links.ConfirmEmailAsync(await passwords.ConfirmAsync(http.UserId(), body.Password ?? "", "password", ct), email, http, ct);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>A user name or an address.</summary>
    internal sealed record ForgottenPassword(string? Name);

    internal sealed record NewPassword(string? Secret, string? Password);

    internal sealed record LinkSecret(string? Secret);

    internal sealed record Invitation(string UserName, string DisplayName);

    internal sealed record EmailView(string? Email, bool IsConfirmed);

    internal sealed record EmailChange(string? Email, string? Password);
}
