using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>Tells people by mail what happened to their accounts, so that they notice when it was somebody else.</summary>
internal sealed class AccountNotices(AccountMails mails, AccountStore accounts)
{
    /// <summary>Tells the owner of an account, in the language of the last sign-in; nobody where no address is confirmed.</summary>
    public async Task TellAsync(Guid userId, AccountNews news, HttpContext http, CancellationToken ct)
    {
        if (await accounts.FindAsync(userId, ct) is { IsEmailConfirmed: true, Email: { } email } account)
            await mails.TellAsync(email, account.DisplayName, news, AccountMails.IsGerman(account.Language) ?? AccountLinks.IsGerman(http), ct);
    }

    /// <summary>Tells the owner at the address that was theirs until now that it is another one.</summary>
    public Task TellFormerAsync(string email, User user, HttpContext http, CancellationToken ct) =>
        mails.TellAsync(email, user.DisplayName, new AccountNews(AccountChange.Email), AccountLinks.IsGerman(http), ct);

    /// <summary>Tells the owner of an account news without a name.</summary>
    public Task TellAsync(Guid userId, AccountChange change, HttpContext http, CancellationToken ct) => TellAsync(userId, new AccountNews(change), http, ct);
}
