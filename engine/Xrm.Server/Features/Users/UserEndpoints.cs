using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Users;

/// <summary>People and service accounts, for administrators.</summary>
internal static class UserEndpoints
{
    private const int Most = 500;
    private const int LongestSearch = 100;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/administration/users").WithTags("Users").RequireAuthorization(Policies.Administrator).WithMetadata(new SmallBody());
        group.MapGet("", ListAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapPost("", InviteAsync);
        group.MapPost("/service-accounts", AddServiceAsync);
        group.MapPatch("/{id:guid}", ChangeAsync).RequireAuthorization(Policies.Fresh);
        group.MapPost("/{id:guid}/invitation", InviteAgainAsync);
        group.MapDelete("/{id:guid}/invitation", RevokeInvitationAsync);
        group.MapPost("/{id:guid}/password", ResetPasswordAsync).RequireAuthorization(Policies.Fresh);
        group.MapDelete("/{id:guid}/second-factor", ResetFactorAsync).RequireAuthorization(Policies.Fresh);
        group.MapCredentials();
    }

    private static async Task<Ok<UserList>> ListAsync(string? search, AccountStore accounts, CurrentModel current, CancellationToken ct)
    {
        if (search?.Length > LongestSearch) throw XrmException.Invalid([new FieldError("search", "too_long", $"Search for at most {LongestSearch} characters.")]);
        var users = await accounts.ListAsync(search?.Trim() ?? "", Most, ct);
        var roles = current.Value.Model.Roles.Values.Select(role => new RoleView(role.Name, role.Label ?? role.Name)).OrderBy(role => role.Label, StringComparer.OrdinalIgnoreCase);
        return TypedResults.Ok(new UserList([.. users.Select(UserView.Of)], [.. roles]));
    }

    private static async Task<Ok<UserView>> GetAsync(Guid id, AccountStore accounts, CancellationToken ct) => TypedResults.Ok(UserView.Of(await accounts.FindAsync(id, ct) ?? throw Unknown()));

    private static async Task<Created<Invited>> InviteAsync(Invitation body, HttpContext http, UserAdministration administration, AccountStore accounts, AuditTrail audit, CancellationToken ct)
    {
        var (id, link) = await administration.InviteAsync(body, http, ct);
        await NoteAsync(http, audit, null, await accounts.FindAsync(id, ct), ct);
        return TypedResults.Created($"/api/administration/users/{id}", new Invited(id, link));
    }

    private static async Task<Created<AddedService>> AddServiceAsync(ServiceAccount body, HttpContext http, UserAdministration administration, AccountStore accounts, AuditTrail audit, CancellationToken ct)
    {
        var id = await administration.AddServiceAsync(body, ct);
        await NoteAsync(http, audit, null, await accounts.FindAsync(id, ct), ct);
        return TypedResults.Created($"/api/administration/users/{id}", new AddedService(id));
    }

    private static async Task<Ok<UserView>> ChangeAsync(Guid id, UserChange body, HttpContext http, AccountStore accounts, AccountGuard guard, UserAdministration administration, AuditTrail audit, CancellationToken ct)
    {
        var before = await accounts.FindAsync(id, ct) ?? throw Unknown();
        if (body.IsInstallationAdministrator is not null || body.DisplayName is not null || (before.IsInstallationAdministrator && (body.IsActive ?? body.IsAdministrator) is not null))
            await guard.CheckAsync(before, body.IsInstallationAdministrator is not null, http, ct);
        await administration.ChangeAsync(before, body, ct);
        var after = await accounts.FindAsync(id, ct) ?? throw Unknown();
        await NoteAsync(http, audit, before, after, ct);
        return TypedResults.Ok(UserView.Of(after));
    }

    /// <summary>Writes down what somebody may do now and could do before, where that has changed.</summary>
    private static async Task NoteAsync(HttpContext http, AuditTrail audit, Account? before, Account? after, CancellationToken ct)
    {
        var (was, now) = (Rights.Of(before), Rights.Of(after));
        if (was is not null && now is not null && was.Roles.SequenceEqual(now.Roles) && (was.IsAdministrator, was.IsActive, was.IsInstallationAdministrator) == (now.IsAdministrator, now.IsActive, now.IsInstallationAdministrator)) return;
        await audit.NoteAsync(http, AuditOperations.RolesChanged, http.UserId(), new { user = after?.Id ?? before?.Id, before = was, after = now }, ct);
    }

