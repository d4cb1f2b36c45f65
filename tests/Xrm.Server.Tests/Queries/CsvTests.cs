using System.Net.Http.Headers;
using System.Text;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Queries;

/// <summary>Lists as CSV.</summary>
public sealed class CsvTests(CsvApplication application) : IClassFixture<CsvApplication>
{
    private readonly TestApplication _server = application.Server;
    private readonly TestClient _client = application.Client;
    private readonly string _account = application.Account;

    [Fact]
    public async Task Rows_stand_in_lines_with_the_columns_of_the_selection_in_its_order()
    {
        var id = await ContractAsync("""{ "title": "The \"great\" one", "value": 12345678.90, "months": 3, "starts_on": "2026-01-31", "opens": "10:30:00", "labels": ["a,b", "c"] }""");
        Assert.Equal("value,title,account_id,account,labels,ends_on,opens\r\n"
            + $"12345678.90,\"The \"\"great\"\" one\",{_account},\"Acme, \"\"Inc\"\"\",\"[\"\"a,b\"\",\"\"c\"\"]\",2026-04-30,10:30:00\r\n",
            await GetAsync($"contracts?$format=csv&$filter=id eq {id}&$select=value,title,account,labels,ends_on,opens"));
    }

    [Theory]
    [InlineData("separator=semicolon;decimal=comma", "value;title;labels\r\n-1234,50;\"a;b\";\"[\"\"x,y\"\"]\"\r\n")]
    [InlineData("separator=semicolon", "value;title;labels\r\n-1234.50;\"a;b\";\"[\"\"x,y\"\"]\"\r\n")]
    [InlineData("separator=tab;decimal=comma", "value\ttitle\tlabels\r\n-1234,50\ta;b\t\"[\"\"x,y\"\"]\"\r\n")]
    [InlineData("separator=comma;decimal=point", "value,title,labels\r\n-1234.50,a;b,\"[\"\"x,y\"\"]\"\r\n")]
    public async Task Separators_and_decimals_are_those_that_a_spreadsheet_expects(string parameters, string expected)
    {
        var id = await ContractAsync("""{ "title": "a;b", "value": -1234.50, "labels": ["x,y"] }""");
        Assert.Equal(expected, await GetAsync($"contracts?$format=csv;{parameters.Replace(";", "%3B", StringComparison.Ordinal)}&$filter=id eq {id}&$select=value,title,labels"));
        var accepted = await _client.SendAsync(HttpMethod.Get, $"/api/data/contracts?$filter=id eq {id}&$select=value,title,labels", null, headers: ("Accept", $"text/csv;{parameters}"));
        Assert.Equal(expected, await accepted.Message.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_comma_cannot_stand_for_two_things()
    {
        var answer = await _client.GetAsync("/api/data/contracts?$format=csv;decimal=comma");
        Assert.Equal((400, "query_not_understood"), (answer.Status, answer["code"]));
        Assert.Contains("separator=semicolon", answer["detail"]);
    }

    [Fact]
    public async Task Without_a_selection_all_that_the_caller_may_see_is_there()
    {
        var lines = (await GetAsync("contracts?$format=csv")).Split("\r\n");
        Assert.StartsWith("id,number,title,status,account_id,account,regarding_id,regarding_type,regarding,value,", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("deleted_at", lines[0], StringComparison.Ordinal);
        Assert.Contains("penalty", lines[0], StringComparison.Ordinal);
        var reader = await _server.ClientAsync("reader");
        Assert.DoesNotContain("penalty", await GetAsync("contracts?$format=csv", reader), StringComparison.Ordinal);
        var clerk = await _server.ClientAsync("clerk");
        Assert.Equal("title\r\n", await GetAsync("contracts?$format=csv&$select=title", clerk));
    }

    [Fact]
    public async Task Related_records_searches_computed_values_views_and_summaries_work_as_in_lists()
    {
        await ContractAsync("""{ "title": "Lease", "status": "draft", "value": 10.10, "months": 12 }""");
        Assert.Equal("title,account_id,account/industry,twice\r\nLease," + _account + ",tech,20.20\r\n",
            await GetAsync("contracts?$format=csv&view=contract.tech&$select=title,account,twice&$expand=account($select=industry)&$compute=value mul 2 as twice&$filter=status eq 'draft'&$orderby=title desc&$top=5"));
        Assert.Equal("account/industry,total\r\ntech,10.10\r\n", await GetAsync("contracts?$format=csv&$apply=filter(status eq 'draft')/groupby((account/industry),aggregate(value with sum as total))"));
        Assert.Equal("twice,account/industry\r\n20.20,tech\r\n", await GetAsync("contracts?$format=csv&$apply=filter(status eq 'draft')/groupby((account/industry),aggregate(value with sum as total))&$compute=total mul 2 as twice&$select=twice,account"));
        Assert.Equal("account/industry,total\r\n,10.10\r\ntech,10.10\r\n", await GetAsync("contracts?$format=csv&$apply=filter(status eq 'draft')/groupby((rollup($all,account/industry)),aggregate(value with sum as total))"));
        Assert.Equal("title\r\nLease\r\n", await GetAsync($"accounts/{_account}/contracts?$format=csv&$select=title&$filter=status eq 'draft'"));
        Assert.Equal("name\r\n\"Acme, \"\"Inc\"\"\"\r\n", await GetAsync("accounts?$format=csv&$search=acme&$select=name"));
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+49 30 1", "\"'+49 30 1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("'=1", "\"''=1\"")]
    [InlineData("'quoted'", "'quoted'")]
    public async Task Text_never_becomes_a_formula(string text, string written)
    {
        var id = await _client.CreateAsync("topics", $$"""{ "name": "{{text}}" }""");
        Assert.Equal($"name\r\n{written}\r\n", await GetAsync($"topics?$format=csv&$select=name&$filter=id eq {id}"));
        Assert.Equal($"name\r\n{text}\r\n", await GetAsync($"topics?$format=csv;formulas=keep&$select=name&$filter=id eq {id}"));
    }

    [Fact]
    public async Task Negative_numbers_stay_numbers_and_null_is_not_an_empty_text()
    {
        var id = await ContractAsync("""{ "title": "n", "value": -0.10, "months": -5, "extra": -7 }""");
        Assert.Equal("value,months,extra,signed_at,twice\r\n-0.10,-5,-7,,-0.20\r\n", await GetAsync($"contracts?$format=csv&$filter=id eq {id}&$select=value,months,extra,signed_at,twice&$compute=value mul 2 as twice"));
    }

    [Fact]
    public async Task Headings_and_choices_are_labels_where_they_are_asked_for()
    {
        await ContractAsync("""{ "title": "L", "status": "active" }""");
        var answer = await _client.Http.GetAsync("/api/data/contracts?$format=csv;labels=true;bom=true&$select=title,status,account,regarding&$filter=status eq 'active'");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal($"Title,Status,Account (id),Account,Regarding (id),Regarding (type),Regarding\r\nL,Active,{_account},\"Acme, \"\"Inc\"\"\",,,\r\n", Encoding.UTF8.GetString(bytes[3..]));
        Assert.Equal("text/csv; charset=utf-8; header=present", answer.Content.Headers.ContentType!.ToString());
        Assert.Matches("^attachment; filename=\"Contracts 20..-..-..\\.csv\"", answer.Content.Headers.ContentDisposition!.ToString());
    }

    [Fact]
    public async Task Accept_asks_for_it_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/data/accounts?$select=name");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/csv;labels=true"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json;q=0.5"));
        Assert.Equal("Name\r\n\"Acme, \"\"Inc\"\"\"\r\n", await (await _client.Http.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("accounts?$format=csv;colour=red", 400, "query_not_understood")]
    [InlineData("accounts?$format=xml", 400, "query_not_understood")]
    [InlineData("accounts?$format=csv&$count=true", 400, "not_filterable")]
    [InlineData("contracts?$format=csv&$expand=lines", 400, "not_filterable")]
    [InlineData("accounts?$format=csv&$filter=nam eq 'x'", 400, "unknown_field")]
    [InlineData("nothing?$format=csv", 404, "unknown_collection")]
    public async Task What_does_not_fit_is_refused_as_a_problem(string path, int status, string code)
    {
        var answer = await _client.GetAsync($"/api/data/{path}");
        Assert.Equal((status, code), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task Who_goes_away_ends_the_statement_and_leaves_room_for_the_next()
    {
        await ExecuteAsync("insert into org_main.topics (id, name, version, created_at, modified_at) select gen_random_uuid(), repeat('x', 2000), 1, now(), now() from generate_series(1, 20000) n");
        var open = new List<HttpResponseMessage>();
        for (var index = 0; index < 2; index++) open.Add(await _client.Http.GetAsync("/api/data/topics?$format=csv", HttpCompletionOption.ResponseHeadersRead));
        var refused = await _client.GetAsync("/api/data/topics?$format=csv");
        Assert.Equal((429, "too_many_at_once", "You have 2 exports under way. Wait until one of them has ended."), (refused.Status, refused["code"], refused["detail"]));
        Assert.NotNull(refused.Message.Headers.RetryAfter);
        foreach (var answer in open) answer.Dispose();
        await Eventually.IsAsync(async () => (await _client.GetAsync("/api/data/topics?$format=csv&$top=1")).Status == 200);
    }

    private Task<string> ContractAsync(string json) => _client.CreateAsync("contracts", json.Replace("{ ", $$"""{ "account_id": "{{_account}}", """, StringComparison.Ordinal));

    private async Task<string> GetAsync(string path, TestClient? client = null)
    {
        var answer = await (client ?? _client).Http.GetAsync($"/api/data/{path}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text + _client.Defect);
        return text;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _server.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>One server for all exports.</summary>
public sealed class CsvApplication : IAsyncLifetime
{
    public TestApplication Server { get; private set; } = null!;

    public TestClient Client { get; private set; } = null!;

    public string Account { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Server = await TestApplication.StartAsync("queries", QueryModel.Files);
        Client = await Server.ClientAsync();
        Account = await Client.CreateAsync("accounts", """{ "name": "Acme, \"Inc\"", "industry": "tech", "score": 1.5 }""");
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}
