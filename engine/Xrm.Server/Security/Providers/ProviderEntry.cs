using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security.Providers;

/// <summary>What came of an errand at a provider.</summary>
/// <param name="Entry">The sign-in; null where somebody who is signed in has linked an account.</param>
/// <param name="ReturnTo">Page of the application to go on with: a path.</param>
internal sealed record ProviderOutcome(Entry? Entry, string ReturnTo);

/// <summary>Does what somebody was sent to a provider for.</summary>
internal sealed class ProviderEntry(ProviderSignIn signIn, ProviderAccounts accounts, ProviderInvitations invitations, ProviderNotes notes, SignIn sessions)
{
    /// <summary>Signs the person in, links the account, or accepts the invitation.</summary>
    /// <exception cref="XrmException">401, 403, 409, 410: that cannot be; the message says why.</exception>
    public async Task<ProviderOutcome> EnterAsync(Provider provider, ProviderAnswer answer, HttpContext http, CancellationToken ct)
    {
        var (person, errand, userId) = await signIn.FinishAsync(provider, answer, http, ct);
        if (errand.Kind == ErrandKind.Link)
        {
            // Whoever has left this browser meanwhile has not asked for it.
            if (http.SessionId() is null || http.UserId() != userId) throw new XrmException("not_signed_in", 401, "You are not signed in any more. Sign in, then link the account again.");
            await accounts.LinkAsync(userId.Value, provider, person, ct);
            await notes.LinkedAsync(userId.Value, provider, http, ct);
            return new ProviderOutcome(null, errand.ReturnTo);
        }
        var (user, isNew) = errand.Kind == ErrandKind.Invitation ? (await invitations.AcceptAsync(userId!.Value, provider, person, ct), true) : await accounts.FindAsync(provider, person, ct);
        if (isNew) await notes.LinkedAsync(user.Id, provider, http, ct);
        if (await accounts.AssignRolesAsync(user.Id, provider, person.Groups, notes.KnownRoles, ct) is { } roles) await notes.RolesChangedAsync(user, roles.Before, roles.After, http, ct);
        return new ProviderOutcome(await sessions.OpenByProviderAsync(user, person.HasSecondFactor, Visitor.Of(http), ct), errand.ReturnTo);
    }
}

/// <summary>Invitations that are accepted by an account elsewhere in place of a password.</summary>
internal sealed class ProviderInvitations(AccountLinks links, AccountStore store, ProviderAccounts accounts)
{
    /// <summary>The user whom an invitation is for. It stays good.</summary>
    /// <exception cref="XrmException">410: it is not good any more.</exception>
    public async Task<Guid> FindAsync(string secret, CancellationToken ct) => (await links.FindAsync(secret, TicketPurpose.Invitation, ct)).User.Id;

    /// <summary>Links the account elsewhere with the one that was made for the invitation, which is used up. Whoever holds it has shown that its address is theirs.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="XrmException">410: the invitation was accepted or revoked meanwhile; 409: the account elsewhere belongs to somebody.</exception>
    public async Task<User> AcceptAsync(Guid userId, Provider provider, ProviderPerson person, CancellationToken ct)
    {
        if (await store.FindAsync(userId, ct) is not { IsInvited: true, IsActive: true } account) throw new XrmException("link_expired", 410, "This link was used already or has expired. Ask for a new one.");
        var user = await accounts.LinkAsync(userId, provider, person, ct);
        await links.RevokeInvitationAsync(userId, ct);
        if (account.Email is { } address) await store.ConfirmEmailAsync(userId, address, ct);
        return user;
    }
}

/// <summary>Tells the audit and the owner what an account elsewhere has brought about.</summary>
internal sealed class ProviderNotes(AuditTrail audit, AccountNotices notices, CurrentModel current, CredentialCache credentials, CallerProvider callers)
{
    /// <summary>Names of the roles of the model.</summary>
    public IReadOnlyCollection<string> KnownRoles => current.Value.Model.Roles.Keys;

    /// <summary>An account elsewhere signs a user in from now on.</summary>
    public async Task LinkedAsync(Guid userId, Provider provider, HttpContext http, CancellationToken ct)
    {
        await audit.NoteAsync(http, AuditOperations.IdentityLinked, userId, new { provider = provider.Key }, ct);
        await notices.TellAsync(userId, AccountChange.Identity, http, ct);
    }

    /// <summary>Groups at the provider have changed a user's roles.</summary>
    public async Task RolesChangedAsync(User user, string[] before, string[] after, HttpContext http, CancellationToken ct)
    {
        credentials.Forget();
        callers.Forget();
        await audit.NoteAsync(http, AuditOperations.RolesChanged, user.Id, new { user = user.Id, before = Rights(before), after = Rights(after) }, ct);

        object Rights(string[] roles) => new { roles, user.IsAdministrator, user.IsActive };
    }
}
