using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Safety;

/// <summary>Every route that there is, with the ids of somebody else: by a stranger, and by somebody who may do nothing.</summary>
public sealed partial class RouteSweepTests : IAsyncLifetime
{
    // Whoever may follow changes waits for them: the answer begins with the first. What it tells is the matter of ChangeStreamTests.
    private const string Stream = "/api/changes";

    private const string Marker = "Nobody-else-may-read-this-7c1f";

    // Whoever is added here opens a door to strangers: look twice.
    private static readonly string[] OpenToStrangers =
    [
        "GET /healthz", "GET /readyz", "GET /index.html", "GET /api/auth/options", "POST /api/auth/sign-in", "POST /api/auth/second-step", "POST /api/auth/passkey-sign-in",
        "POST /api/auth/passkey-sign-in/challenge", "POST /api/auth/password/forgotten", "POST /api/auth/password/reset", "POST /api/auth/invitation", "POST /api/auth/invitation/accept",
        "POST /api/auth/email/confirm", "POST /api/auth/providers/{key}/begin", "POST /api/auth/providers/{key}/finish", "GET /api/script-frame",
        // Fallbacks: pages of the application, and paths that mean nothing.
        "* /{*path:nonfile}", "* /administration/{**page}", "* /api/{**rest}",
    ];

    // One's own account and the description of what one may do: all that is open to somebody without a role.
    private static readonly string[] OpenToEverybody =
    [
        "GET /api/auth/me", "GET /api/auth/sessions", "GET /api/auth/tokens", "GET /api/auth/second-factor", "GET /api/auth/passkeys", "GET /api/auth/email", "GET /api/auth/identities",
        "GET /api/metadata/application", "GET /api/metadata/version", "GET /api/openapi.json", "GET /api/data", "HEAD /api/data", "GET /api/data/$metadata", "HEAD /api/data/$metadata",
        "GET /api/jobs", "GET /api/search", "GET /api/changes", "POST /api/files", "POST /api/data/$batch", "POST /api/auth/sign-out", "POST /api/auth/passkeys/challenge",
        "POST /api/auth/second-factor/authenticator", "POST /api/auth/tokens", "POST /api/auth/second-factor/authenticator/remove", "DELETE /api/auth/sessions", "POST /api/auth/password",
        "DELETE /api/access/preview", "GET /api/organisations/mine",
    ];

    private TestApplication _app = null!;
    private Guid _victim;
    private Dictionary<string, string[]> _parameters = [];

