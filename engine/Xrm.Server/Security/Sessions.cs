using System.Collections.Immutable;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;

namespace Xrm.Server.Security;

/// <summary>The browser that somebody signs in with.</summary>
/// <param name="UserAgent">What it calls itself; null where it says nothing.</param>
/// <param name="Address">Where it is; null where unknown.</param>
/// <param name="FormerSecret">Secret of the session that it has brought; null for none.</param>
internal sealed record Visitor(string? UserAgent, string? Address, string? FormerSecret)
{
    private const int LongestAgent = 200;

    /// <summary>The browser behind a request.</summary>
    public static Visitor Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return new Visitor(agent.Length == 0 ? null : agent.Length > LongestAgent ? agent[..LongestAgent] : agent, ClientAddress.Of(http)?.ToString(), http.Request.Cookies[CredentialHandler.CookieName]);
    }
}

/// <summary>Opens sessions, lists them and ends them. What ends here is forgotten at once on this node, and within seconds on the others.</summary>
internal sealed class Sessions(SessionStore store, CredentialCache credentials, SessionLimits limits, TimeProvider time)
{
    /// <summary>Opens a session with a secret of its own. The one that the browser has brought ends: nobody can have planted it beforehand.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="hasSecondFactor">The user has shown a second factor.</param>
    /// <param name="visitor">The browser.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The secret for the cookie.</returns>
    public async Task<string> OpenAsync(Guid userId, bool hasSecondFactor, Visitor visitor, CancellationToken ct)
    {
        if (visitor.FormerSecret is { Length: > 0 } former)
        {
            await store.RemoveSessionAsync(Secrets.Hash(former), ct);
            credentials.Forget();
        }
        var now = time.GetUtcNow();
        var secret = Secrets.NewSession();
        await store.AddSessionAsync(new NewSession(Guid.CreateVersion7(now), Secrets.Hash(secret), userId, (now + limits.Longest).UtcDateTime, visitor.Address, visitor.UserAgent, hasSecondFactor), ct);
        return secret;
    }

    /// <summary>The live sessions of a user, those used last first.</summary>
    public Task<ImmutableArray<OpenSession>> ListAsync(Guid userId, CancellationToken ct) => store.ListAsync(userId, ct);

    /// <summary>Ends a session of a user.</summary>
    /// <returns>False where the user has no such session.</returns>
    public async Task<bool> EndAsync(Guid userId, Guid session, CancellationToken ct)
    {
        var ended = await store.RemoveSessionAsync(userId, session, ct);
        credentials.Forget();
        return ended;
    }

    /// <summary>Ends all sessions of a user but one.</summary>
    /// <returns>How many have ended.</returns>
    public async Task<int> EndAllAsync(Guid userId, Guid? keep, CancellationToken ct)
    {
        var ended = await store.RemoveSessionsAsync(userId, keep, ct);
        credentials.Forget();
        return ended;
    }

    /// <summary>Notes that a session has a second factor from now on.</summary>
    public async Task ConfirmSecondFactorAsync(Guid session, CancellationToken ct)
    {
        await store.ConfirmSecondFactorAsync(session, ct);
        credentials.Forget();
    }

    /// <summary>Gives the browser its session.</summary>
    public void Give(HttpContext http, string secret) => http.Response.Cookies.Append(CredentialHandler.CookieName, secret, Cookies.Options(http, limits.Longest, "/"));

    /// <summary>Takes the session from the browser.</summary>
    public static void Take(HttpContext http) => http.Response.Cookies.Delete(CredentialHandler.CookieName);
}
