using System.Net.Http.Headers;
using Xrm.Data.Catalogue;
using Xrm.Server.Security;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.Safety;

/// <summary>Who sends too many requests is told when to go on, and hinders nobody else.</summary>
public sealed class RequestRateTests
{
    [Fact]
    public async Task Strangers_of_an_address_have_a_limit_that_touches_nobody_who_is_signed_in()
    {
        await using var app = await StartAsync("STRANGERS", "4");
        var client = await app.ClientAsync();
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = client.Http.BaseAddress };
        Assert.Equal(401, (int)(await stranger.GetAsync("/api/data/accounts")).StatusCode);
        Assert.Equal(404, (int)(await stranger.GetAsync("/api/nothing")).StatusCode);
        Assert.Equal(200, (int)(await stranger.GetAsync("/readyz")).StatusCode);
        // A secret that nobody knows makes no caller of a stranger.
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "xrm_unknown");
        Assert.Equal(401, (int)(await stranger.GetAsync("/api/data/accounts")).StatusCode);
        foreach (var path in new[] { "/api/data/accounts", "/api/nothing", "/readyz" })
            await AssertLimitedAsync(await stranger.GetAsync(path), "More than 4 requests of your address");
        Assert.Equal(200, (int)(await stranger.GetAsync("/healthz")).StatusCode);
        Assert.Equal(200, (await client.GetAsync("/api/data/accounts")).Status);
    }

    [Fact]
    public async Task Each_caller_has_a_limit_where_one_is_set()
    {
        await using var app = await StartAsync("CALLERS", "3");
        var (busy, other) = (await app.ClientAsync(), await app.ClientAsync());
        for (var sent = 0; sent < 3; sent++) Assert.Equal(200, (await busy.GetAsync("/api/data/accounts")).Status);
        await AssertLimitedAsync((await busy.GetAsync("/api/data/accounts")).Message, "More than 3 requests of yours");
        Assert.Equal(200, (await other.GetAsync("/api/data/accounts")).Status);
    }

    [Fact]
    public async Task Each_token_has_a_limit_where_one_is_set()
    {
        await using var app = await StartAsync("TOKENS", "3");
        var busy = await app.ClientAsync();
        var second = Secrets.NewToken();
        Assert.True(await app.Get<TokenStore>().AddAsync(Guid.CreateVersion7(), "second", Secrets.Hash(second), busy.UserId, null, null, CancellationToken.None));
        var other = app.Program(second);
        for (var sent = 0; sent < 3; sent++) Assert.Equal(200, (await busy.GetAsync("/api/data/accounts")).Status);
        await AssertLimitedAsync((await busy.GetAsync("/api/data/accounts")).Message, "More than 3 requests with this access token");
        Assert.Equal(200, (await other.GetAsync("/api/data/accounts")).Status);
    }

    [Fact]
    public async Task Sign_in_has_a_limit_of_its_own()
    {
        await using var app = await StartAsync("CALLERS", "0");
        var client = await app.ClientAsync();
        // Names of their own: one name is locked before.
        static string Wrong(int name) => $$"""{ "userName": "nobody{{name}}", "password": "wrong" }""";
        for (var tried = 0; tried < 20; tried++) Assert.Equal(401, (await client.PostAsync("/api/auth/sign-in", Wrong(tried))).Status);
        await AssertLimitedAsync((await client.PostAsync("/api/auth/sign-in", Wrong(20))).Message, "20 within a minute");
    }

    [Fact]
    public async Task User_name_with_wrong_passwords_is_locked_for_a_while()
    {
        await using var app = await StartAsync("CALLERS", "0");
        var client = await app.ClientAsync();
        await using (var lockOut = app.Database.Source.CreateCommand($"""update xrm."user" set password_hash = 'x', locked_until = now() + interval '5 minutes' where id = '{client.UserId}'""")) await lockOut.ExecuteNonQueryAsync();
        var locked = await client.PostAsync("/api/auth/sign-in", $$"""{ "userName": "user{{client.UserId:N}}", "password": "right" }""");
        Assert.Equal((429, "sign_in_locked"), (locked.Status, locked["code"]));
        Assert.InRange(locked.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
    }

    [Theory]
    [InlineData("XRM_REQUESTS_PER_MINUTE_CALLERS", "many")]
    [InlineData("XRM_REQUESTS_PER_MINUTE_STRANGERS", "-1")]
    [InlineData("XRM_STATEMENT_SECONDS_PEOPLE", "100000")]
    public async Task Limit_that_is_none_ends_the_start(string name, string value)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => TestApplication.StartAsync(new TestSettings { Environment = new Dictionary<string, string?> { [name] = value } }, "queries", QueryModel.Files));
        Assert.StartsWith($"{name} is '{value}'; it must be a whole number of 0 to", refused.Message, StringComparison.Ordinal);
    }

    private static Task<TestApplication> StartAsync(string whose, string most) => TestApplication.StartAsync(
        new TestSettings { Environment = new Dictionary<string, string?> { [$"XRM_REQUESTS_PER_MINUTE_{whose}"] = most } }, "queries", QueryModel.Files);

    private static async Task AssertLimitedAsync(HttpResponseMessage response, string named)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(429, (int)response.StatusCode);
        Assert.Contains("\"code\":\"rate_limited\"", text);
        Assert.Contains(named, text);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }
}