    public async Task InitializeAsync()
    {
        _app = await People.ServeAsync(("XRM_REQUESTS_PER_MINUTE_STRANGERS", "0"));
        _victim = await _app.AddAsync("victim", email: "victim@example.com", roles: "writer");
        var victim = await _app.EnterAsync("victim");
        var record = await victim.CreateAsync("notes", $$"""{ "title": "{{Marker}}" }""");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Marker));
        var file = (await victim.Http.PostAsync("/api/files/?name=secret.txt", content)).Headers.Location!.ToString().Split('/')[^1];
        var session = (await victim.GetAsync("/api/auth/sessions")).Json[0].GetProperty("id").GetString()!;
        var token = (await victim.PostAsync("/api/auth/tokens", $$"""{ "name": "{{Marker}}", "access": "write" }""")).Json.GetProperty("details").GetProperty("id").GetString()!;
        var job = await victim.PostAsync("/api/data/notes", "[]");
        string[] ids = [record, file, session, token, _victim.ToString(), job["id"] ?? record];
        _parameters = new()
        {
            ["collection"] = ["notes"],
            ["entity"] = ["note"],
            ["action"] = ["restore"],
            ["navigation"] = ["created_by", "history"],
            ["key"] = ["company"],
            ["name"] = ["desk", "note", "main"],
            ["rule"] = ["any"],
            ["session"] = [session],
            ["token"] = [token],
            ["entry"] = [record],
            ["page"] = ["users"],
            ["rest"] = ["nothing"],
            ["path"] = ["nothing"],
            ["job"] = ids,
            ["user"] = ids,
        };
        foreach (var name in new[] { "id" }) _parameters[name] = ids;
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Nothing_is_open_to_strangers_but_what_is_listed()
    {
        var open = Routes().Where(route => route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || route.Text == "GET /healthz").Select(route => route.Text).Distinct().Order();
        Assert.Equal(OpenToStrangers.Order(), open);
    }

    [Fact]
    public async Task A_stranger_is_asked_to_sign_in_on_every_other_route()
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _app.Browser().Http.BaseAddress };
        var wrong = new List<string>();
        var asked = 0;
        foreach (var route in Routes().Where(route => !OpenToStrangers.Contains(route.Text)))
            foreach (var path in Paths(route.Pattern))
                foreach (var secret in new[] { null, "xrm_made-up", "xrm_" + new string('A', 43) })
                {
                    asked++;
                    var (status, body) = await SendAsync(http, route.Method, path, secret);
                    if (status != 401 || body.Contains(Marker, StringComparison.Ordinal)) wrong.Add($"{status} {route.Text}");
                }
        Assert.Empty(wrong.Distinct());
        Assert.True(asked > 500, $"Only {asked} requests were made.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_without_a_role_reads_and_changes_nothing_of_others(bool byToken)
    {
        await _app.AddAsync("mallory");
        var browser = await _app.EnterAsync("mallory");
        var client = byToken ? _app.Program((await browser.PostAsync("/api/auth/tokens", """{ "name": "mine", "access": "write", "administration": true }"""))["token"]!) : browser;
        var before = await StateAsync();
        var wrong = new List<string>();
        foreach (var route in Routes().Where(route => !OpenToStrangers.Contains(route.Text) && route.Pattern != Stream).OrderBy(route => route.Text.Contains("sign-out", StringComparison.Ordinal)))
            foreach (var path in Paths(route.Pattern))
            {
                var (status, body) = await SendAsync(client.Http, route.Method, path, null);
                if (body.Contains(Marker, StringComparison.Ordinal) || status >= 500 || (status is >= 200 and < 400 && !OpenToEverybody.Contains(route.Text))) wrong.Add($"{status} {route.Text} {path}");
            }
        Assert.Empty(wrong);
        Assert.Equal(before, await StateAsync());
    }

    private async Task<string> StateAsync()
    {
        await using var command = _app.Database.Source.CreateCommand("""
            select concat_ws(' ', (select string_agg(n::text, ',') from org_main.notes n), (select count(*) from org_main._file where created_by = $1), (select count(*) from xrm.session where user_id = $1),
                (select count(*) from xrm.token where user_id = $1), (select string_agg(u.user_name || u.is_administrator || u.is_active || coalesce(u.password_hash, ''), ',' order by u.user_name) from xrm."user" u where id = $1),
                (select count(*) from xrm.user_role), (select count(*) from xrm."user" where is_administrator))
            """);
        command.Parameters.AddWithValue(_victim);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private IEnumerable<Route> Routes() =>
        from endpoint in _app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        select new Route(endpoint, method, pattern);

    /// <summary>The addresses of a route, with each id where an id stands.</summary>
    private IEnumerable<string> Paths(string pattern)
    {
        if (Parameter().Match(pattern) is not { Success: true } found) return [pattern + (pattern == "/api/search" ? "?q=Nobody" : "")];
        var name = found.Groups["name"].Value;
        if (found.Value.EndsWith(":long}", StringComparison.Ordinal)) return Paths(pattern[..found.Index] + "1" + pattern[(found.Index + found.Length)..]);
        Assert.True(_parameters.ContainsKey(name), $"A route has the parameter {name}, which this test does not know: {pattern}");
        return _parameters[name].SelectMany(value => Paths(pattern[..found.Index] + value + pattern[(found.Index + found.Length)..]));
    }

    private static async Task<(int Status, string Body)> SendAsync(HttpClient http, string method, string path, string? token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method == "*" ? "GET" : method), path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // A stream of changes never ends; it has told nothing yet.
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync());
    }

    private sealed record Route(RouteEndpoint Endpoint, string Method, string Pattern)
    {
        public string Text => $"{Method} {Pattern.TrimEnd('/')}";
    }

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
