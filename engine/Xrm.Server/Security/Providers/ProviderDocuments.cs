using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Xrm.Data.Errors;

namespace Xrm.Server.Security.Providers;

/// <summary>What a provider says of itself, with the keys that it signs with.</summary>
/// <param name="Issuer">How it names itself.</param>
/// <param name="AuthorizationEndpoint">Where people sign in.</param>
/// <param name="TokenEndpoint">Where codes become tokens.</param>
/// <param name="UserInfoEndpoint">Where more is told of a person; null for nowhere.</param>
/// <param name="TakesSecretInForm">The shared secret goes into the form rather than into a header.</param>
/// <param name="NamesItselfInAnswers">It promises to name itself in each answer (RFC 9207): one without its name is not its own.</param>
/// <param name="Keys">Public keys.</param>
/// <param name="ReadAt">UTC time of reading.</param>
internal sealed record ProviderDocument(
    string Issuer, Uri AuthorizationEndpoint, Uri TokenEndpoint, Uri? UserInfoEndpoint, bool TakesSecretInForm, bool NamesItselfInAnswers,
    ImmutableArray<SecurityKey> Keys, DateTimeOffset ReadAt);

/// <summary>Reads what providers say of themselves, and remembers it for a while.</summary>
internal sealed class ProviderDocuments(ProviderHttp http, TimeProvider time)
{
    private const string Place = "/.well-known/openid-configuration";
    private const int SmallestRsaKey = 2048;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // Between two readings for the sake of unknown keys: whoever makes them up must not get us to ask the provider each time.
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, ProviderDocument> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>An address that nobody on the way can answer for: https, or on this machine.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>What the provider says of itself.</summary>
    /// <exception cref="XrmException">502: it cannot be read, or is not the provider's.</exception>
    public ValueTask<ProviderDocument> GetAsync(Provider provider, CancellationToken ct) =>
        _known.TryGetValue(provider.Key, out var known) && time.GetUtcNow() - known.ReadAt < Lifetime ? new(known) : new(ReadAsync(provider, Lifetime, ct));

    /// <summary>The same anew, because of a key that is not in it: providers change their keys without a word.</summary>
    /// <exception cref="XrmException">502: it cannot be read, or is not the provider's.</exception>
    public Task<ProviderDocument> GetNewerAsync(Provider provider, CancellationToken ct) => ReadAsync(provider, BetweenReadings, ct);

    private async Task<ProviderDocument> ReadAsync(Provider provider, TimeSpan youngEnough, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            if (_known.TryGetValue(provider.Key, out var known) && time.GetUtcNow() - known.ReadAt < youngEnough) return known;
            return _known[provider.Key] = await ReadAsync(provider, ct);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<ProviderDocument> ReadAsync(Provider provider, CancellationToken ct)
    {
        var json = await http.GetAsync(provider, new Uri(provider.Authority.AbsoluteUri.TrimEnd('/') + Place), null, ct);
        var issuer = Text(json, "issuer");
        // Else one provider could speak for another.
        if (issuer is null || issuer.TrimEnd('/') != provider.Authority.AbsoluteUri.TrimEnd('/')) throw ProviderHttp.Unavailable(provider, "names itself otherwise than its address");
        var keys = await http.GetAsync(provider, Endpoint(json, "jwks_uri", provider), null, ct);
        return new ProviderDocument(issuer, Endpoint(json, "authorization_endpoint", provider), Endpoint(json, "token_endpoint", provider),
            Text(json, "userinfo_endpoint") is null ? null : Endpoint(json, "userinfo_endpoint", provider),
            // A provider that says nothing takes a header (OpenID Connect Discovery 1.0, 3).
            Texts(json, "token_endpoint_auth_methods_supported") is { IsEmpty: false } methods && !methods.Contains("client_secret_basic"),
            json.TryGetProperty("authorization_response_iss_parameter_supported", out var named) && named.ValueKind == JsonValueKind.True,
            [.. new JsonWebKeySet(keys.GetRawText()).GetSigningKeys().Where(IsStrong)], time.GetUtcNow());
    }

    private static bool IsStrong(SecurityKey key) => key is AsymmetricSecurityKey || key is JsonWebKey { Kty: "RSA" or "EC" } ? key.KeySize >= SmallestRsaKey || key is ECDsaSecurityKey or JsonWebKey { Kty: "EC" } : false;

    private static Uri Endpoint(JsonElement json, string name, Provider provider) => Uri.TryCreate(Text(json, name), UriKind.Absolute, out var uri) && IsSafe(uri)
        ? uri : throw ProviderHttp.Unavailable(provider, $"names no {name} that is safe to use");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ImmutableArray<string> Texts(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];
}
