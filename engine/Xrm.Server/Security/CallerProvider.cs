using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data;

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
        var (user, roles) = await FindAsync(Guid.Parse(id), ct) ?? throw NotSignedIn();
        return For(user, roles);
    }

    /// <summary>A caller with the rights of that user.</summary>
    /// <exception cref="XrmException">401: there is no such user.</exception>
    public async Task<Caller> ForUserAsync(Guid userId, CancellationToken ct)
    {
        var (user, roles) = await FindAsync(userId, ct) ?? throw NotSignedIn();
        return For(user, roles);
    }

    /// <summary>Forgets what is known of a user, after a change of rights.</summary>
    public void Forget(Guid userId) => cache.Remove((nameof(CallerProvider), userId));

    private Caller For(User user, ImmutableHashSet<string> roles) =>
        new(user.Id, user.UserName, user.DisplayName, roles, user.IsAdministrator, current.Value.Model.Roles);

    private async ValueTask<(User, ImmutableHashSet<string>)?> FindAsync(Guid id, CancellationToken ct)
    {
        var key = (nameof(CallerProvider), id);
        if (cache.TryGetValue(key, out (User, ImmutableHashSet<string>) known)) return known;
        if (await users.FindAsync(id, ct) is not { IsActive: true } user) return null;
        var found = (user, await users.RolesAsync(id, ct));
        cache.Set(key, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return found;
    }

    private static XrmException NotSignedIn() => new("not_signed_in", 401, "Sign in first.");
}
