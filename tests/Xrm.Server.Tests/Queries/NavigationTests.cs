using System.Net;
using System.Text.Json;

namespace Xrm.Server.Tests.Queries;

/// <summary>What hangs on a record, read by its own URL; records by their keys; counts that are guessed.</summary>
public sealed class NavigationTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;
    private string _account = "";
    private string _contract = "";

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("queries", QueryModel.Files);
        _client = await _server.ClientAsync();
        _account = await _client.CreateAsync("accounts", """{ "name": "Acme" }""");
        var topic = await _client.CreateAsync("topics", """{ "name": "Law" }""");
        _contract = await _client.CreateAsync("contracts", $$"""
            { "title": "Rent", "account_id": "{{_account}}", "regarding_id": "{{_account}}", "regarding_type": "account",
              "lines": [{ "product": "Pump", "amount": 1.10 }, { "product": "Pipe", "amount": 2.20 }], "topics": [{ "id": "{{topic}}" }] }
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("contracts/{0}/lines?$orderby=amount desc&$select=product", "product", "Pipe Pump")]
    [InlineData("contracts({0})/lines?$filter=amount lt 2&$count=true", "product", "Pump")]
    [InlineData("contracts/{0}/topics?$filter=contracts/any(c: c/title eq 'Rent')", "name", "Law")]
    [InlineData("accounts/{1}/contracts?$expand=lines", "title", "Rent")]
    [InlineData("accounts/{1}/contracts?$skip=1", "title", "")]
    public async Task Related_records_are_a_list_of_their_own(string path, string property, string expected)
    {
        var answer = await GetAsync(path);
        Assert.Equal(200, answer.Status);
        Assert.Equal(expected, string.Join(' ', answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty(property).GetString())));
    }

    [Theory]
    [InlineData("contracts/{0}/lines?$apply=aggregate(amount with sum as total,$count as n)", """[{"total":3.30,"n":2}]""")]
    [InlineData("contracts/{0}/lines?$apply=groupby((rollup($all,product)),aggregate(amount with max as most))&$filter=most gt 2", """[{"most":2.20},{"product":"Pipe","most":2.20}]""")]
    [InlineData("contracts({0})/topics?$apply=groupby((name))", """[{"name":"Law"}]""")]
    [InlineData("accounts/{1}/contracts?$apply=topcount(5,months)/aggregate($count as n)", """[{"n":1}]""")]
    public async Task Related_records_are_put_together(string path, string expected)
    {
        await _client.CreateAsync("contracts", """{ "title": "Other", "lines": [{ "product": "Bolt", "amount": 100 }] }""");
        var answer = await GetAsync(path);
        Assert.Equal((200, expected), (answer.Status, answer.Json.GetProperty("value").GetRawText()));
    }

    [Fact]
    public async Task Summaries_of_related_records_have_pages_counts_and_files()
    {
        var lines = $"/api/data/contracts/{_contract}/lines";
        var page = await _client.SendAsync(HttpMethod.Get, $"{lines}?$apply=groupby((product))", null, prefer: "odata.maxpagesize=1");
        Assert.EndsWith("/api/data/$metadata#contract_lines(product)", page["@odata.context"], StringComparison.Ordinal);
        Assert.Equal("Pump", (await _client.GetAsync(page["@odata.nextLink"]!)).Json.GetProperty("value")[0].GetProperty("product").GetString());
        Assert.Equal("2", await _client.Http.GetStringAsync($"{lines}/$count?$apply=groupby((product))"));
        Assert.Equal("product\r\nPipe\r\nPump\r\n", await _client.Http.GetStringAsync($"{lines}?$apply=groupby((product))&$format=csv"));
        Assert.Equal((404, "unknown_navigation"), ((await _client.GetAsync($"/api/data/contracts/{_contract}/nothing?$apply=groupby((product))")) is var refused ? (refused.Status, refused["code"]) : default));
    }

    [Fact]
    public async Task Pages_of_related_records_lead_on()
    {
        var page = await _client.SendAsync(HttpMethod.Get, $"/api/data/contracts/{_contract}/lines?$orderby=product", null, prefer: "odata.maxpagesize=1");
        Assert.Equal(("Pipe", 1), (page.Json.GetProperty("value")[0].GetProperty("product").GetString(), page.Json.GetProperty("value").GetArrayLength()));
        var next = await _client.SendAsync(HttpMethod.Get, page["@odata.nextLink"]!, null, prefer: "odata.maxpagesize=1");
        Assert.Equal("Pump", next.Json.GetProperty("value")[0].GetProperty("product").GetString());
        Assert.Null(next["@odata.nextLink"]);
        Assert.Equal("2", await _client.Http.GetStringAsync($"/api/data/contracts/{_contract}/lines/$count"));
    }

    [Theory]
    [InlineData("contracts/{0}/account?$select=name", "name", "Acme")]
    [InlineData("contracts/{0}/regarding", "name", "Acme")]
    [InlineData("contracts/{0}/created_by", "name", null)]
    public async Task What_a_lookup_points_to_is_one_record(string path, string property, string? expected)
    {
        var answer = await GetAsync(path);
        if (expected is not null) Assert.Equal((200, expected), (answer.Status, answer[property]));
        else Assert.True(answer.Status is 200 or 404, $"{answer.Status} {answer.Json}");
    }

    [Fact]
    public async Task What_a_lookup_does_not_point_to_is_no_content() => Assert.Equal(204, (await GetAsync("accounts/{1}/holding")).Status);

    [Theory]
    [InlineData("contracts/{0}/nothing", 404, "unknown_navigation")]
    [InlineData("contracts/{0}/title", 404, "unknown_navigation")]
    [InlineData("contracts/00000000-0000-7000-8000-000000000000/lines", 404, "record_not_found")]
    [InlineData("contracts/{0}/lines?$filter=nothing eq 1", 400, "unknown_field")]
    [InlineData("contracts/{0}/account?$top=1", 400, "query_not_understood")]
    [InlineData("contracts(title='Rent')", 400, "unknown_key")]
    [InlineData("contracts?$filter=lines/any(l: l/amount gt $it/lines/$count mul 9223372036854775807)", 400, "number_too_large")]
    [InlineData("contracts(number='C-99999')", 404, "record_not_found")]
    public async Task A_wrong_path_is_refused(string path, int status, string code) =>
        Assert.Equal((status, code), await GetAsync(path) is var answer ? (answer.Status, answer["code"]) : default);

    [Fact]
    public async Task A_record_is_found_by_its_alternate_key()
    {
        var answer = await GetAsync("contracts(number='C-00001')?$select=title");
        Assert.Equal((200, _contract, "Rent"), (answer.Status, answer["id"], answer["title"]));
        Assert.Equal(2, (await GetAsync("contracts(number='C-00001')/lines")).Json.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task Records_of_others_have_no_related_records_to_show()
    {
        var clerk = await _server.ClientAsync("clerk");
        Assert.Equal(404, (await clerk.GetAsync($"/api/data/contracts/{_contract}/lines")).Status);
        Assert.Equal(404, (await clerk.GetAsync($"/api/data/contracts/{_contract}/lines/$count")).Status);
        Assert.Equal(404, (await clerk.GetAsync("/api/data/contracts(number='C-00001')")).Status);
        Assert.Equal(403, (await clerk.GetAsync($"/api/data/accounts/{_account}/contracts")).Status);
    }

    [Fact]
    public async Task A_list_inside_a_row_that_is_cut_leads_to_its_rest()
    {
        await using (var command = _server.Database.Source.CreateCommand($"""
            insert into org_main.contract_lines (id, version, created_at, modified_at, product, amount, contract_id)
            select gen_random_uuid(), 1, now(), now(), 'Line ' || n, n, '{_contract}' from generate_series(1, 1203) as n
            """))
            await command.ExecuteNonQueryAsync();
        var row = (await GetAsync("contracts/{0}?$select=title&$expand=lines($select=product,amount;$filter=amount ge 3 and product ne 'x y';$orderby=amount)")).Json;
        await AssertCutAsync(row);
        var outer = (await GetAsync("accounts?$expand=contracts($expand=lines($select=product,amount;$filter=amount ge 3;$orderby=amount))")).Json.GetProperty("value")[0];
        await AssertCutAsync(outer.GetProperty("contracts")[0]);
        var small = (await GetAsync("contracts/{0}?$expand=lines($select=product;$top=1000)")).Json;
        Assert.Equal((1000, false), (small.GetProperty("lines").GetArrayLength(), small.TryGetProperty("lines@odata.nextLink", out _)));
    }

    private async Task AssertCutAsync(JsonElement row)
    {
        Assert.Equal(1000, row.GetProperty("lines").GetArrayLength());
        Assert.Equal("Line 3", row.GetProperty("lines")[0].GetProperty("product").GetString());
        var seen = 1000;
        for (var next = row.GetProperty("lines@odata.nextLink").GetString(); next is not null;)
        {
            var page = await _client.GetAsync(next);
            Assert.Equal($"Line {seen + 3}", page.Json.GetProperty("value")[0].GetProperty("product").GetString());
            seen += page.Json.GetProperty("value").GetArrayLength();
            next = page["@odata.nextLink"];
        }
        Assert.Equal(1201, seen);
    }

    [Fact]
    public async Task A_guessed_count_says_that_it_is_guessed()
    {
        await using (var command = _server.Database.Source.CreateCommand("""
            insert into org_main.assets (id, version, created_at, modified_at, code) select gen_random_uuid(), 1, now(), now(), 'A' || n from generate_series(1, 5000) as n;
            analyze org_main.assets
            """))
            await command.ExecuteNonQueryAsync();
        var answer = await GetAsync("assets?$count=estimate&$top=1&$filter=startswith(code,'A')");
        Assert.Equal("True", answer["@xrm.countIsEstimate"]);
        Assert.InRange(answer.Json.GetProperty("@odata.count").GetInt64(), 2500, 10000);
        Assert.Equal(400, (await GetAsync("accounts?$expand=contracts($count=estimate)")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/api/data/contracts?$count=estimate&$filter=account/name eq 'Acme'")).Message.StatusCode);
    }

    private Task<Answer> GetAsync(string path) => _client.GetAsync("/api/data/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _contract, _account));
}
