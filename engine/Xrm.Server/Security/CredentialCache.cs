using Microsoft.Extensions.Caching.Memory;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>Remembers recognised secrets for a few seconds, so that a page that makes ten calls asks the database once.</summary>
internal sealed class CredentialCache(SessionStore sessions, IMemoryCache cache)
{
    // The longest time for which a session that ended on another node still opens this one.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>What the secret stands for, or null.</summary>
    public async Task<Credential?> FindAsync(string secret, bool isToken, CancellationToken ct)
    {
        var hash = Secrets.Hash(secret);
        var key = (nameof(CredentialCache), isToken, Convert.ToHexString(hash));
        if (cache.TryGetValue(key, out Credential? known)) return known;
        var found = isToken ? await sessions.FindTokenAsync(hash, ct) : await sessions.FindSessionAsync(hash, ct);
        if (found is not null) cache.Set(key, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return found;
    }

    /// <summary>Forgets a secret at once: its session ended or its user changed.</summary>
    public void Forget(string secret) => cache.Remove((nameof(CredentialCache), false, Convert.ToHexString(Secrets.Hash(secret))));
}
