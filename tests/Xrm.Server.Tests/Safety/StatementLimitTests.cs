using Npgsql;
using Xrm.Data.Catalogue;
using Xrm.Server.Security;
using Xrm.Server.Tests.Queries;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Safety;

/// <summary>What takes the database longer than its caller may have it work is ended there, and said.</summary>
public sealed class StatementLimitTests
{
    [Fact]
    public async Task What_takes_too_long_is_refused_and_leaves_nothing_running()
    {
        await using var app = await StartAsync("ADMINISTRATORS");
        var client = await app.ClientAsync();
        var account = await client.CreateAsync("accounts", """{ "name": "Acme" }""");
        await using var holder = await HoldAsync(app);
        var answers = await Task.WhenAll(
            client.GetAsync("/api/data/accounts?$filter=contains(name,'a')"),
            client.GetAsync($"/api/data/accounts/{account}"),
            client.GetAsync("/api/data/accounts/$count"),
            client.GetAsync("/api/data/accounts?$apply=aggregate($count as n)"),
            client.PatchAsync($"/api/data/accounts/{account}", """{ "name": "Other" }"""),
            client.PostAsync("/api/data/accounts", """{ "name": "New" }"""),
            client.PostAsync("/api/data/$batch", """{ "requests": [ { "id": "1", "atomicityGroup": "g", "method": "POST", "url": "accounts", "body": { "name": "New" } } ] }"""));
        foreach (var answer in answers[..^1])
        {
            Assert.Equal((503, "query_timeout"), (answer.Status, answer["code"]));
            Assert.Contains("Ask for less", answer["detail"]);
            Assert.NotNull(answer.Message.Headers.RetryAfter);
        }
        Assert.Equal(503, answers[^1].Json.GetProperty("responses")[0].GetProperty("status").GetInt32());
        // The lock is still held: what waits no longer was cancelled.
        await Eventually.IsAsync(async () => await WaitingAsync(app) == 0);
        await holder.DisposeAsync();
        Assert.Equal("Acme", (await client.GetAsync($"/api/data/accounts/{account}"))["name"]);
    }

    [Fact]
    public async Task Records_that_are_read_together_have_the_limit_too()
    {
        await using var app = await StartAsync("ADMINISTRATORS");
        var client = await app.ClientAsync();
        var account = await client.CreateAsync("accounts", """{ "name": "Acme" }""");
        // From the second time on the statement is known, and serves those who wait together.
        for (var read = 0; read < 2; read++) Assert.Equal(200, (await client.GetAsync($"/api/data/accounts/{account}")).Status);
        await using var holder = await HoldAsync(app);
        var reads = Enumerable.Range(0, 3 * Environment.ProcessorCount).Select(_ => client.GetAsync($"/api/data/accounts/{account}")).ToList();
        await Eventually.IsAsync(() => Task.FromResult(reads.TrueForAll(read => read.IsCompleted)));
        foreach (var read in reads) Assert.Equal("query_timeout", (await read)["code"]);
    }

    [Theory]
    [InlineData("PEOPLE", "session")]
    [InlineData("SERVICES", "token")]
    [InlineData("ADMINISTRATORS", "administrator")]
    public async Task Each_class_of_callers_has_a_limit_of_its_own(string limited, string expected)
    {
        await using var app = await StartAsync(limited);
        var callers = new Dictionary<string, HttpClient>
        {
            ["session"] = await SessionAsync(app, await app.ClientAsync("reader")),
            ["token"] = (await app.ClientAsync("reader")).Http,
            ["administrator"] = (await app.ClientAsync()).Http,
        };
        foreach (var caller in callers.Values) Assert.Equal(200, (int)(await caller.GetAsync("/api/data/accounts")).StatusCode);
        await using var holder = await HoldAsync(app);
        var requests = callers.ToDictionary(pair => pair.Key, pair => pair.Value.GetAsync("/api/data/accounts"));
        var first = await Task.WhenAny(requests.Values);
        Assert.Same(requests[expected], first);
        Assert.Equal(503, (int)(await first).StatusCode);
        await Eventually.IsAsync(async () => await WaitingAsync(app) == 2);
        await holder.DisposeAsync();
        foreach (var (name, request) in requests) Assert.Equal(name == expected ? 503 : 200, (int)(await request).StatusCode);
    }

    [Fact]
    public async Task Exports_and_work_in_the_background_have_connections_without_the_limit_of_requests()
    {
        await using var app = await StartAsync("SERVICES");
        var client = await app.ClientAsync("reader");
        await using var holder = await HoldAsync(app);
        var export = client.Http.GetAsync("/api/data/accounts?$format=csv");
        var list = await client.GetAsync("/api/data/accounts");
        Assert.Equal((503, "query_timeout"), (list.Status, list["code"]));
        Assert.False(export.IsCompleted);
        await holder.DisposeAsync();
        Assert.Equal(200, (int)(await export).StatusCode);
    }

    private static Task<TestApplication> StartAsync(string limited) => TestApplication.StartAsync(
        new TestSettings { Environment = new Dictionary<string, string?> { [$"XRM_STATEMENT_SECONDS_{limited}"] = "1" } }, "queries", QueryModel.Files);

    private static async Task<HttpClient> SessionAsync(TestApplication app, TestClient user)
    {
        var secret = Secrets.NewSession();
        await app.Get<SessionStore>().AddSessionAsync(new NewSession(Guid.CreateVersion7(), Secrets.Hash(secret), user.UserId, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1), null, null, false, "main"), CancellationToken.None);
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = user.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("Cookie", $"xrm_session={secret}");
        return http;
    }

    private static async Task<NpgsqlConnection> HoldAsync(TestApplication app)
    {
        var holder = new NpgsqlConnection(app.Database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand("begin; lock table org_main.accounts in access exclusive mode", holder);
        await hold.ExecuteNonQueryAsync();
        return holder;
    }

    private static async Task<long> WaitingAsync(TestApplication app)
    {
        await using var command = app.Database.Source.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
