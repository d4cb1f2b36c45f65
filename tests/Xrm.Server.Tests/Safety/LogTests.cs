using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Xrm.Metadata.Source;
using Xrm.Server.Hosting;
using Xrm.Server.Tests.Identity;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Safety;

/// <summary>Whatever is done, and whatever goes wrong with it: at no level does the log have a secret, or a value of a record.</summary>
public sealed class LogTests : IAsyncLifetime
{
    private const string Wrong = "kein richtiges kennwort 9917";
    private const string Changed = "lampe seidenreiher kupfer 55";
    private const string Value = "Row-value-6603";

    private readonly WholeLog _log = new();
    private readonly Dictionary<string, string> _secrets = new() { ["password"] = People.Password, ["wrong password"] = Wrong, ["changed password"] = Changed, ["value"] = Value };
    private TestProvider _provider = null!;
    private TestApplication _app = null!;

    private static PackageFiles Package() => new PackageBuilder("logged")
        .File("entities/door.json", """
            { "name": "door", "plural": "doors", "primary": "title", "features": ["audit"],
              "fields": [ { "name": "title", "type": "text", "unique": true }, { "name": "number", "type": "integer" }, { "name": "code", "type": "secret", "maxLength": 50 } ],
              "rules": [ { "name": "fall", "on": ["create", "update"], "when": "number == 13", "script": "door.fall.js" } ] }
            """)
        .File("rules/door.fall.js", "throw new Error('fell over ' + record.title);").Files();

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        var settings = _provider.Settings(("LINK_BY_EMAIL", "true"));
        _app = await TestApplication.StartAsync(new TestSettings { Log = _log, Environment = settings.ToDictionary(each => each.Name, each => (string?)each.Value) }, "logged", Package());
        await _app.AddAsync("jo", isAdministrator: true, email: "jo@example.com");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Signing_in_and_changing_how_leaves_no_secret()
    {
        var cookies = new CookieContainer();
        var browser = _app.Browser(cookies);
        Assert.Equal(401, (await browser.SignInAsync("jo", Wrong)).Status);
        Assert.Equal(401, (await browser.SignInAsync(Wrong, Wrong)).Status);
        Assert.Equal(400, (await browser.PostAsync("/api/auth/sign-in", $$"""{ "userName": 1, "password": { "{{Wrong}}": "{{People.Password}}""")).Status);
        Assert.Equal(200, (await browser.SignInAsync("jo")).Status);
        Keep("session", Cookie(cookies, "xrm_session"));
        Assert.Equal(204, (await browser.PostAsync("/api/auth/password", $$"""{ "current": "{{People.Password}}", "next": "{{Changed}}" }""")).Status);
        Assert.Equal(204, (await browser.PostAsync("/api/auth/password", $$"""{ "current": "{{Changed}}", "next": "{{People.Password}}" }""")).Status);
        var (key, recovery) = await browser.AddAuthenticatorAsync();
        Keep("authenticator", key);
        foreach (var code in recovery) Keep($"recovery code {code}", code);
        var next = new CookieContainer();
        var again = _app.Browser(next);
        await again.SignInAsync("jo");
        Keep("pending sign-in", Cookie(next, "xrm_pending"));
        Assert.Equal(401, (await again.PostAsync("/api/auth/second-step", $$"""{ "recoveryCode": "{{Wrong}}" }""")).Status);
        Assert.Equal(200, (await again.PostAsync("/api/auth/second-step", $$"""{ "recoveryCode": "{{recovery[0]}}" }""")).Status);
        Keep("second session", Cookie(next, "xrm_session"));
        AssertClean();
    }

    [Fact]
    public async Task Tokens_and_links_leave_no_secret()
    {
        var browser = await _app.EnterAsync("jo");
        var token = (await browser.PostAsync("/api/auth/tokens", """{ "name": "program", "access": "write" }"""))["token"]!;
        var unknown = "xrm_" + new string('u', 43);
        Keep("token", token);
        Keep("unknown token", unknown);
        Assert.Equal(200, (await _app.Program(token).GetAsync("/api/data/doors")).Status);
        Assert.Equal(401, (await _app.Program(unknown).GetAsync("/api/data/doors")).Status);
        Assert.Equal(401, (await _app.Browser().GetAsync($"/api/data/doors?access_token={token}")).Status);
        Assert.Equal(202, (await browser.PostAsync("/api/auth/password/forgotten", """{ "name": "jo" }""")).Status);
        string[] links;
        do links = await _app.LinksAsync("jo@example.com"); while (links.Length == 0);
        Keep("link", links[0]);
        foreach (var (password, status) in new[] { ("short", 400), (Changed, 204), (Changed, 410) })
            Assert.Equal(status, (await _app.Browser().PostAsync("/api/auth/password/reset", JsonSerializer.Serialize(new { secret = links[0], password }))).Status);
        AssertClean();
    }

