using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data;
using Xrm.Metadata.Source;

namespace Xrm.Server.Security;

/// <summary>Turns the signed-in user of a request into the <see cref="Caller"/> that plans are made for.</summary>
internal sealed class CallerProvider(UserStore users, CurrentModel current, IMemoryCache cache)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>The caller of this request.</summary>
    /// <exception cref="XrmException">401: nobody is signed in, or the user is gone.</exception>
    public async ValueTask<Caller> GetAsync(HttpContext http, CancellationToken ct)
    {
        var id = http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw NotSignedIn();
        return await FindAsync(Guid.Parse(id), ct) ?? throw NotSignedIn();
    }

    /// <summary>A caller with the rights of that user.</summary>
    /// <exception cref="XrmException">401: there is no such user.</exception>
    public async Task<Caller> ForUserAsync(Guid userId, CancellationToken ct) => await FindAsync(userId, ct) ?? throw NotSignedIn();

    /// <summary>Forgets what is known of a user, after a change of rights.</summary>
    public void Forget(Guid userId) => cache.Remove((nameof(CallerProvider), userId));

    /// <summary>The same object for all requests of some seconds, so that what was worked out for a caller can be kept with it.</summary>
    private async ValueTask<Caller?> FindAsync(Guid id, CancellationToken ct)
    {
        var key = (nameof(CallerProvider), id);
        var roles = current.Value.Model.Roles;
        if (cache.TryGetValue(key, out Known? known) && ReferenceEquals(known!.ModelRoles, roles)) return known.Caller;
        if (await users.FindAsync(id, ct) is not { IsActive: true } user) return null;
        var caller = new Caller(user.Id, user.UserName, user.DisplayName, await users.RolesAsync(id, ct), user.IsAdministrator, roles);
        cache.Set(key, new Known(caller, roles), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return caller;
    }

    private static XrmException NotSignedIn() => new("not_signed_in", 401, "Sign in first.");

    private sealed record Known(Caller Caller, FrozenDictionary<string, Role> ModelRoles);
}
