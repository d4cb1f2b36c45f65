using System.Net;

namespace Xrm.Server.Tests.Queries;

/// <summary>The reading half of the data API as clients meet it.</summary>
public sealed class HttpReadTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;
    private string _account = "";

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("queries", QueryModel.Files);
        _client = await _server.ClientAsync();
        _account = await _client.CreateAsync("accounts", """{ "name": "Acme", "industry": "tech", "score": 1.5 }""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task List_says_what_it_is_and_that_nobody_may_keep_it()
    {
        var answer = await _client.GetAsync("/api/data/accounts?$count=true&$select=name");
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json; odata.metadata=minimal; charset=utf-8", answer.Message.Content.Headers.ContentType!.ToString());
        Assert.Equal("4.0", answer.Message.Headers.GetValues("OData-Version").Single());
        Assert.Equal("no-cache, private", answer.Message.Headers.CacheControl!.ToString());
        Assert.EndsWith("/api/data/$metadata#accounts(id,name)", answer["@odata.context"]);
        Assert.Equal("1", answer["@odata.count"]);
        Assert.Equal($$"""[{"@odata.etag":"W/\"1\"","id":"{{_account}}","name":"Acme"}]""", answer["value"]);
    }

    [Theory]
    [InlineData("/api/data/accounts/{0}")]
    [InlineData("/api/data/accounts({0})")]
    public async Task Record_is_sent_once_and_again_only_when_it_changed(string path)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _account);
        var first = await _client.GetAsync(url);
        Assert.Equal((200, "Acme", "W/\"1\""), (first.Status, first["name"], first.Message.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, (await GetIfChangedAsync(url, "W/\"1\"")).StatusCode);
        await _client.PatchAsync(url, """{ "name": "Acme 2" }""");
        var changed = await GetIfChangedAsync(url, "W/\"1\"");
        Assert.Equal((HttpStatusCode.OK, "W/\"2\""), (changed.StatusCode, changed.Headers.ETag!.ToString()));
    }

    [Fact]
    public async Task Many_at_once_get_each_their_own_record()
    {
        var ids = new List<string>();
        for (var number = 0; number < 20; number++) ids.Add(await _client.CreateAsync("accounts", $$"""{ "name": "Account {{number}}" }"""));
        var asked = Enumerable.Range(0, 400).Select(async turn =>
        {
            var (number, url) = (turn % 20, $"/api/data/accounts/{ids[turn % 20]}");
            switch (turn % 4)
            {
                case 0: return (await GetIfChangedAsync(url, "W/\"1\"")).StatusCode == HttpStatusCode.NotModified;
                case 1: return (await _client.GetAsync($"/api/data/accounts/{Guid.NewGuid()}"))["code"] == "record_not_found";
                case 2: return (await _client.GetAsync(url + "?$select=name")) is var shown && (shown["id"], shown["name"]) == (ids[number], $"Account {number}");
                default:
                    using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(turn % 7)))
                        try
                        {
                            using var answer = await _client.Http.GetAsync(url, impatient.Token);
                            return (await answer.Content.ReadAsStringAsync(CancellationToken.None)).Contains($"Account {number}\"", StringComparison.Ordinal);
                        }
                        catch (OperationCanceledException)
                        {
                            return true;
                        }
            }
        });
        Assert.All(await Task.WhenAll(asked), Assert.True);
    }

    [Fact]
    public async Task Record_that_shows_others_is_always_sent() =>
        Assert.Equal(HttpStatusCode.OK, (await GetIfChangedAsync($"/api/data/accounts/{_account}?$expand=holding", "W/\"1\"")).StatusCode);

    [Fact]
    public async Task Head_answers_without_a_body()
    {
        foreach (var path in new[] { "/api/data/accounts", $"/api/data/accounts/{_account}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            var answer = await _client.Http.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, 0), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).Length));
        }
    }

    [Fact]
    public async Task Next_links_lead_through_all_rows_once()
    {
        for (var index = 0; index < 5; index++) await _client.CreateAsync("topics", $$"""{ "name": "topic & {{index % 2}}" }""");
        var seen = new List<string>();
        for (var next = "/api/data/topics?$orderby=name&$filter=contains(name,'topic%20%26')&$top=4"; next is not null;)
        {
            var page = await _client.SendAsync(HttpMethod.Get, next, null, prefer: "odata.maxpagesize=2");
            Assert.Equal("odata.maxpagesize=2", page.Message.Headers.GetValues("Preference-Applied").Single());
            seen.AddRange(page.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
            next = page["@odata.nextLink"];
        }
        Assert.Equal((4, 4), (seen.Count, seen.Distinct().Count()));
    }

    [Theory]
    [InlineData("accounts", "accounts")]
    [InlineData("accounts?$select=*", "accounts")]
    [InlineData("accounts?$select=name&$expand=holding,contracts($select=title)", "accounts(id,name,holding(),contracts(id,title))")]
    [InlineData("accounts?$expand=contracts", "accounts(contracts())")]
    [InlineData("accounts?$compute=score mul 2 as twice", "accounts(*,twice)")]
    [InlineData("accounts?$compute=score mul 2 as twice&$select=twice", "accounts(id,twice)")]
    [InlineData("accounts?$apply=groupby((industry),aggregate($count as n))", "accounts(industry,n)")]
    [InlineData("accounts/{0}", "accounts/$entity")]
    [InlineData("accounts/{0}?$select=name&$expand=holding($select=name)", "accounts(id,name,holding(id,name))/$entity")]
    [InlineData("accounts/{0}/contracts?$select=title", "contracts(id,title)")]
    public async Task Context_says_what_is_shown(string path, string expected)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _account);
        foreach (var _ in new[] { "new", "remembered" })
            Assert.Equal(expected, (await _client.GetAsync($"/api/data/{url}"))["@odata.context"]!.Split("$metadata#")[1]);
    }

    [Theory]
    [InlineData("", null, "application/xml")]
    [InlineData("", "application/json", "application/json")]
    [InlineData("", "application/json;odata.metadata=minimal;q=1.0,application/xml;q=0.9,*/*;q=0.8", "application/xml")]
    [InlineData("", "*/*", "application/xml")]
    [InlineData("?$format=json", "application/xml", "application/json")]
    [InlineData("?$format=application/json;odata.metadata=minimal", null, "application/json")]
    [InlineData("?$format=xml", "application/json", "application/xml")]
    public async Task Metadata_come_in_the_form_that_is_asked_for(string query, string? accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/data/$metadata{query}");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await _client.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(type == "application/json" ? "{" : "<", (await answer.Content.ReadAsStringAsync())[..1]);
    }

    /// <summary>What spreadsheets, SAP's screens and the usual libraries send with each request.</summary>
    [Theory]
    [InlineData("accounts", "Accept", "application/json;odata.metadata=everything;odata.streaming=true;ExponentialDecimals=true")]
    [InlineData("accounts", "Accept", "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7")]
    [InlineData("accounts", "OData-MaxVersion", "4.0")]
    [InlineData("accounts", "OData-MaxVersion", "4.01")]
    [InlineData("accounts", "MaxDataServiceVersion", "3.0;NetFx")]
    [InlineData("accounts", "Prefer", "respond-async, odata.include-annotations=\"*\", something=new; odata.allow-entityreferences")]
    [InlineData("accounts?$format=json", "OData-Version", "4.0")]
    [InlineData("accounts?$format=application/json;odata.metadata=minimal;IEEE754Compatible=false", "Accept", "*/*")]
    public async Task Wishes_that_are_not_fulfilled_do_no_harm(string path, string header, string value)
    {
        var answer = await _client.SendAsync(HttpMethod.Get, $"/api/data/{path}", null, headers: (header, value));
        Assert.Equal((200, "4.0", "application/json; odata.metadata=minimal; charset=utf-8"), (answer.Status, answer.Message.Headers.GetValues("OData-Version").Single(), answer.Message.Content.Headers.ContentType!.ToString()));
        Assert.Equal("Acme", answer.Json.GetProperty("value")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_a_client_says_about_values_is_not_held_against_it()
    {
        var answer = await _client.PostAsync("/api/data/accounts", """{ "@odata.type": "#Xrm.account", "name": "Typed", "score@odata.type": "#Double", "score": 2.5, "@context": "x" }""");
        Assert.Equal((201, "2.5"), (answer.Status, answer["score"]));
    }

    [Theory]
    [InlineData("\"12\"", "\"10.50\"", 201)]
    [InlineData("\"12.5\"", "1", 400)]
    [InlineData("\"0x1\"", "1", 400)]
    [InlineData("\" 12\"", "1", 400)]
    [InlineData("\"1,2\"", "1", 400)]
    [InlineData("\"\"", "1", 400)]
    [InlineData("12", "\"NaN\"", 400)]
    public async Task Exact_numbers_may_stand_in_quotes(string months, string value, int status)
    {
        var answer = await _client.PostAsync("/api/data/contracts", $$"""{ "title": "Quoted", "months": {{months}}, "value": {{value}} }""");
        Assert.Equal((status, status == 201 ? "12 10.50" : " "), (answer.Status, $"{answer["months"]} {answer["value"]}"));
    }

    [Fact]
    public async Task Count_is_a_number_and_nothing_else()
    {
        Assert.Equal("1", await _client.Http.GetStringAsync("/api/data/accounts/$count"));
        Assert.Equal("0", await _client.Http.GetStringAsync("/api/data/accounts/$count?$filter=score gt 2"));
    }

    [Fact]
    public async Task Written_record_is_read_back_with_children_and_links()
    {
        var topic = await _client.CreateAsync("topics", """{ "name": "Law" }""");
        var id = await _client.CreateAsync("contracts", $$"""{ "title": "Rent", "account_id": "{{_account}}", "value": 10.50, "lines": [{ "product": "Pump", "amount": 1.10 }], "topics": [{ "id": "{{topic}}" }] }""");
        var answer = await _client.GetAsync($"/api/data/contracts/{id}?$select=title,value,industry&$expand=account($select=name),lines($select=product,amount),topics($select=name)");
        Assert.Equal("10.50", answer["value"]);
        Assert.Equal("tech", answer["industry"]);
        Assert.Contains("\"name\":\"Acme\"", answer["account"]);
        Assert.Contains("\"product\":\"Pump\",\"amount\":1.10", answer["lines"]);
        Assert.Contains("\"name\":\"Law\"", answer["topics"]);
    }

    [Theory]
    [InlineData("/api/data/acounts", 404, "unknown_collection")]
    [InlineData("/api/data/accounts/00000000-0000-7000-8000-000000000000", 404, "record_not_found")]
    [InlineData("/api/data/accounts/five", 404, "record_not_found")]
    [InlineData("/api/data/accounts?$filter=nam eq 'x'", 400, "unknown_field")]
    [InlineData("/api/data/accounts?$filter=score eq 'x'", 400, "wrong_type")]
    [InlineData("/api/data/accounts?$filter=name eq", 400, "query_not_understood")]
    [InlineData("/api/data/accounts?filtre=x", 400, "query_not_understood")]
    [InlineData("/api/data/accounts/00000000-0000-7000-8000-000000000000?$top=5", 400, "query_not_understood")]
    [InlineData("/api/data/accounts/$nothing", 404, "record_not_found")]
    public async Task Wrong_request_is_refused_with_problem_details(string path, int status, string code)
    {
        var answer = await _client.GetAsync(path);
        Assert.Equal((status, code, "application/problem+json"), (answer.Status, answer["code"], answer.Message.Content.Headers.ContentType!.MediaType));
        Assert.NotNull(answer["detail"]);
    }

    [Fact]
    public async Task Rights_decide_what_is_read_and_described()
    {
        var clerk = await _server.ClientAsync("clerk");
        Assert.Equal((403, "no_right"), ((await clerk.GetAsync("/api/data/accounts")) is var refused ? (refused.Status, refused["code"]) : default));
        var own = await clerk.GetAsync("/api/data/contracts");
        Assert.Equal((200, "[]"), (own.Status, own["value"]));
        var names = (await clerk.GetAsync("/api/data")).Json.GetProperty("value").EnumerateArray().Select(set => set.GetProperty("name").GetString());
        Assert.Equal(["contracts", "contract_lines"], names);
        Assert.DoesNotContain("accounts", await clerk.Http.GetStringAsync("/api/data/$metadata"));
        Assert.DoesNotContain("/api/data/accounts", await clerk.Http.GetStringAsync("/api/openapi.json"));
        Assert.Contains("/api/data/accounts", await _client.Http.GetStringAsync("/api/openapi.json"));
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _client.Http.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/data/accounts")).StatusCode);
    }

    private Task<HttpResponseMessage> GetIfChangedAsync(string url, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return _client.Http.SendAsync(request);
    }
}
