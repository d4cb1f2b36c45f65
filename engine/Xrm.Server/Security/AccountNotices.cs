using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>Tells people by mail what happened to their accounts, so that they notice when it was somebody else.</summary>
internal sealed class AccountNotices(AccountMails mails, AccountStore accounts)
{
    /// <summary>Tells the owner of an account; nobody where no address is confirmed.</summary>
    public async Task TellAsync(Guid userId, AccountChange change, HttpContext http, CancellationToken ct)
    {
        if (await accounts.FindAsync(userId, ct) is { IsEmailConfirmed: true, Email: { } email } account)
            await mails.TellAsync(email, account.DisplayName, change, AccountLinks.IsGerman(http), ct);
    }
}
