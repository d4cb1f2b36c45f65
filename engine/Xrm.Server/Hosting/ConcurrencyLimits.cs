using System.Collections.Concurrent;
using Xrm.Data.Errors;

namespace Xrm.Server.Hosting;

/// <summary>How many long answers may be under way at once on this node, of each kind: for one user, and for all.</summary>
internal sealed class ConcurrencyLimits
{
    private readonly ConcurrentDictionary<(string Kind, Guid User), int> _running = new();

    /// <summary>Takes a place; dispose it to give it back.</summary>
    /// <param name="kind">What it is, in the plural, for the error.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="most">Most for one user, and for all users together.</param>
    /// <exception cref="XrmException">429: all places are taken.</exception>
    public IDisposable Enter(string kind, Guid user, (int OfUser, int OfAll) most)
    {
        var (own, all) = ((kind, user), (kind, Guid.Empty));
        if (!TryAdd(own, most.OfUser)) throw new XrmException("too_many_at_once", 429, $"You have {most.OfUser} {kind} under way. Wait until one of them has ended.");
        if (TryAdd(all, most.OfAll)) return new Place(this, own, all);
        Remove(own);
        throw new XrmException("too_many_at_once", 429, $"The server has {most.OfAll} {kind} under way, which is as many as it takes. Try again in a minute.") { RetryAfter = TimeSpan.FromMinutes(1) };
    }

    private bool TryAdd((string, Guid) key, int most)
    {
        if (_running.AddOrUpdate(key, 1, (_, count) => count + 1) <= most) return true;
        Remove(key);
        return false;
    }

    private void Remove((string, Guid) key)
    {
        if (_running.AddOrUpdate(key, 0, (_, count) => count - 1) == 0) _running.TryRemove(KeyValuePair.Create(key, 0));
    }

    private sealed class Place(ConcurrencyLimits limits, (string, Guid) own, (string, Guid) all) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0) return;
            limits.Remove(own);
            limits.Remove(all);
        }
    }
}
