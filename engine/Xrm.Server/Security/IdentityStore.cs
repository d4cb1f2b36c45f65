using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Security;

/// <summary>
/// What ASP.NET Core Identity needs to check passkeys and codes of authenticators, over the tables of the catalogue. It reads, and keeps passkeys;
/// accounts themselves are changed by the stores of the catalogue, each in one statement that fits what it changes.
/// </summary>
internal sealed class IdentityStore(UserStore users, AuthenticatorKeys authenticators, PasskeyStore passkeys) : IUserPasskeyStore<User>, IUserAuthenticatorKeyStore<User>
{
    private const string ReadOnly = "Accounts are changed by UserStore and AccountStore.";

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? users.FindAsync(id, cancellationToken) : Task.FromResult<User?>(null);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => users.FindByNameAsync(normalizedUserName, cancellationToken);

    public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) => authenticators.FindAsync(user.Id, cancellationToken);

    public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken) => authenticators.SetAsync(user.Id, key, cancellationToken);

    public async Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var added = await passkeys.AddAsync(new Passkey(passkey.CredentialId, user.Id, passkey.Name ?? "", passkey.PublicKey, passkey.SignCount, passkey.Transports,
            passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientDataJson, passkey.CreatedAt.UtcDateTime, null), cancellationToken);
        if (!added) await passkeys.UseAsync(passkey.CredentialId, passkey.SignCount, passkey.IsBackedUp, cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        [.. (await passkeys.ListAsync(user.Id, cancellationToken)).Select(InfoOf)];

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(credentialId, cancellationToken) is { } passkey ? await users.FindAsync(passkey.UserId, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(credentialId, cancellationToken) is { } passkey && passkey.UserId == user.Id ? InfoOf(passkey) : null;

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => passkeys.RemoveAsync(user.Id, credentialId, cancellationToken);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException(ReadOnly);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException(ReadOnly);

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException(ReadOnly);

    // The manager calls it after each change, which is stored by then.
    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);

    public void Dispose()
    {
    }

    private static UserPasskeyInfo InfoOf(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, new DateTimeOffset(passkey.CreatedAt, TimeSpan.Zero), (uint)passkey.SignCount, passkey.Transports ?? [],
        passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientData)
    { Name = passkey.Name };
}
