using Microsoft.Extensions.Caching.Memory;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Organisations;

/// <summary>
/// Finds the organisation of each request, and hands it over: to the one of its session or token, or of the host that it was sent to. It decides nothing about
/// rights; the organisation to which a request comes recognises none but its own sessions and tokens.
/// </summary>
internal sealed class OrganisationFront(OrganisationDirectory directory, OrganisationHosts hosts, SessionStore sessions, IMemoryCache cache)
{
    // Where a secret belongs never changes; what it opens is asked elsewhere.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Middleware before all that belongs to an organisation. With a single organisation it asks nothing.</summary>
    public Task RouteAsync(HttpContext http, RequestDelegate next) =>
        directory.HasOthers || http.Request.Headers.ContainsKey(AskedOrganisation.Header) ? FindAsync(http, next) : next(http);

    private async Task FindAsync(HttpContext http, RequestDelegate next)
    {
        // Pages and their files are the same for all.
        if (!http.Request.Path.StartsWithSegments("/api"))
        {
            await next(http);
            return;
        }
        var ofHost = directory.OfHost(http.Request.Host.Host);
        if (ofHost is not null) http.Features.Set(new AskedOrganisation(ofHost));
        var ofSecret = await OfSecretAsync(http);
        var named = http.Request.Headers[AskedOrganisation.Header].ToString();
        // Without a sign-in all names are answered alike: whoever signs in learns whether it is one of theirs.
        if (named.Length > 0 && (ofHost ?? ofSecret ?? named) != named)
        {
            await ProblemAnswers.WriteAsync(http, EntryOrganisation.Unknown(named), http.RequestAborted);
            return;
        }
        var name = ofHost ?? ofSecret ?? Database.Home;
        // What is left of an organisation that is gone opens nothing, in no other one either.
        if (name != Database.Home && await HostAsync(name, http.RequestAborted) is { } host) await host.RunAsync(http.Features);
        else await next(http);
    }

    private async ValueTask<OrganisationHost?> HostAsync(string name, CancellationToken ct)
    {
        if (directory.Find(name) is null) await directory.LoadAsync(ct);
        return directory.Find(name) is { } organisation ? await hosts.OpenAsync(organisation, ct) : null;
    }

    private async ValueTask<string?> OfSecretAsync(HttpContext http)
    {
        if (CredentialHandler.SecretOf(http.Request) is not { Length: > 0 } secret) return null;
        var (hash, isToken) = (Secrets.Hash(secret), CredentialHandler.TokenOf(http.Request) is not null);
        var key = (nameof(OrganisationFront), isToken, Convert.ToHexString(hash));
        if (cache.TryGetValue(key, out string? known)) return known;
        var found = await sessions.OrganisationOfAsync(hash, isToken, http.RequestAborted);
        if (found is not null) cache.Set(key, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = 1 });
        return found;
    }
}
