using Microsoft.Extensions.Caching.Memory;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>Remembers recognised secrets for a few seconds, so that a page that makes ten calls asks the database once.</summary>
internal sealed class CredentialCache(SessionStore sessions, IMemoryCache cache, CredentialEpoch epoch, TimeProvider time)
{
    // The longest time for which a session that ended on another node still opens this one.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    // How exactly the last use is known: each write costs.
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMinutes(5);

    /// <summary>What the secret stands for, or null.</summary>
    public async Task<Credential?> FindAsync(string secret, bool isToken, CancellationToken ct)
    {
        var hash = Secrets.Hash(secret);
        // Before the database is asked: what it says may be outdated when it arrives.
        var key = (nameof(CredentialCache), isToken, Convert.ToHexString(hash), epoch.Value);
        if (cache.TryGetValue(key, out Credential? known)) return known;
        var found = isToken ? await sessions.FindTokenAsync(hash, ct) : await sessions.FindSessionAsync(hash, ct);
        if (found is null) return null;
        cache.Set(key, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        if (found.SeenAt is not { } seen || time.GetUtcNow().UtcDateTime - seen >= BetweenNotes) await sessions.TouchAsync(found.Id, isToken, ct);
        return found;
    }

    /// <summary>Forgets all secrets at once: something has ended, or somebody's rights have changed. They are recognised anew when they come again.</summary>
    public void Forget() => epoch.Next();
}

/// <summary>What all organisations of this process share of what they remember: when something has ended, it has in all of them.</summary>
internal sealed class CredentialEpoch
{
    private long _value;

    /// <summary>Grows whenever what is remembered may be wrong.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>From now on nothing counts that was remembered before.</summary>
    public void Next() => Interlocked.Increment(ref _value);
}
