using Xrm.Data.Catalogue;

namespace Xrm.Server.Security.Protection;

/// <summary>
/// The keys that authenticators share with the server, encrypted in the catalogue. What was stored in clear before is encrypted when it is next read. A server
/// without a master key stores them in clear, as it has to be able to read them.
/// </summary>
internal sealed class AuthenticatorKeys(AuthenticatorStore store, SecretProtection protection)
{
    /// <summary>No key in base 32 begins so.</summary>
    private const string Mark = "p:";

    /// <summary>A user's key in base 32; null for none.</summary>
    public async Task<string?> FindAsync(Guid userId, CancellationToken ct)
    {
        if (await store.FindKeyAsync(userId, ct) is not { } stored) return null;
        if (stored.StartsWith(Mark, StringComparison.Ordinal)) return protection.Unprotect(Purpose(userId), Convert.FromBase64String(stored[Mark.Length..]));
        if (protection.IsAvailable) await store.ReplaceKeyAsync(userId, stored, Protected(userId, stored), ct);
        return stored;
    }

    /// <summary>Stores a key that has yet to be confirmed.</summary>
    /// <returns>False where the user has one that is confirmed.</returns>
    public Task<bool> SetAsync(Guid userId, string key, CancellationToken ct) => store.SetKeyAsync(userId, protection.IsAvailable ? Protected(userId, key) : key, ct);

    private string Protected(Guid userId, string key) => Mark + Convert.ToBase64String(protection.Protect(Purpose(userId), key));

    private static string Purpose(Guid userId) => $"authenticator {userId:D}";
}
