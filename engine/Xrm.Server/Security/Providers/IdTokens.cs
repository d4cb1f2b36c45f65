using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xrm.Data.Errors;

namespace Xrm.Server.Security.Providers;

/// <summary>Checks what a provider vouches for (OpenID Connect Core 1.0, 3.1.3.7).</summary>
internal sealed class IdTokens(ProviderDocuments documents, TimeProvider time)
{
    private const int Largest = 64 * 1024;
    private const int LongestSubject = 255;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Signed with a key that the provider alone has: neither "none" nor a secret that several know.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = Largest };

    /// <summary>The claims of a token that is the provider's, for us, for this sign-in and for now.</summary>
    /// <exception cref="XrmException">401: it is not; 502: the provider's keys cannot be read.</exception>
    public async Task<JsonElement> ReadAsync(string? token, Provider provider, string nonce, CancellationToken ct)
    {
        if (token is null || token.Length > Largest || !_handler.CanReadToken(token)) throw ProviderHttp.Refused(provider);
        var document = await documents.GetAsync(provider, ct);
        if (KeyId(token) is { Length: > 0 } key && document.Keys.All(known => known.KeyId != key)) document = await documents.GetNewerAsync(provider, ct);
        var result = await _handler.ValidateTokenAsync(token, Parameters(provider, document));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { EncodedPayload: { } payload }) throw ProviderHttp.Refused(provider);
        using var json = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(payload));
        var claims = json.RootElement.Clone();
        return Text(claims, "sub") is { Length: > 0 and <= LongestSubject } && IsSame(Text(claims, "nonce"), nonce) && IsForUsAlone(claims, provider) ? claims : throw ProviderHttp.Refused(provider);
    }

    /// <summary>Compares secrets in a time that does not tell how far they agree.</summary>
    public static bool IsSame(string? one, string other) => one is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary>A claim as text; null where it is missing or something else.</summary>
    public static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private TokenValidationParameters Parameters(Provider provider, ProviderDocument document) => new()
    {
        ValidIssuer = document.Issuer,
        ValidAudience = provider.ClientId,
        IssuerSigningKeys = document.Keys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) => until is { } end && time.GetUtcNow().UtcDateTime < end + ClockSkew && (from is not { } start || time.GetUtcNow().UtcDateTime > start - ClockSkew),
    };

    private string? KeyId(string token)
    {
        try
        {
            return _handler.ReadJsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A token for several may have been made for another of them.
    private static bool IsForUsAlone(JsonElement claims, Provider provider)
    {
        var party = Text(claims, "azp");
        var isForSeveral = claims.TryGetProperty("aud", out var audience) && audience.ValueKind == JsonValueKind.Array && audience.GetArrayLength() > 1;
        return party is null ? !isForSeveral : party == provider.ClientId;
    }
}
