using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>Links in mails: invitations, new passwords, confirmed addresses. Each works once, for a while.</summary>
internal sealed class AccountLinks(Tickets tickets, AccountMails mails, PublicAddress address, AccountStore accounts, UserStore users)
{
    private const int InvitationDays = 7;
    private const int ResetMinutes = 60;
    private const int ConfirmationHours = 24;
    private const int MostResetsInAnHour = 3;
    private const int MostConfirmationsInAnHour = 5;

    /// <summary>True where mails with links can be sent on the request of a stranger.</summary>
    public bool ServesStrangers(HttpContext http) => address.ForStrangers(http) is not null;

    /// <summary>Invites somebody; earlier invitations become void.</summary>
    /// <returns>The link, for an administrator to hand over where no mail arrives.</returns>
    public async Task<string> InviteAsync(User user, string inviter, HttpContext http, CancellationToken ct)
    {
        await tickets.RemoveAsync(user.Id, TicketPurpose.Invitation, ct);
        var link = Link(address.ForAdministrators(http), "invitation", await tickets.IssueAsync(TicketPurpose.Invitation, user.Id, user.Email, TimeSpan.FromDays(InvitationDays), ct));
        await mails.InviteAsync(user.Email!, user.DisplayName, link, inviter, InvitationDays, IsGerman(http), ct);
        return link;
    }

    /// <summary>Makes an invitation void.</summary>
    /// <returns>False where there was none.</returns>
    public async Task<bool> RevokeInvitationAsync(Guid userId, CancellationToken ct) => await tickets.RemoveAsync(userId, TicketPurpose.Invitation, ct) > 0;

    /// <summary>Sends a link for a new password to the confirmed address of whoever has that name or address; does nothing where there is none. Nothing tells the one who asks.</summary>
    public async Task ForgottenAsync(string name, HttpContext http, CancellationToken ct)
    {
        if (address.ForStrangers(http) is not { } start || await accounts.FindByNameOrEmailAsync(name, ct) is not { } id
            || await accounts.ConfirmedEmailAsync(id, ct) is not { } email || await users.FindAsync(id, ct) is not { } account) return;
        if (await tickets.CountAsync(id, TicketPurpose.PasswordReset, TimeSpan.FromHours(1), ct) >= MostResetsInAnHour) return;
        var secret = await tickets.IssueAsync(TicketPurpose.PasswordReset, id, null, TimeSpan.FromMinutes(ResetMinutes), ct);
        await mails.ResetPasswordAsync(email, account.DisplayName, Link(start, "new-password", secret), ResetMinutes, IsGerman(http), ct);
    }

    /// <summary>Sends a link to an address that a user says is theirs.</summary>
    /// <exception cref="XrmException">409: the server does not know its own address; 429: too many mails.</exception>
    public async Task ConfirmEmailAsync(User user, string email, HttpContext http, CancellationToken ct)
    {
        var start = address.ForStrangers(http) ?? throw new XrmException("no_public_url", 409, "The server cannot send links: an administrator has to set XRM_PUBLIC_URL.");
        if (await tickets.CountAsync(user.Id, TicketPurpose.EmailConfirmation, TimeSpan.FromHours(1), ct) >= MostConfirmationsInAnHour)
            throw new XrmException("rate_limited", 429, $"{MostConfirmationsInAnHour} mails within an hour are the limit. Try again later.") { RetryAfter = TimeSpan.FromHours(1) };
        var secret = await tickets.IssueAsync(TicketPurpose.EmailConfirmation, user.Id, email, TimeSpan.FromHours(ConfirmationHours), ct);
        await mails.ConfirmEmailAsync(email, user.DisplayName, Link(start, "email", secret), ConfirmationHours, IsGerman(http), ct);
    }

    /// <summary>The user whom a link is for, and what was noted with it. The link stays good.</summary>
    /// <exception cref="XrmException">410: the link is not good any more.</exception>
    public Task<(User User, string? Note)> FindAsync(string? secret, string purpose, CancellationToken ct) => UserOfAsync(() => tickets.FindAsync(secret, purpose, ct), ct);

    /// <summary>As <see cref="FindAsync"/>, and the link is used up.</summary>
    /// <exception cref="XrmException">410: the link is not good any more.</exception>
    public Task<(User User, string? Note)> TakeAsync(string? secret, string purpose, CancellationToken ct) => UserOfAsync(() => tickets.TakeAsync(secret, purpose, ct), ct);

    /// <summary>Makes all links of a user for a purpose void.</summary>
    public Task RemoveAsync(Guid userId, string purpose, CancellationToken ct) => tickets.RemoveAsync(userId, purpose, ct);

    /// <summary>True where somebody reads German rather than English.</summary>
    public static bool IsGerman(HttpContext http) => http.Request.Headers.AcceptLanguage.ToString().TrimStart().StartsWith("de", StringComparison.OrdinalIgnoreCase);

    private async Task<(User User, string? Note)> UserOfAsync(Func<Task<Ticket?>> ticket, CancellationToken ct) =>
        await ticket() is { UserId: { } id } found && await users.FindAsync(id, ct) is { IsActive: true } user ? (user, found.Payload)
            : throw new XrmException("link_expired", 410, "This link was used already or has expired. Ask for a new one.");

    // Behind the number sign: what stands there is sent to no server, and ends in no log.
    private static string Link(string start, string page, string secret) => $"{start}/{page}#{secret}";
}
