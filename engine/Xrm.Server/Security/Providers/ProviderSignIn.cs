using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;

namespace Xrm.Server.Security.Providers;

/// <summary>What somebody is sent to a provider for.</summary>
/// <param name="Provider">Key of the provider.</param>
/// <param name="Kind">See <see cref="ErrandKind"/>.</param>
/// <param name="ReturnTo">Page of the application to go on with: a path.</param>
internal sealed record ProviderErrand(string Provider, string Kind, string ReturnTo);

/// <summary>The kinds of errands at a provider.</summary>
internal static class ErrandKind
{
    /// <summary>Signing in.</summary>
    public const string SignIn = "sign_in";

    /// <summary>Linking the account there with the one of whoever is signed in here.</summary>
    public const string Link = "link";

    /// <summary>Accepting an invitation.</summary>
    public const string Invitation = "invitation";
}

/// <summary>What the browser brings back from a provider.</summary>
/// <param name="Secret">Secret of the errand, from the cookie; null where it is missing.</param>
/// <param name="State">What was sent along, to be brought back.</param>
/// <param name="Code">What becomes tokens; null where the provider refuses.</param>
/// <param name="Issuer">The provider, as it names itself (RFC 9207); null where it does not.</param>
/// <param name="Error">Why the provider refuses; null where it does not.</param>
internal sealed record ProviderAnswer(string? Secret, string? State, string? Code, string? Issuer, string? Error);

/// <summary>
/// Sends people to a provider and recognises them when they come back: authorization code with PKCE (RFC 7636). An errand belongs to the browser that began
/// it and is done once; state, nonce and verifier are worked out from its secret, which the browser alone has.
/// </summary>
internal sealed class ProviderSignIn(Tickets tickets, ProviderDocuments documents, ProviderHttp http, IdTokens idTokens, PublicAddress address)
{
    /// <summary>How long somebody may take at the provider.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    private const int LongestCode = 4096;
    private const int MostGroups = 500;

    /// <summary>Begins an errand.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="kind">See <see cref="ErrandKind"/>.</param>
    /// <param name="userId">Whose account it is about; null where that is not known yet.</param>
    /// <param name="returnTo">Page of the application to go on with; anything else means the first page.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Where to send the browser, and the secret for its cookie.</returns>
    /// <exception cref="XrmException">409: the server does not know its own address; 502: the provider cannot be reached.</exception>
    public async Task<(string Url, string Secret)> BeginAsync(Provider provider, string kind, Guid? userId, string? returnTo, HttpContext request, CancellationToken ct)
    {
        var redirect = RedirectAddress(provider, request);
        var document = await documents.GetAsync(provider, ct);
        var errand = new ProviderErrand(provider.Key, kind, LocalPath.Of(returnTo));
        var secret = await tickets.IssueAsync(TicketPurpose.ProviderSignIn, userId, JsonSerializer.Serialize(errand, ApiJson.Options), Length, ct);
        var url = QueryHelpers.AddQueryString(document.AuthorizationEndpoint.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = redirect,
            ["scope"] = string.Join(' ', provider.Scopes),
            ["state"] = Derive(secret, "state"),
            ["nonce"] = Derive(secret, "nonce"),
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Derive(secret, "verifier")))),
            ["code_challenge_method"] = "S256",
        });
        return (url, secret);
    }

    /// <summary>Ends an errand: whoever comes back is asked about at the provider.</summary>
    /// <returns>The person; what was to be done; whose account it is about, null where that was not known.</returns>
    /// <exception cref="XrmException">401: the answer does not belong to an errand of this browser, or the provider does not vouch for the person; 502: the provider cannot be reached.</exception>
    public async Task<(ProviderPerson Person, ProviderErrand Errand, Guid? UserId)> FinishAsync(Provider provider, ProviderAnswer answer, HttpContext request, CancellationToken ct)
    {
        // First of all: whatever comes of it, no answer counts twice.
        var ticket = await tickets.TakeAsync(answer.Secret, TicketPurpose.ProviderSignIn, ct);
        var errand = ticket?.Payload is { } payload ? JsonSerializer.Deserialize<ProviderErrand>(payload, ApiJson.Options) : null;
        if (errand?.Provider != provider.Key || !IdTokens.IsSame(answer.State, Derive(answer.Secret!, "state")))
            throw new XrmException("provider_expired", 401, "This sign-in was not begun in this browser, took too long, or was done already. Begin again.");
        var document = await documents.GetAsync(provider, ct);
        if (answer.Issuer is { } issuer ? issuer != document.Issuer : document.NamesItselfInAnswers) throw ProviderHttp.Refused(provider);
        if (answer.Error is not null || answer.Code is not { Length: > 0 and <= LongestCode } code) throw new XrmException("provider_declined", 401, $"You did not sign in at {provider.Name}. Try again, or sign in otherwise.");
        var tokens = await http.RedeemAsync(provider, document, new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectAddress(provider, request),
            ["code_verifier"] = Derive(answer.Secret!, "verifier"),
        }, ct);
        var claims = await idTokens.ReadAsync(IdTokens.Text(tokens, "id_token"), provider, Derive(answer.Secret!, "nonce"), ct);
        return (Person(provider, document, claims, await MoreAsync(provider, document, claims, tokens, ct)), errand, ticket!.UserId);
    }

    /// <summary>What the provider tells of the person only where it is asked; nothing where the token has the address.</summary>
    private async Task<JsonElement?> MoreAsync(Provider provider, ProviderDocument document, JsonElement claims, JsonElement tokens, CancellationToken ct)
    {
        if (claims.TryGetProperty("email", out _) || document.UserInfoEndpoint is not { } endpoint || IdTokens.Text(tokens, "access_token") is not { } accessToken) return null;
        var more = await http.GetAsync(provider, endpoint, accessToken, ct);
        // An access token may be somebody else's (OpenID Connect Core 1.0, 5.3.2).
        return IdTokens.Text(more, "sub") == IdTokens.Text(claims, "sub") ? more : throw ProviderHttp.Refused(provider);
    }

    private static ProviderPerson Person(Provider provider, ProviderDocument document, JsonElement claims, JsonElement? more)
    {
        // An address and whether it is confirmed come from one place: together they say something.
        var source = claims.TryGetProperty("email", out _) ? claims : more ?? claims;
        var isVerified = source.TryGetProperty("email_verified", out var verified) && (verified.ValueKind == JsonValueKind.True || (verified.ValueKind == JsonValueKind.String && verified.GetString() == "true"));
        var name = IdTokens.Text(claims, "name") ?? (more is { } told ? IdTokens.Text(told, "name") : null);
        var groups = provider.RolesClaim is { } claim ? Texts(claims, claim) ?? (more is { } others ? Texts(others, claim) : null) : null;
        var factors = (Texts(claims, "amr") ?? []).AddRange(Texts(claims, "acr") ?? []);
        return new ProviderPerson(document.Issuer, IdTokens.Text(claims, "sub")!, PersonText.EmailOrNull(IdTokens.Text(source, "email")), isVerified, name, groups, factors.Any(provider.SecondFactor.Contains));
    }

    private static ImmutableArray<string>? Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Take(MostGroups).Select(item => item.GetString()!)],
        _ => null,
    };

    // An address for each provider: an answer of one cannot be taken for one of another.
    private string RedirectAddress(Provider provider, HttpContext request) => $"{address.ForStrangers(request) ?? throw new XrmException("no_public_url", 409, "The server cannot send you to a provider: an administrator has to set XRM_PUBLIC_URL.")}/sign-in/{provider.Key}";

    private static string Derive(string secret, string what) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"provider {what}")));
}
