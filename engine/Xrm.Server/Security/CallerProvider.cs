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
    /// <exception cref="XrmException">401: nobody is signed in, or the user is gone; 403: a preview that is not for the user, or whose person is gone.</exception>
    public async ValueTask<Caller> GetAsync(HttpContext http, CancellationToken ct)
    {
        var id = http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw NotSignedIn();
        if (AccessPreview.Of(http.User) is { } preview) return await PreviewAsync(Guid.Parse(id), preview, ct);
        // Tokens have no session.
        var limit = http.User.HasClaim(IsSession) ? limits.People : limits.Services;
        return await FindAsync(Guid.Parse(id), limit, (http.User.FindFirstValue(CredentialHandler.ScopeClaim), null), ct) ?? throw NotSignedIn();
    }

    /// <summary>A caller with the rights of that user, for whose work nobody waits.</summary>
    /// <exception cref="XrmException">401: there is no such user.</exception>
    public async Task<Caller> ForUserAsync(Guid userId, CancellationToken ct) => await FindUserAsync(userId, ct) ?? throw NotSignedIn();

    /// <summary>A caller with the rights of that user, for whose work nobody waits; null where there is no such user.</summary>
    public ValueTask<Caller?> FindUserAsync(Guid userId, CancellationToken ct) => FindAsync(userId, null, (null, null), ct);

    /// <summary>Forgets what is known of users, after a change of somebody's rights.</summary>
    public void Forget() => Interlocked.Increment(ref _generation);

    /// <summary>Who sees the application as others has their rights, and none of an administrator.</summary>
    private async Task<Caller> PreviewAsync(Guid id, AccessPreview preview, CancellationToken ct)
    {
        var administrator = await FindAsync(id, limits.People, (null, null), ct) ?? throw NotSignedIn();
        if (!administrator.IsAdministrator) throw new XrmException("preview_not_allowed", 403, "Only administrators may see the application as others. End the preview: DELETE /api/access/preview, or sign out.");
        return await FindAsync(preview.User ?? id, limits.People, (null, preview), ct)
            ?? throw new XrmException("preview_user_gone", 403, "The person as whom you see the application is not active any more. End the preview: DELETE /api/access/preview.");
    }

    /// <summary>The same object for all requests of some seconds, so that what was worked out for a caller can be kept with it.</summary>
    private async ValueTask<Caller?> FindAsync(Guid id, TimeSpan? limit, (string? Scope, AccessPreview? Preview) bounds, CancellationToken ct)
    {
        // Before the database is asked: what it says may be outdated when it arrives.
        var key = (nameof(CallerProvider), id, limit, bounds.Scope, bounds.Preview?.ToString(), Interlocked.Read(ref _generation));
        var published = current.Value;
        if (cache.TryGetValue(key, out Known? known) && ReferenceEquals(known!.Model, published.Model)) return known.Caller;
        if (await users.FindMemberAsync(id, ct) is not { IsActive: true } user) return null;
        var isPreview = bounds.Preview is not null;
        var own = bounds.Preview is { Roles.IsEmpty: false } preview ? [.. preview.Roles] : await users.RolesAsync(id, ct);
        var seesReports = own.Any(name => published.Model.Roles.GetValueOrDefault(name)?.Entities.Values.Any(rights => rights.ReadReports) == true);
        var caller = new Caller(user.Id, user.UserName, user.DisplayName, own, user.IsAdministrator && !isPreview, published.Model)
        {
            Membership = await memberships.ReadAsync(published, id, seesReports, ct),
            Scope = bounds.Scope is null ? null : TokenScope.Parse(bounds.Scope),
            IsPreview = isPreview,
            TimeLimit = limit is not null && user.IsAdministrator && !isPreview ? limits.Administrators : limit,
        };
        cache.Set(key, new Known(caller, published.Model), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return caller;
    }

    private static bool IsSession(Claim claim) => claim.Type == CredentialHandler.SessionClaim;

    private static XrmException NotSignedIn() => new("not_signed_in", 401, "Sign in first.");

    private sealed record Known(Caller Caller, Model Model);
}