    [Fact]
    public async Task Providers_leave_no_secret()
    {
        Keep("client's secret", _provider.ClientSecret);
        Keep("client's secret, encoded", Convert.ToBase64String(Encoding.UTF8.GetBytes(_provider.ClientSecret)));
        _provider.Sign = claims => Keep($"token of the provider {claims["nonce"]}", _provider.SignRightly(claims));
        var cookies = new CookieContainer();
        var browser = _app.Browser(cookies);
        foreach (var isRight in new[] { false, true })
        {
            var begun = await browser.PostAsync("/api/auth/providers/company/begin", "{}");
            Keep($"errand {isRight}", Cookie(cookies, "xrm_provider"));
            var (state, code) = _provider.Authorise(begun["url"]!, "4711", "\"email\": \"jo@example.com\", \"email_verified\": true");
            Keep($"state {isRight}", state);
            Keep($"code {isRight}", code);
            var answer = await browser.PostAsync("/api/auth/providers/company/finish", JsonSerializer.Serialize(new { state, code = isRight ? code : Keep("wrong code", "wrong-code-of-nobody") }));
            Assert.Equal(isRight ? 200 : 401, answer.Status);
        }
        Keep("session", Cookie(cookies, "xrm_session"));
        AssertClean();
    }

    [Fact]
    public async Task Records_leave_no_value_whatever_goes_wrong()
    {
        var admin = await _app.ClientAsync();
        var code = Keep("secret field", "Sesame-5520-marker");
        var door = await admin.CreateAsync("doors", $$"""{ "title": "{{Value}}", "code": "{{code}}" }""");
        Assert.Equal(code, (await admin.PostAsync($"/api/data/doors/{door}/reveal?field=code", "{}"))["value"]);
        Assert.Equal(400, (await admin.PatchAsync($"/api/data/doors/{door}", $$"""{ "code": "{{code}}{{new string('x', 50)}}" }""")).Status);
        Assert.Equal(422, (await admin.PatchAsync($"/api/data/doors/{door}", """{ "number": 13 }""")).Status);
        Assert.InRange((await admin.PostAsync("/api/data/doors", $$"""{ "title": "{{Value}}" }""")).Status, 400, 409);
        Assert.Equal(400, (await admin.PostAsync("/api/data/doors", $$"""{ "title": "{{Value}} """)).Status);
        Assert.Equal(400, (await admin.PostAsync("/api/data/doors", $$"""{ "number": "{{Value}}" }""")).Status);
        Assert.Equal(200, (await admin.GetAsync($"/api/data/doors?$filter=title eq '{Value}'")).Status);
        Assert.Equal(200, (await admin.GetAsync($"/api/search?q={Value}")).Status);
        // A defect: the database refuses a row for a reason that nobody has thought of, and says which row it was.
        await _app.ExecuteAsync("alter table org_main.doors add constraint defect check (number <> 99)");
        using var content = new StringContent($$"""{ "title": "{{Value}}-99", "number": 99, "code": "{{code}}" }""", Encoding.UTF8, "application/json");
        var defect = await admin.Http.PostAsync("/api/data/doors", content);
        Assert.Equal(HttpStatusCode.InternalServerError, defect.StatusCode);
        Assert.Contains(_log.Lines, line => line.StartsWith(nameof(LogLevel.Error), StringComparison.Ordinal) && line.Contains("23514", StringComparison.Ordinal));
        Assert.DoesNotContain(code, await defect.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        AssertClean();
    }

    [Theory]
    [InlineData("GET /api/data/doors?$filter=title%20eq%20'x'&$top=1 - 200", "GET /api/data/doors?$filter=***&$top=1 - 200")]
    [InlineData("?$top=1&%24search=x", "?$top=1&%24search=***")]
    [InlineData("Authorization: Bearer abcdefgh12345678", "Authorization: ***")]
    [InlineData("Authorization: Basic eHJtOnNlY3JldA==, x", "Authorization: ***, x")]
    [InlineData("Host=db;Password='x y';Username=u", "Host=db;Password=***;Username=u")]
    [InlineData("""{"client_secret":"a \"b\" c","id":1}""", """{"client_secret":***,"id":1}""")]
    [InlineData("see https://x.example/new-password#abc_123 now", "see https://x.example/new-password#*** now")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void What_looks_like_a_secret_is_taken_out(string text, string clean) => Assert.Equal(clean, LogRedaction.Clean(text));

    private string Keep(string name, string secret) => _secrets[name] = secret;

    private static string Cookie(CookieContainer cookies, string name) => cookies.GetAllCookies().Single(cookie => cookie.Name == name).Value;

    private void AssertClean()
    {
        // At this level the server tells everything; else this test would show nothing.
        Assert.Contains(_log.Lines, line => line.Contains("Request starting", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith(nameof(LogLevel.Trace), StringComparison.Ordinal));
        var told = from secret in _secrets from line in _log.Lines where line.Contains(secret.Value, StringComparison.Ordinal) select $"{secret.Key}: {line}";
        Assert.Empty(told);
    }
}
