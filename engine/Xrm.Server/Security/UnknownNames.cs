using Microsoft.Extensions.Caching.Memory;

namespace Xrm.Server.Security;

/// <summary>Locks names that nobody has, like those of users: the answer to many wrong passwords must not tell which names exist.</summary>
internal sealed class UnknownNames(IMemoryCache cache, TimeProvider time)
{
    private static readonly TimeSpan Unused = TimeSpan.FromHours(1);

    /// <summary>How long the name is locked; null where it is not.</summary>
    public TimeSpan? LockOf(string name) =>
        cache.TryGetValue(Key(name), out Tries? tries) && tries!.LockedUntil - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null;

    /// <summary>Counts a wrong password and, from the limit on, locks the name for a while.</summary>
    public void CountFailure(string name, int limit, TimeSpan length)
    {
        var tries = cache.GetOrCreate(Key(name), entry =>
        {
            entry.SetSize(1).SetSlidingExpiration(Unused);
            return new Tries();
        })!;
        lock (tries)
        {
            if (++tries.Count >= limit) tries.LockedUntil = time.GetUtcNow() + length;
        }
    }

    private static (string, string) Key(string name) => (nameof(UnknownNames), Convert.ToHexString(Secrets.Hash(name.Trim().ToLowerInvariant())));

    private sealed class Tries
    {
        public int Count { get; set; }

        public DateTimeOffset LockedUntil { get; set; }
    }
}
