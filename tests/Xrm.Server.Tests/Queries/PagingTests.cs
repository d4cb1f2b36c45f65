using System.Net;

namespace Xrm.Server.Tests.Queries;

/// <summary>Pages in any order meet every row once; "starts with" means the same whether an index serves it or not.</summary>
public sealed class PagingTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("queries", QueryModel.Files);
        _client = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("value")]
    [InlineData("value desc")]
    [InlineData("title")]
    [InlineData("title desc,value desc")]
    [InlineData("status,value desc,title")]
    [InlineData("status desc,starts_on")]
    [InlineData("signed_at desc")]
    [InlineData("opens,status")]
    [InlineData("account/score desc,account/name")]
    [InlineData("account/active,title desc")]
    public async Task Pages_are_the_whole_list_cut_in_pieces(string order)
    {
        await CreateContractsAsync();
        var whole = await IdsAsync($"/api/data/contracts?$orderby={order}&$top=100", null);
        var pages = new List<string>();
        for (var next = $"/api/data/contracts?$orderby={order}&$count=true"; next is not null;)
        {
            var page = await _client.SendAsync(HttpMethod.Get, next, null, prefer: "odata.maxpagesize=4");
            Assert.Equal("27", page["@odata.count"]);
            pages.AddRange(page.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
            next = page["@odata.nextLink"];
        }
        Assert.Equal(whole, pages);
    }

    [Fact]
    public async Task Rows_that_come_and_go_between_two_pages_move_no_other()
    {
        await CreateContractsAsync();
        var before = await IdsAsync("/api/data/contracts?$orderby=title&$top=100", null);
        var page = await _client.SendAsync(HttpMethod.Get, "/api/data/contracts?$orderby=title", null, prefer: "odata.maxpagesize=5");
        await _client.CreateAsync("contracts", """{ "title": "  first of all" }""");
        Assert.Equal(204, (await _client.SendAsync(HttpMethod.Delete, $"/api/data/contracts/{before[0]}", null)).Status);
        var second = await IdsAsync(page["@odata.nextLink"]!, "odata.maxpagesize=5");
        Assert.Equal(before[5..10], second);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("W10")]
    [InlineData("WzEsMl0")]
    [InlineData("WyJhIixudWxsXQ")]
    [InlineData("WyJcdTAwMDAiLCIwMTIzNDU2Ny04OWFiLTdkZWYtODEyMy00NTY3ODlhYmNkZWYiXQ")]
    public async Task A_token_of_another_query_is_refused(string token)
    {
        var answer = await _client.GetAsync($"/api/data/contracts?$orderby=title&$skiptoken={token}");
        Assert.Equal((400, "invalid_token"), (answer.Status, answer["code"]));
    }

    [Theory]
    [InlineData("M", "Ma,Mb,MÄ,M\u0308x")]
    [InlineData("m", "ma")]
    [InlineData("Ä", "Ä,Äb")]
    [InlineData("Z", "Z,Zz\uFFFFz")]
    [InlineData("Zz\uFFFF", "Zz\uFFFFz")]
    [InlineData("М", "Мир")]
    [InlineData("ми", "ми\u0306р")]
    [InlineData("50%", "50% off")]
    [InlineData("\U0001F600", "\U0001F600!")]
    public async Task Starts_with_finds_exactly_the_texts_with_that_beginning(string beginning, string found)
    {
        string[] titles = ["Ma", "Mb", "ma", "MÄ", "M\u0308x", "Äb", "Ä", "A", "Na", "Z", "Zz\uFFFFz", "Мир", "ми\u0306р", "50% off", "500", "\U0001F600!", "L"];
        foreach (var title in titles) await _client.CreateAsync("contracts", System.Text.Json.JsonSerializer.Serialize(new { title }));
        var filter = WebUtility.UrlEncode($"startswith(title,'{beginning}')");
        var answer = await _client.GetAsync($"/api/data/contracts?$filter={filter}&$top=100&$select=title");
        var matches = answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("title").GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(found.Split(',').Order(StringComparer.Ordinal), matches);
        var others = await _client.Http.GetStringAsync($"/api/data/contracts/$count?$filter={WebUtility.UrlEncode($"not startswith(title,'{beginning}')")}");
        Assert.Equal(titles.Length - found.Split(',').Length, int.Parse(others, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Starts_with_on_texts_that_are_not_words()
    {
        foreach (var email in new[] { "ada@x.org", "adb@x.org", "ADA@x.org", "bob@x.org" })
            await _client.CreateAsync("accounts", $$"""{ "name": "x", "email": "{{email}}" }""");
        await _client.CreateAsync("accounts", """{ "name": "without" }""");
        var answer = await _client.GetAsync("/api/data/accounts?$filter=startswith(email,'ada')&$select=email");
        Assert.Equal("ada@x.org", answer.Json.GetProperty("value").EnumerateArray().Single().GetProperty("email").GetString());
        Assert.Equal("3", await _client.Http.GetStringAsync("/api/data/accounts/$count?$filter=not startswith(email,'ada')"));
    }

    private async Task CreateContractsAsync()
    {
        var accounts = new List<string>();
        foreach (var score in new[] { "1.5", "null", "-2", "1.5" })
            accounts.Add(await _client.CreateAsync("accounts", $$"""{ "name": "account {{accounts.Count}}", "score": {{score}}, "active": {{(score == "null" ? "null" : "true")}} }"""));
        string[] titles = ["alpha", "Alpha", "Ärger", "beta", "ALPHA"];
        for (var index = 0; index < 27; index++)
        {
            var contract = new Dictionary<string, object?>
            {
                ["title"] = titles[index % 5],
                ["status"] = index % 3 == 0 ? null : index % 3 == 1 ? "draft" : "active",
                ["value"] = index % 4 == 0 ? null : index % 7 + 0.25m,
                ["starts_on"] = index % 5 == 0 ? null : $"2026-0{index % 3 + 1}-01",
                ["signed_at"] = index % 2 == 0 ? null : $"2026-01-01T00:00:00.00000{index % 4}Z",
                ["opens"] = index % 6 == 0 ? null : $"0{index % 3}:30:00",
                ["account_id"] = index % 5 == 4 ? null : accounts[index % 4],
            };
            await _client.CreateAsync("contracts", System.Text.Json.JsonSerializer.Serialize(contract));
        }
    }

    private async Task<string[]> IdsAsync(string url, string? prefer) =>
        [.. (await _client.SendAsync(HttpMethod.Get, url, null, prefer: prefer)).Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];
}
