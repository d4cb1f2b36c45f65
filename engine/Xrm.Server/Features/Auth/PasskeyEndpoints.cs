using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>Passkeys: WebAuthn credentials that sign in without a name and a password.</summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder group)
    {
        group.MapPost("/passkey-sign-in/challenge", BeginSignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        group.MapPost("/passkey-sign-in", SignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        var passkeys = group.MapGroup("/passkeys").RequireAuthorization(Policies.Person);
        passkeys.MapGet("", ListAsync);
        passkeys.MapPost("/challenge", BeginAsync);
        passkeys.MapPost("", RegisterAsync);
        passkeys.MapPatch("/{id}", RenameAsync);
        passkeys.MapDelete("/{id}", RemoveAsync).RequireAuthorization(Policies.FullPerson, Policies.Fresh);
    }

    private static async Task<ContentHttpResult> BeginSignInAsync(HttpContext http, Passkeys passkeys, CancellationToken ct) => Challenge(http, await passkeys.BeginSignInAsync(http, ct));

    private static async Task<Ok<AuthEndpoints.SignedIn>> SignInAsync(Answer body, HttpContext http, Passkeys passkeys, SignIn signIn, Sessions sessions, AuditTrail audit)
    {
        var challenge = TakeChallenge(http);
        User? user = null;
        return AuthEndpoints.Enter(http, await audit.SignInAsync(http, () => Task.FromResult(user), async () =>
        {
            user = await passkeys.FindUserAsync(challenge, body.Credential.GetRawText(), http);
            return await signIn.OpenAsync(user, hasSecondFactor: true, Visitor.Of(http), http.RequestAborted);
        }, http.RequestAborted), sessions);
    }

    private static async Task<Ok<IEnumerable<PasskeyView>>> ListAsync(HttpContext http, Passkeys passkeys, CancellationToken ct) =>
        TypedResults.Ok((await passkeys.ListAsync(http.UserId(), ct)).Select(PasskeyView.Of));

    private static async Task<ContentHttpResult> BeginAsync(Confirmation body, HttpContext http, Passkeys passkeys, CancellationToken ct) =>
        Challenge(http, await passkeys.BeginRegistrationAsync(http.UserId(), body.Password ?? "", http, ct));

    private static async Task<NoContent> RegisterAsync(Registration body, HttpContext http, Passkeys passkeys, Sessions sessions, CredentialNotes notes)
    {
        var name = PersonText.Name(body.Name, "name");
        await passkeys.RegisterAsync(http.UserId(), TakeChallenge(http), body.Credential.GetRawText(), name, http);
        if (http.SessionId() is { } session) await sessions.ConfirmSecondFactorAsync(session, http.RequestAborted);
        await notes.TellAsync(http, AuditOperations.PasskeyAdded, http.UserId(), _ => new { name }, new AccountNews(AccountChange.Passkey, name), http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RenameAsync(string id, Renaming body, HttpContext http, Passkeys passkeys, CredentialNotes notes, CancellationToken ct)
    {
        var (before, after) = (await NameAsync(id, http, passkeys, ct), PersonText.Name(body.Name, "name"));
        if (!await passkeys.RenameAsync(http.UserId(), id, after, ct)) throw Unknown();
        if (before != after) await notes.TellAsync(http, AuditOperations.PasskeyRenamed, http.UserId(), _ => new { before, after }, null, ct);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(string id, HttpContext http, Passkeys passkeys, CredentialNotes notes, CancellationToken ct)
    {
        var name = await NameAsync(id, http, passkeys, ct);
        switch (await passkeys.RemoveAsync(http.UserId(), id, ct))
        {
            case Removal.Unknown: throw Unknown();
            case Removal.LastWayIn: throw new XrmException("last_way_in", 409, "You could not sign in any more. Choose a password or add another passkey first.");
        }
        await notes.TellAsync(http, AuditOperations.PasskeyRemoved, http.UserId(), _ => new { name }, new AccountNews(AccountChange.PasskeyOff, name), ct);
        return TypedResults.NoContent();
    }

    private static async Task<string?> NameAsync(string id, HttpContext http, Passkeys passkeys, CancellationToken ct) =>
        (await passkeys.ListAsync(http.UserId(), ct)).FirstOrDefault(passkey => Base64Url.EncodeToString(passkey.CredentialId) == id)?.Name;

    private static ContentHttpResult Challenge(HttpContext http, PasskeyChallenge challenge)
    {
        Cookies.Give(http, Cookies.Challenge(http.Request), challenge.Secret, Passkeys.ChallengeLength);
        return TypedResults.Content(challenge.OptionsJson, "application/json");
    }

    private static string? TakeChallenge(HttpContext http)
    {
        Cookies.Take(http, Cookies.Challenge(http.Request));
        return http.Request.Cookies[Cookies.Challenge(http.Request)];
    }

    private static XrmException Unknown() => new("passkey_unknown", 404, "You have no such passkey. It may have been removed.");

    internal sealed record Confirmation(string? Password);

    /// <summary>What the browser's credential function has answered.</summary>
    internal sealed record Answer(JsonElement Credential);

    internal sealed record Registration(string? Name, JsonElement Credential);

    internal sealed record Renaming(string? Name);

    internal sealed record PasskeyView(string Id, string Name, DateTime CreatedAt, DateTime? LastUsedAt, bool IsSynchronised)
    {
        public static PasskeyView Of(Passkey passkey) => new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name, passkey.CreatedAt, passkey.LastUsedAt, passkey.IsBackedUp);
    }
}
