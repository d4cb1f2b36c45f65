using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;
using Xrm.Server.Security.Providers;

namespace Xrm.Server.Features.Auth;

/// <summary>
/// Signing in by OpenID Connect, and the accounts elsewhere that do. Providers send the browser back to a page of the application, which brings their answer
/// here: so nothing is done by a request that another site can cause, and all cookies stay strict.
/// </summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder group)
    {
        var strangers = group.MapGroup("/providers/{key}").AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        strangers.MapPost("/begin", BeginAsync);
        strangers.MapPost("/finish", FinishAsync);
        group.MapPost("/providers/{key}/link", LinkAsync).RequireAuthorization(Policies.FullPerson).RequireRateLimiting(RateLimits.SignIn);
        group.MapGet("/identities", ListAsync).RequireAuthorization(Policies.Person);
        group.MapDelete("/identities/{id:guid}", RemoveAsync).RequireAuthorization(Policies.FullPerson, Policies.Fresh);
    }

    private static async Task<Ok<Destination>> BeginAsync(string key, Begin body, HttpContext http, ProviderSettings providers, ProviderInvitations invitations, ProviderSignIn signIn)
    {
        var provider = Find(providers, key);
        var invited = body.Invitation is { } secret ? await invitations.FindAsync(secret, http.RequestAborted) : (Guid?)null;
        return Send(http, await signIn.BeginAsync(provider, invited is null ? ErrandKind.SignIn : ErrandKind.Invitation, invited, body.ReturnTo, http, http.RequestAborted));
    }

    private static async Task<Ok<Destination>> LinkAsync(string key, Confirmation body, HttpContext http, ProviderSettings providers, Passwords passwords, ProviderSignIn signIn)
    {
        var provider = Find(providers, key);
        var user = await passwords.ConfirmAsync(http.UserId(), body.Password ?? "", "password", http.RequestAborted);
        return Send(http, await signIn.BeginAsync(provider, ErrandKind.Link, user.Id, body.ReturnTo, http, http.RequestAborted));
    }

    private static async Task<Ok<Arrival>> FinishAsync(string key, Finish body, HttpContext http, ProviderSettings providers, ProviderEntry entries, Sessions sessions, AuditTrail audit)
    {
        var provider = Find(providers, key);
        var answer = new ProviderAnswer(http.Request.Cookies[Cookies.Provider(http.Request)], body.State, body.Code, body.Iss, body.Error);
        Cookies.Take(http, Cookies.Provider(http.Request));
        var outcome = await audit.SignInByProviderAsync(http, provider.Key, () => entries.EnterAsync(provider, answer, http, http.RequestAborted), http.RequestAborted);
        return TypedResults.Ok(new Arrival(outcome.Entry is { } entry ? AuthEndpoints.EnterOrGoOn(http, entry, sessions).Value : null, outcome.ReturnTo));
    }

    private static async Task<Ok<WaysIn>> ListAsync(HttpContext http, ExternalIdentityStore identities, UserStore users, CancellationToken ct)
    {
        var user = await users.FindAsync(http.UserId(), ct);
        return TypedResults.Ok(new WaysIn(user?.PasswordHash is not null, (await identities.ListAsync(http.UserId(), ct)).Select(IdentityView.Of)));
    }

    private static async Task<NoContent> RemoveAsync(Guid id, HttpContext http, ExternalIdentityStore identities, CredentialNotes notes, CancellationToken ct)
    {
        var issuer = (await identities.ListAsync(http.UserId(), ct)).FirstOrDefault(identity => identity.Id == id)?.Issuer;
        switch (await identities.RemoveAsync(http.UserId(), id, ct))
        {
            case Removal.Unknown: throw new XrmException("identity_unknown", 404, "You have linked no such account. The link may have been removed.");
            case Removal.LastWayIn: throw new XrmException("last_way_in", 409, "You could not sign in any more. Choose a password or add a passkey first.");
        }
        await notes.TellAsync(http, AuditOperations.IdentityUnlinked, http.UserId(), _ => new { issuer }, new AccountNews(AccountChange.IdentityOff), ct);
        return TypedResults.NoContent();
    }

    private static Ok<Destination> Send(HttpContext http, (string Url, string Secret) errand)
    {
        Cookies.Give(http, Cookies.Provider(http.Request), errand.Secret, ProviderSignIn.Length);
        return TypedResults.Ok(new Destination(errand.Url));
    }

    private static Provider Find(ProviderSettings providers, string key) => providers.Find(key) ?? throw new XrmException("provider_unknown", 404, "There is no such provider. It may have been removed from the settings.");

    /// <summary>A sign-in to be.</summary>
    /// <param name="ReturnTo">Page of the application to go on with: a path.</param>
    /// <param name="Invitation">Secret of an invitation that is accepted by it; null for none.</param>
    internal sealed record Begin(string? ReturnTo, string? Invitation);

    internal sealed record Confirmation(string? Password, string? ReturnTo);

    /// <summary>Where the browser goes now.</summary>
    internal sealed record Destination(string Url);

    /// <summary>What the provider gave the browser to take along, by its own names.</summary>
    internal sealed record Finish(string? State, string? Code, string? Iss, string? Error);

    /// <summary>Somebody has come back.</summary>
    /// <param name="Session">Who is signed in, or what is still missing; null where an account was linked.</param>
    /// <param name="ReturnTo">Page of the application to go on with: a path.</param>
    internal sealed record Arrival(AuthEndpoints.SignedIn? Session, string ReturnTo);

    /// <summary>How somebody signs in, besides passkeys.</summary>
    internal sealed record WaysIn(bool HasPassword, IEnumerable<IdentityView> Identities);

    /// <summary>An account elsewhere.</summary>
    internal sealed record IdentityView(Guid Id, string Issuer, string Name, DateTime CreatedAt, DateTime? LastUsedAt)
    {
        public static IdentityView Of(ExternalIdentity identity) => new(identity.Id, identity.Issuer, identity.Name, identity.CreatedAt, identity.LastUsedAt);
    }
}
