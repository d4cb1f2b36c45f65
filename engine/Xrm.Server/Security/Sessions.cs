using System.Collections.Immutable;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;

namespace Xrm.Server.Security;

/// <summary>The browser that somebody signs in with.</summary>
/// <param name="UserAgent">What it calls itself; null where it says nothing.</param>
/// <param name="Address">Where it is; null where unknown.</param>
/// <param name="FormerSecret">Secret of the session that it has brought; null for none.</param>
/// <param name="Organisation">Name of the organisation that it wants to enter; null for the usual one.</param>
/// <param name="Language">What somebody reads there, <c>en</c> or <c>de</c>; null where it says nothing.</param>
internal sealed record Visitor(string? UserAgent, string? Address, string? FormerSecret, string? Organisation = null, string? Language = null)
{
    private const int LongestAgent = 200;

    /// <summary>The browser behind a request.</summary>
    public static Visitor Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return new Visitor(agent.Length == 0 ? null : agent.Length > LongestAgent ? agent[..LongestAgent] : agent, ClientAddress.Of(http)?.ToString(), http.Request.Cookies[Cookies.Session(http.Request)], AskedOrganisation.Of(http), LanguageOf(http));
    }

    private static string? LanguageOf(HttpContext http) => http.Request.Headers.AcceptLanguage.Count == 0 ? null : AccountLinks.IsGerman(http) ? "de" : "en";
}

/// <summary>Opens sessions, lists them and ends them. What ends here is forgotten at once on this node, and within seconds on the others.</summary>
internal sealed class Sessions(SessionStore store, EntryOrganisation entry, CredentialCache credentials, SessionLimits limits, TimeProvider time)
{
    /// <summary>Opens a session with a secret of its own. The one that the browser has brought ends: nobody can have planted it beforehand.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="hasSecondFactor">The user has shown a second factor.</param>
    /// <param name="visitor">The browser.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The secret for the cookie, and the name of the organisation in force.</returns>
    /// <exception cref="XrmException">403: the user belongs to no organisation; 404: not to the one that is wanted.</exception>
    public async Task<(string Secret, string Organisation)> OpenAsync(Guid userId, bool hasSecondFactor, Visitor visitor, CancellationToken ct)
    {
        var organisation = await entry.ForAsync(userId, visitor.Organisation, ct);
        if (visitor.FormerSecret is { Length: > 0 } former)
        {
            await store.RemoveSessionAsync(Secrets.Hash(former), ct);
            credentials.Forget();
        }
        var now = time.GetUtcNow();
        var secret = Secrets.NewSession();
        await store.AddSessionAsync(new NewSession(Guid.CreateVersion7(now), Secrets.Hash(secret), userId, (now + limits.Longest).UtcDateTime, visitor.Address, visitor.UserAgent, hasSecondFactor, organisation, visitor.Language), ct);
        return (secret, organisation);
    }

    /// <summary>Has a session go on in another organisation, with another secret: the old one opens nothing any more.</summary>
    /// <param name="session">Id of the session.</param>
    /// <param name="organisation">Name of an organisation of which the user is a member.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The secret for the cookie; null where the session has ended.</returns>
    public async Task<string?> SwitchAsync(Guid session, string organisation, CancellationToken ct)
    {
        var secret = Secrets.NewSession();
        var isReplaced = await store.ReplaceSessionAsync(session, Guid.CreateVersion7(time.GetUtcNow()), Secrets.Hash(secret), organisation, ct);
        credentials.Forget();
        return isReplaced ? secret : null;
    }

    /// <summary>Ends the sessions of a user in this organisation.</summary>
    /// <returns>How many have ended.</returns>
    public async Task<int> EndHereAsync(Guid userId, CancellationToken ct)
    {
        var ended = await store.RemoveSessionsHereAsync(userId, ct);
        credentials.Forget();
        return ended;
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
    public void Give(HttpContext http, string secret) => Cookies.Give(http, Cookies.Session(http.Request), secret, limits.Longest);

    /// <summary>Takes the session from the browser.</summary>
    public static void Take(HttpContext http) => Cookies.Take(http, Cookies.Session(http.Request));
}
