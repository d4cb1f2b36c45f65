using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>Sets a password for somebody who holds a link.</summary>
internal sealed class PasswordEntry(AccountLinks links, Passwords passwords, Sessions sessions, AccountStore accounts)
{
    /// <summary>Sets the password; the link is used up where that succeeds. All sessions of the user end. An invitation shows that the address is the user's.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="XrmException">410: the link is not good any more; 400: the password is too weak.</exception>
    public async Task<User> SetByLinkAsync(string? secret, string purpose, string password, CancellationToken ct)
    {
        // A weak password does not cost the link.
        var (user, _) = await links.FindAsync(secret, purpose, ct);
        passwords.Check(user, password, "password");
        var (_, address) = await links.TakeAsync(secret, purpose, ct);
        await passwords.SetAsync(user, password, "password", null, ct);
        await sessions.EndAllAsync(user.Id, null, ct);
        if (purpose == TicketPurpose.Invitation && address is not null) await accounts.ConfirmEmailAsync(user.Id, address, ct);
        return user with { MustChangePassword = false, LockedUntil = null };
    }
}
