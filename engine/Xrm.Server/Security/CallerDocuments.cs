using Microsoft.Extensions.Caching.Memory;
using Xrm.Data;
using Xrm.Data.Access;

namespace Xrm.Server.Security;

/// <summary>Keeps documents that depend on the model, the caller's roles and the scope of a token alone, such as the description of the API.</summary>
internal sealed class CallerDocuments(IMemoryCache cache)
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(20);

    /// <summary>The document, made where it is not known yet.</summary>
    /// <param name="kind">Name of the document.</param>
    /// <param name="published">The model.</param>
    /// <param name="caller">For whom it is.</param>
    /// <param name="make">Makes it.</param>
    public byte[] Get(string kind, PublishedModel published, Caller caller, Func<PublishedModel, Caller, byte[]> make)
    {
        var rights = caller.IsUnlimited ? "*" : $"{caller.IsUserAdministrator} {caller.Scope} {string.Join(',', caller.Roles.Order(StringComparer.Ordinal))}";
        var key = (kind, published, rights);
        if (cache.TryGetValue(key, out byte[]? known) && known is not null) return known;
        var made = make(published, caller);
        cache.Set(key, made, new MemoryCacheEntryOptions { SlidingExpiration = Unused, Size = 1 });
        return made;
    }
}
