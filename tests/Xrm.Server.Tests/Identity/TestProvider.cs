using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Xrm.Server.Tests.Identity;

/// <summary>An OpenID Connect provider on this machine: real HTTP, real signatures. What it says can be spoilt.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Grant> _grants = new();
    private WebApplication _app = null!;

    /// <summary>What it signs with now.</summary>
    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = "first";

    public string ClientId { get; } = "xrm-test";

    public string ClientSecret { get; } = "secret of the client, 5f2a";

    public string Url { get; private set; } = "";

    /// <summary>Name by which it issues; the right one where null.</summary>
    public string? Issuer { get; set; }

    /// <summary>Changes the claims of the next tokens.</summary>
    public Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Makes a token of claims, in another way than the right one.</summary>
    public Func<JsonObject, string>? Sign { get; set; }

    /// <summary>What is told at the endpoint for more; null for no such endpoint.</summary>
    public JsonObject? UserInfo { get; set; }

    /// <summary>Promises to name itself in answers.</summary>
    public bool NamesItself { get; set; }

    /// <summary>Answers with a few kilobytes that become many megabytes when they are unpacked.</summary>
    public bool SendsTooMuch { get; set; }

    /// <summary>How often its keys were read.</summary>
    public int KeyReads { get; private set; }

    public static async Task<TestProvider> StartAsync()
    {
        var provider = new TestProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        provider._app = builder.Build();
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        provider.Url = provider._app.Urls.First();
        return provider;
    }

    /// <summary>Settings of a server that knows it as <c>company</c>.</summary>
    /// <param name="more">More of them; of two of one name, these count.</param>
    public (string Name, string Value)[] Settings(params (string Name, string Value)[] more) => [.. AllSettings(more).Reverse().DistinctBy(setting => setting.Name)];

    private IEnumerable<(string Name, string Value)> AllSettings((string Name, string Value)[] more) =>
    [
        ("XRM_OIDC_PROVIDERS", "company"), ("XRM_OIDC_COMPANY_NAME", "Company"), ("XRM_OIDC_COMPANY_AUTHORITY", Url), ("XRM_OIDC_COMPANY_CLIENT_ID", ClientId),
        ("XRM_OIDC_COMPANY_CLIENT_SECRET", ClientSecret), ("XRM_OIDC_COMPANY_PRIVATE", "true"), .. more.Select(each => ($"XRM_OIDC_COMPANY_{each.Name}", each.Value)),
    ];

    /// <summary>Somebody signs in there.</summary>
    /// <param name="url">Where this server has sent the browser.</param>
    /// <param name="subject">Who it is.</param>
    /// <param name="more">More claims, JSON without braces.</param>
    /// <returns>What the browser brings back.</returns>
    public (string State, string Code) Authorise(string url, string subject, string more = "")
    {
        Assert.StartsWith($"{Url}/authorize?", url);
        var query = QueryHelpers.ParseQuery(new Uri(url).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        Assert.Equal(("code", "S256", ClientId), (query["response_type"], query["code_challenge_method"], query["client_id"]));
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _grants[code] = new Grant(query["code_challenge"], query["redirect_uri"], query["nonce"], subject, more);
        return (query["state"], code);
    }

    /// <summary>A browser asks the server under test where to sign in.</summary>
    public static Task<Answer> BeginAsync(TestClient browser) => browser.PostAsync("/api/auth/providers/company/begin", "{}");

    /// <summary>It comes back with what <see cref="Authorise"/> gave it.</summary>
    public static Task<Answer> FinishAsync(TestClient browser, (string State, string Code) answer) =>
        browser.PostAsync("/api/auth/providers/company/finish", $$"""{ "state": "{{answer.State}}", "code": "{{answer.Code}}" }""");

    /// <summary>All of a sign-in.</summary>
    public async Task<Answer> SignInAsync(TestClient browser, string subject, string claims = "")
    {
        var begun = await BeginAsync(browser);
        Assert.True(begun.Status == 200, $"{begun.Status} {begun.Json}");
        return await FinishAsync(browser, Authorise(begun["url"]!, subject, claims));
    }

    /// <summary>Signs with another key from now on.</summary>
    public void ChangeKey() => (Key, KeyId) = (RSA.Create(2048), "second");

    /// <summary>A token in the compact form of JWS.</summary>
    public static string Compact(string header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var text = $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(header))}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{WebEncoders.Base64UrlEncode(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public string SignRightly(JsonObject claims) => SignWith(Key, KeyId, claims);

    public static string SignWith(RSA key, string keyId, JsonObject claims) =>
        Compact($$"""{"alg":"RS256","typ":"JWT","kid":"{{keyId}}"}""", claims, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => SendsTooMuch ? SwellAsync(http) : http.Response.WriteAsync(Document()),
        "/keys" => http.Response.WriteAsync(Keys()),
        "/token" => TokenAsync(http),
        "/userinfo" => http.Response.WriteAsync(UserInfo!.ToJsonString()),
        _ => Refuse(http),
    };

    private static async Task SwellAsync(HttpContext http)
    {
        http.Response.Headers.ContentEncoding = "gzip";
        await http.Response.Body.WriteAsync(Packed.Spaces(64 * 1024 * 1024));
    }

    private string Document()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer ?? Url,
            ["authorization_endpoint"] = $"{Url}/authorize",
            ["token_endpoint"] = $"{Url}/token",
            ["jwks_uri"] = $"{Url}/keys",
            ["authorization_response_iss_parameter_supported"] = NamesItself,
        };
        if (UserInfo is not null) document["userinfo_endpoint"] = $"{Url}/userinfo";
        return document.ToJsonString();
    }

    private string Keys()
    {
        KeyReads++;
        var key = Key.ExportParameters(false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{KeyId}}","n":"{{WebEncoders.Base64UrlEncode(key.Modulus!)}}","e":"{{WebEncoders.Base64UrlEncode(key.Exponent!)}}"}]}""";
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var expected = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Uri.EscapeDataString(ClientSecret).Replace("%20", "+", StringComparison.Ordinal)}"))}";
        var verifier = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (http.Request.Headers.Authorization != expected || form["grant_type"] != "authorization_code" || !_grants.TryRemove(form["code"].ToString(), out var grant)
            || grant.Challenge != verifier || grant.RedirectUri != form["redirect_uri"])
        {
            await Refuse(http);
            return;
        }
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = (JsonObject)JsonNode.Parse($$"""{ "iss": "{{Issuer ?? Url}}", "aud": "{{ClientId}}", "sub": "{{grant.Subject}}", "nonce": "{{grant.Nonce}}", "iat": {{now}}, "exp": {{now + 300}} {{(grant.More.Length == 0 ? "" : ",")}} {{grant.More}} }""")!;
        Claims(claims);
        await http.Response.WriteAsync(JsonSerializer.Serialize(new { id_token = (Sign ?? SignRightly)(claims), access_token = "access", token_type = "Bearer" }));
    }

    private static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = 400;
        return http.Response.WriteAsync("""{ "error": "invalid_grant" }""");
    }

    private sealed record Grant(string Challenge, string RedirectUri, string Nonce, string Subject, string More);
}