    private static async Task<Ok<Invited>> InviteAgainAsync(Guid id, HttpContext http, AccountStore accounts, AccountGuard guard, UserAdministration administration, CancellationToken ct)
    {
        await guard.CheckAsync(await accounts.FindAsync(id, ct) ?? throw Unknown(), false, http, ct);
        return TypedResults.Ok(new Invited(id, await administration.InviteAgainAsync(id, http, ct)));
    }

    private static async Task<NoContent> RevokeInvitationAsync(Guid id, HttpContext http, AccountStore accounts, AccountGuard guard, AccountLinks links, CancellationToken ct)
    {
        await guard.CheckAsync(await accounts.FindAsync(id, ct) ?? throw Unknown(), false, http, ct);
        return await links.RevokeInvitationAsync(id, ct) ? TypedResults.NoContent() : throw new XrmException("no_invitation", 404, "There is no open invitation for this user.");
    }

    private static async Task<Ok<OneTimePassword>> ResetPasswordAsync(Guid id, UserStore users, AccountStore accounts, AccountGuard guard, HttpContext http, Passwords passwords, Sessions sessions, AuditTrail audit, AccountNotices notices, CancellationToken ct)
    {
        if (await accounts.FindAsync(id, ct) is not { IsService: false } account || await users.FindAsync(id, ct) is not { } user) throw Unknown();
        await guard.CheckAsync(account, false, http, ct);
        var (password, expiresAt) = await passwords.ResetAsync(user, ct);
        await audit.NoteAsync(http, AuditOperations.PasswordChanged, http.UserId(), new { user = id }, ct);
        await sessions.EndAllAsync(id, null, ct);
        await notices.TellAsync(id, AccountChange.Password, http, ct);
        return TypedResults.Ok(new OneTimePassword(password, expiresAt));
    }

    private static async Task<NoContent> ResetFactorAsync(Guid id, HttpContext http, AccountStore accounts, AccountGuard guard, SecondFactor factor, Sessions sessions, CredentialNotes notes, CancellationToken ct)
    {
        await guard.CheckAsync(await accounts.FindAsync(id, ct) ?? throw Unknown(), false, http, ct);
        var before = await factor.ResetAsync(id, ct);
        await sessions.EndAllAsync(id, null, ct);
        await notes.TellAsync(http, AuditOperations.SecondFactorRemoved, id, user => new { user, authenticator = before.IsConfirmed, before.Passkeys }, new AccountNews(AccountChange.SecondFactorsReset), ct);
        return TypedResults.NoContent();
    }

    /// <summary>What an account may do.</summary>
    private sealed record Rights(string[] Roles, bool IsAdministrator, bool IsActive, bool IsInstallationAdministrator)
    {
        public static Rights? Of(Account? account) => account is null ? null : new Rights(account.Roles, account.IsAdministrator, account.IsActive, account.IsInstallationAdministrator);
    }

    internal static XrmException Unknown() => new("user_unknown", 404, "There is no such user.");

    /// <summary>Accounts, at most 500, and the roles that there are.</summary>
    internal sealed record UserList(UserView[] Users, RoleView[] Roles);

    internal sealed record RoleView(string Name, string Label);

    /// <summary>An account; its state is <c>active</c>, <c>invited</c>, <c>locked</c> or <c>inactive</c>.</summary>
    internal sealed record UserView(
        Guid Id, string UserName, string DisplayName, string? Email, bool IsEmailConfirmed, bool IsService, bool IsAdministrator, string State,
        bool HasPassword, bool HasAuthenticator, int Passkeys, DateTime? LastSignInAt, DateTime CreatedAt, string[] Roles,
        bool IsInstallationAdministrator, bool IsElsewhere)
    {
        public static UserView Of(Account account) => new(
            account.Id, account.UserName, account.DisplayName, account.Email, account.IsEmailConfirmed, account.IsService, account.IsAdministrator, StateOf(account),
            account.HasPassword, account.HasAuthenticator, account.Passkeys, account.LastSignInAt, account.CreatedAt, account.Roles, account.IsInstallationAdministrator, account.IsElsewhere);

        private static string StateOf(Account account) => account switch
        {
            { IsActive: false } => "inactive",
            { LockedUntil: not null } => "locked",
            { IsInvited: true } => "invited",
            _ => "active",
        };
    }

    /// <summary>An invitation, with the link that was sent, to hand over where no mail arrives.</summary>
    internal sealed record Invited(Guid Id, string Link);

    internal sealed record AddedService(Guid Id);

    /// <summary>A password to hand over, and the UTC time until which it is good.</summary>
    internal sealed record OneTimePassword(string Password, DateTime ExpiresAt);
}
