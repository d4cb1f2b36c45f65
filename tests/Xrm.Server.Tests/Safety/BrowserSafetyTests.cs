using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Safety;

/// <summary>What browsers are told, and what pages of other sites can get them to do.</summary>
public sealed class BrowserSafetyTests
{
    [Theory]
    [InlineData("/api/auth/me", 401)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/data/notes?$filter=(", 400)]
    [InlineData("/api/data/notes", 200)]
    public async Task Answers_are_data_that_is_shown_framed_and_kept_nowhere(string path, int status)
    {
        await using var app = await People.ServeAsync();
        var client = path.EndsWith("me", StringComparison.Ordinal) ? app.Browser() : await app.ClientAsync();
        var answer = await client.GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(answer, "Content-Security-Policy"));
        Assert.Equal(("nosniff", "same-origin", "same-origin"), (Header(answer, "X-Content-Type-Options"), Header(answer, "Referrer-Policy"), Header(answer, "Cross-Origin-Resource-Policy")));
        var cache = answer.Message.Headers.CacheControl!;
        Assert.True(cache.NoStore || cache is { Private: true, NoCache: true }, cache.ToString());
        Assert.Null(Header(answer, "Server"));
    }

    [Fact]
    public async Task The_page_runs_scripts_of_this_server_alone_and_takes_styles_by_a_number_that_nobody_can_guess()
    {
        await using var app = await ServePageAsync();
        var (first, second) = (await PageAsync(app, "/"), await PageAsync(app, "/index.html"));
        Assert.Equal("", Directive(first.Policy, "script-src").Replace("'self'", "", StringComparison.Ordinal).Trim());
        Assert.Contains("frame-ancestors 'none'", first.Policy);
        Assert.Contains("base-uri 'none'", first.Policy);
        Assert.DoesNotContain("unsafe-eval", first.Policy);
        var nonces = new[] { first, second }.Select(page => Directive(page.Policy, "style-src-elem").Split("'nonce-")[1].TrimEnd('\'')).ToArray();
        Assert.NotEqual(nonces[0], nonces[1]);
        Assert.Contains($"nonce=\"{nonces[0]}\"", first.Html);
        Assert.DoesNotContain("%style-nonce%", second.Html);
    }

    [Fact]
    public async Task Https_is_demanded_for_a_year_where_the_public_address_has_it()
    {
        await using var app = await ServePageAsync(("XRM_PUBLIC_URL", "https://crm.example.com"), ("XRM_PROXIES", "127.0.0.1"));
        var browser = app.Browser();
        var answer = await browser.SendAsync(HttpMethod.Get, "/api/auth/options", null, headers: [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "crm.example.com")]);
        Assert.Equal("max-age=31536000", Header(answer, "Strict-Transport-Security"));
        Assert.Null(Header(await browser.GetAsync("/api/auth/options"), "Strict-Transport-Security"));
    }

    [Fact]
    public async Task Cookies_behind_https_belong_to_this_very_host_and_others_open_nothing()
    {
        await using var app = await People.ServeAsync(("XRM_PROXIES", "127.0.0.1"));
        await app.AddAsync("jo");
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = app.Browser().Http.BaseAddress };
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        http.DefaultRequestHeaders.Add("X-Forwarded-Host", "crm.example.com");
        var answer = await http.PostAsync("/api/auth/sign-in", Json($$"""{ "userName": "jo", "password": "{{People.Password}}" }"""));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(each => each.Contains("xrm_session", StringComparison.Ordinal));
        Assert.StartsWith("__Host-xrm_session=", cookie);
        foreach (var part in new[] { "; path=/;", "; secure", "; samesite=strict", "; httponly" }) Assert.Contains(part, cookie + ";");
        Assert.DoesNotContain("domain", cookie);
        var secret = cookie.Split('=', 2)[1].Split(';')[0];
        Assert.Equal((200, 401), (await MeAsync($"__Host-xrm_session={secret}"), await MeAsync($"xrm_session={secret}")));
        http.DefaultRequestHeaders.Add("Cookie", $"__Host-xrm_session={secret}");
        Assert.Contains("\"name\":\"__Host-xrm_session\"", await http.GetStringAsync("/api/openapi.json"));

        async Task<int> MeAsync(string cookies)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
            request.Headers.Add("Cookie", cookies);
            return (int)(await http.SendAsync(request)).StatusCode;
        }
    }

    public static TheoryData<string, string, string> Writes => new()
    {
        { "POST", "/api/data/notes", "application/json" },
        { "POST", "/api/data/notes", "text/plain" },
        { "POST", "/api/data/$batch", "application/json" },
        { "POST", "/api/data/$batch", "multipart/mixed; boundary=b" },
        { "POST", "/api/files/?name=a.txt", "text/plain" },
        { "POST", "/api/files/", "multipart/form-data; boundary=b" },
        { "DELETE", "/api/data/notes/0197f3a0-0000-7000-8000-000000000001", "text/plain" },
        { "PATCH", "/api/data/notes/0197f3a0-0000-7000-8000-000000000001", "application/json" },
        { "POST", "/api/auth/sign-in", "application/json" },
        { "POST", "/api/auth/sign-in", "text/plain" },
        { "POST", "/api/auth/sign-out", "text/plain" },
        { "POST", "/api/auth/providers/company/begin", "application/json" },
        { "POST", "/api/auth/password/forgotten", "application/json" },
        { "POST", "/api/metadata/publish", "application/json" },
        { "PUT", "/api/access/shares", "application/json" },
    };

    [Theory, MemberData(nameof(Writes))]
    public async Task A_page_of_another_site_changes_nothing(string method, string path, string type)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("boss", isAdministrator: true);
        var cookies = new CookieContainer();
        Assert.Equal(200, (await app.Browser(cookies).SignInAsync("boss")).Status);
        var own = app.Browser().Http.BaseAddress!;
        // As if the cookie travelled all the same: an old browser, or a page of a neighbouring host.
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example.com"), ("Origin", "null"), ("Origin", $"http://{own.Host}:1") })
        {
            using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = own };
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent("{}"u8.ToArray()) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            request.Headers.Add(name, value);
            var answer = await http.SendAsync(request);
            Assert.Equal((403, true), ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("cross_site", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_cookie_alone_changes_nothing_where_nobody_says_which_page_has_asked()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("boss", isAdministrator: true);
        var cookies = new CookieContainer();
        Assert.Equal(200, (await app.Browser(cookies).SignInAsync("boss")).Status);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = app.Browser().Http.BaseAddress };
        Assert.Equal(401, (int)(await http.PostAsync("/api/data/notes", Json("""{ "title": "x" }"""))).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/api/data/notes")).StatusCode);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<TestApplication> ServePageAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("xrm-page").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "designer", "dist"));
        File.Copy(Path.Combine(Repository.Root, "designer", "index.html"), Path.Combine(folder, "designer", "dist", "index.html"));
        return TestApplication.StartAsync(new TestSettings { Folder = folder, Environment = environment.ToDictionary(each => each.Name, each => (string?)each.Value) }, "desk", People.Package());
    }

    private static async Task<(string Html, string Policy)> PageAsync(TestApplication app, string path)
    {
        var answer = await app.Browser().Http.GetAsync(path);
        return (await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    private static string Directive(string policy, string name) => policy.Split(';', StringSplitOptions.TrimEntries).Single(each => each.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string? Header(Answer answer, string name) => answer.Message.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
