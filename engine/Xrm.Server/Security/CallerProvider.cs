using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Security;

/// <summary>Turns the signed-in user of a request into the <see cref="Caller"/> that plans are made for.</summary>
internal sealed class CallerProvider(UserStore users, MembershipReader memberships, CurrentModel current, IMemoryCache cache, StatementLimits limits)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private long _generation;

    /// <summary>The caller of this request.</summary>
    /// <exception cref="XrmException">401: nobody is signed in, or the user is gone.</exception>
    public async ValueTask<Caller> GetAsync(HttpContext http, CancellationToken ct)
    {
        var id = http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw NotSignedIn();
        // Tokens have no session.
        var limit = http.User.HasClaim(IsSession) ? limits.People : limits.Services;
        return await FindAsync(Guid.Parse(id), limit, http.User.FindFirstValue(CredentialHandler.ScopeClaim), ct) ?? throw NotSignedIn();
    }

    /// <summary>A caller with the rights of that user, for whose work nobody waits.</summary>
    /// <exception cref="XrmException">401: there is no such user.</exception>
    public async Task<Caller> ForUserAsync(Guid userId, CancellationToken ct) => await FindUserAsync(userId, ct) ?? throw NotSignedIn();

    /// <summary>A caller with the rights of that user, for whose work nobody waits; null where there is no such user.</summary>
    public ValueTask<Caller?> FindUserAsync(Guid userId, CancellationToken ct) => FindAsync(userId, null, null, ct);

    /// <summary>Forgets what is known of users, after a change of somebody's rights.</summary>
    public void Forget() => Interlocked.Increment(ref _generation);

    /// <summary>The same object for all requests of some seconds, so that what was worked out for a caller can be kept with it.</summary>
    private async ValueTask<Caller?> FindAsync(Guid id, TimeSpan? limit, string? scope, CancellationToken ct)
    {
        // Before the database is asked: what it says may be outdated when it arrives.
        var key = (nameof(CallerProvider), id, limit, scope, Interlocked.Read(ref _generation));
        var published = current.Value;
        if (cache.TryGetValue(key, out Known? known) && ReferenceEquals(known!.Model, published.Model)) return known.Caller;
        if (await users.FindAsync(id, ct) is not { IsActive: true } user) return null;
        var own = await users.RolesAsync(id, ct);
        var seesReports = own.Any(name => published.Model.Roles.GetValueOrDefault(name)?.Entities.Values.Any(rights => rights.ReadReports) == true);
        var caller = new Caller(user.Id, user.UserName, user.DisplayName, own, user.IsAdministrator, published.Model)
        {
            Membership = await memberships.ReadAsync(published, id, seesReports, ct),
            Scope = scope is null ? null : TokenScope.Parse(scope),
            TimeLimit = limit is not null && user.IsAdministrator ? limits.Administrators : limit,
        };
        cache.Set(key, new Known(caller, published.Model), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return caller;
    }

    private static bool IsSession(Claim claim) => claim.Type == CredentialHandler.SessionClaim;

    private static XrmException NotSignedIn() => new("not_signed_in", 401, "Sign in first.");

    private sealed record Known(Caller Caller, Model Model);
}
