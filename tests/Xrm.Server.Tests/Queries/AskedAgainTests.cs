namespace Xrm.Server.Tests.Queries;

/// <summary>Lists that are asked for again: their statements are remembered, their rows and all that hangs on the request are not.</summary>
public sealed class AskedAgainTests : IAsyncLifetime
{
    private const string Url = "/api/data/contracts?$select=title&$orderby=title&$expand=account($select=name)";
    private TestApplication _server = null!;

    public async Task InitializeAsync() => _server = await TestApplication.StartAsync("asked_again", QueryModel.Files);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(Url)]
    [InlineData("/api/data/contracts?$orderby=title&$filter=created_at lt now()")]
    [InlineData("/api/data/contracts?$orderby=title&$filter=title eq 'A' or title eq 'B'&$count=true")]
    public async Task Rows_are_those_of_the_moment(string url)
    {
        var client = await _server.ClientAsync();
        await client.CreateAsync("contracts", """{ "title": "A" }""");
        Assert.Equal("A", await TitlesAsync(client, url));
        Assert.Equal("A", await TitlesAsync(client, url));
        await client.CreateAsync("contracts", """{ "title": "B" }""");
        Assert.Equal("A B", await TitlesAsync(client, url));
    }

    [Fact]
    public async Task Each_caller_sees_what_is_theirs()
    {
        var (all, own) = (await _server.ClientAsync("reader"), await _server.ClientAsync("editor"));
        var account = await (await _server.ClientAsync()).CreateAsync("accounts", """{ "name": "Acme" }""");
        await (await _server.ClientAsync()).CreateAsync("contracts", $$"""{ "title": "A", "account_id": "{{account}}" }""");
        await own.CreateAsync("contracts", """{ "title": "B" }""");
        foreach (var _ in new[] { "new", "remembered" })
        {
            Assert.Equal("A B", await TitlesAsync(all, Url));
            Assert.Equal("B", await TitlesAsync(own, Url));
        }
    }

    [Fact]
    public async Task What_the_headers_ask_for_is_done_each_time()
    {
        var client = await _server.ClientAsync();
        foreach (var title in new[] { "A", "B", "C" }) await client.CreateAsync("contracts", $$"""{ "title": "{{title}}" }""");
        foreach (var _ in new[] { "new", "remembered" })
        {
            Assert.Equal("A B C", await TitlesAsync(client, Url));
            Assert.Equal("A B", await TitlesAsync(client, Url, "odata.maxpagesize=2"));
            Assert.Contains("/$delta?", (await client.SendAsync(HttpMethod.Get, "/api/data/contracts?$select=title", null, prefer: "odata.track-changes"))["@odata.deltaLink"], StringComparison.Ordinal);
            Assert.Null((await client.GetAsync("/api/data/contracts?$select=title"))["@odata.deltaLink"]);
            Assert.StartsWith("title,account/name", await AcceptingAsync(client, "text/csv"), StringComparison.Ordinal);
            Assert.DoesNotContain("@odata.etag", await AcceptingAsync(client, "application/json;odata.metadata=none"), StringComparison.Ordinal);
            Assert.Equal(0, (await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url))).Content.Headers.ContentLength ?? 0);
        }
    }

    private static async Task<string> TitlesAsync(TestClient client, string url, string? prefer = null) => string.Join(' ',
        (await client.SendAsync(HttpMethod.Get, url, null, prefer: prefer)).Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("title").GetString()));

    private static async Task<string> AcceptingAsync(TestClient client, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.TryAddWithoutValidation("Accept", type);
        return await (await client.Http.SendAsync(request)).Content.ReadAsStringAsync();
    }
}
