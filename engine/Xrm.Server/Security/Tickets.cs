using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>What a ticket opens. The words are stored.</summary>
internal static class TicketPurpose
{
    /// <summary>The second step of a sign-in: the password was right.</summary>
    public const string SecondStep = "second_step";

    /// <summary>Registering a passkey; the payload is the state of the challenge.</summary>
    public const string PasskeyRegistration = "passkey_registration";

    /// <summary>Signing in with a passkey; the payload is the state of the challenge.</summary>
    public const string PasskeySignIn = "passkey_sign_in";

    /// <summary>A sign-in at a provider; the payload is a <see cref="Providers.ProviderErrand"/>.</summary>
    public const string ProviderSignIn = "provider_sign_in";

    /// <summary>A new password for somebody who has forgotten theirs.</summary>
    public const string PasswordReset = "password_reset";

    /// <summary>A first password for somebody who was invited. Administrators see by it who is invited.</summary>
    public const string Invitation = "invitation";

    /// <summary>An address that is the user's; the payload is the address.</summary>
    public const string EmailConfirmation = "email_confirmation";
}

/// <summary>Hands out one-time rights and takes them back.</summary>
internal sealed class Tickets(TicketStore store, TimeProvider time)
{
    private const int LongestSecret = 100;

    /// <summary>Makes a ticket.</summary>
    /// <param name="purpose">See <see cref="TicketPurpose"/>.</param>
    /// <param name="userId">Whose account it opens; null where that is not known yet.</param>
    /// <param name="payload">A note for whoever takes it; null for none.</param>
    /// <param name="length">How long it is good.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Its secret, which is stored nowhere.</returns>
    public async Task<string> IssueAsync(string purpose, Guid? userId, string? payload, TimeSpan length, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var secret = Secrets.NewSession();
        await store.AddAsync(new NewTicket(Guid.CreateVersion7(now), Secrets.Hash(secret), purpose, userId, payload, (now + length).UtcDateTime), ct);
        return secret;
    }

    /// <summary>Takes a ticket; null where it is unknown, was taken or has expired.</summary>
    public Task<Ticket?> TakeAsync(string? secret, string purpose, CancellationToken ct) =>
        HashOf(secret) is { } hash ? store.TakeAsync(hash, purpose, ct) : Task.FromResult<Ticket?>(null);

    /// <summary>Looks at a ticket, which stays; null where it is unknown, was taken or has expired.</summary>
    public Task<Ticket?> FindAsync(string? secret, string purpose, CancellationToken ct) =>
        HashOf(secret) is { } hash ? store.FindAsync(hash, purpose, ct) : Task.FromResult<Ticket?>(null);

    /// <summary>Counts a try with a ticket; null where it is unknown, was taken, has expired or was tried as often as it may be.</summary>
    public Task<Ticket?> TryAsync(string? secret, string purpose, int most, CancellationToken ct) =>
        HashOf(secret) is { } hash ? store.TryAsync(hash, purpose, most, ct) : Task.FromResult<Ticket?>(null);

    /// <summary>Removes a ticket.</summary>
    /// <returns>False where somebody else has removed it.</returns>
    public Task<bool> RemoveAsync(Ticket ticket, CancellationToken ct) => store.RemoveAsync(ticket.Id, ct);

    /// <summary>Removes all tickets of a user for a purpose.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> RemoveAsync(Guid userId, string purpose, CancellationToken ct) => store.RemoveAsync(userId, purpose, ct);

    /// <summary>How many live tickets for a purpose a user has got within a time.</summary>
    public Task<int> CountAsync(Guid userId, string purpose, TimeSpan within, CancellationToken ct) => store.CountAsync(userId, purpose, (time.GetUtcNow() - within).UtcDateTime, ct);

    private static byte[]? HashOf(string? secret) => secret is { Length: > 0 and <= LongestSecret } ? Secrets.Hash(secret) : null;
}
