using System.Text.Json;

namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class BatchTests(SalesApplication sales)
{
    [Fact]
    public async Task Each_request_is_answered_as_if_it_had_come_alone()
    {
        var name = $"N{Guid.NewGuid():N}/x";
        var answers = await SendAsync(prefer: "odata.continue-on-error", null,
            $$"""{ "id": "a", "method": "post", "url": "customers", "body": { "name": "{{name}}" } }""",
            """{ "id": "b", "method": "GET", "url": "$a?$select=name,version" }""",
            $$"""{ "id": "c", "method": "PATCH", "url": "/api/data/customers(name='{{Uri.EscapeDataString(name)}}')", "headers": { "If-Match": "W/\"7\"" }, "body": { "terms": 1 } }""",
            """{ "id": "d", "method": "PATCH", "url": "$a", "headers": { "Prefer": "return=minimal" }, "body": { "terms": 1 } }""",
            """{ "id": "e", "method": "GET", "url": "customers/$count" }""",
            """{ "id": "f", "method": "GET", "url": "saless" }""",
            """{ "id": "g", "method": "POST", "url": "labels", "body": [ { "name": "many" } ] }""",
            """{ "id": "h", "method": "DELETE", "url": "$a" }""",
            """{ "id": "i", "method": "GET", "url": "$a" }""");
        Assert.Equal("a 201, b 200, c 412, d 204, e 200, f 404, g 200, h 204, i 404", Summary(answers));
        Assert.Equal(name, answers[0].GetProperty("body").GetProperty("name").GetString());
        Assert.Equal("W/\"1\"", answers[1].GetProperty("headers").GetProperty("etag").GetString());
        Assert.Equal("version_conflict", answers[2].GetProperty("body").GetProperty("code").GetString());
        Assert.True(long.Parse(answers[4].GetProperty("body").GetString()!) > 0);
    }

    [Fact]
    public async Task Answers_have_no_more_room_together_than_a_server_can_spare()
    {
        var rows = Enumerable.Range(0, 1_000).Select(index => $$"""{ "name": "big {{index}} {{new string('x', 150)}}" }""");
        Assert.Equal(200, (await sales.Admin.PostAsync("/api/data/labels", $"[{string.Join(',', rows)}]")).Status);
        var requests = Enumerable.Range(0, 150).Select(index => $$"""{ "id": "r{{index}}", "method": "GET", "url": "labels?$filter=startswith(name,'big')&$top=1000" }""");
        var answers = await SendAsync(prefer: "odata.continue-on-error", null, [.. requests, """{ "id": "w", "method": "POST", "url": "labels", "body": { "name": "written" } }"""]);
        Assert.Equal((200, 400, 201), (answers[0].GetProperty("status").GetInt32(), answers[149].GetProperty("status").GetInt32(), answers[150].GetProperty("status").GetInt32()));
        Assert.Equal("answer_too_large", answers[149].GetProperty("body").GetProperty("code").GetString());
        Assert.True(answers.Sum(answer => (long)answer.GetRawText().Length) < 33 * 1024 * 1024);
    }

    [Fact]
    public async Task A_group_is_done_as_a_whole_and_its_requests_refer_to_each_other()
    {
        var name = $"N{Guid.NewGuid():N}";
        var answers = await SendAsync(null, null,
            $$"""{ "id": "1", "atomicityGroup": "g", "method": "POST", "url": "customers", "body": { "name": "{{name}}" } }""",
            """{ "id": "2", "atomicityGroup": "g", "method": "POST", "url": "sales", "body": { "title": "In a group", "customer@odata.bind": "$1", "lines": [ { "name": "a", "price": 3 } ] } }""",
            """{ "id": "3", "atomicityGroup": "g", "method": "POST", "url": "$2/win" }""",
            """{ "id": "4", "method": "GET", "url": "$2?$expand=customer", "dependsOn": [ "g" ] }""");
        Assert.Equal("1 201, 2 201, 3 200, 4 200", Summary(answers));
        Assert.Equal("g", answers[1].GetProperty("atomicityGroup").GetString());
        var read = answers[3].GetProperty("body");
        Assert.Equal((name, "won"), (read.GetProperty("customer").GetProperty("name").GetString(), read.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_group_with_one_mistake_leaves_nothing_behind()
    {
        var name = $"N{Guid.NewGuid():N}";
        var answers = await SendAsync(prefer: "odata.continue-on-error", null,
            $$"""{ "id": "1", "atomicityGroup": "g", "method": "POST", "url": "customers", "body": { "name": "{{name}}" } }""",
            """{ "id": "2", "atomicityGroup": "g", "method": "POST", "url": "sales", "body": { "customer@odata.bind": "$1" } }""",
            """{ "id": "3", "atomicityGroup": "g", "method": "POST", "url": "labels", "body": { "name": "never" } }""",
            """{ "id": "4", "method": "GET", "url": "labels", "dependsOn": [ "g" ] }""",
            """{ "id": "5", "method": "GET", "url": "labels?$top=1" }""");
        Assert.Equal("1 424, 2 400, 3 424, 4 424, 5 200", Summary(answers));
        Assert.Equal("title", answers[1].GetProperty("body").GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal("0", (await sales.Admin.GetAsync($"/api/data/customers?$filter=name eq '{name}'&$count=true"))["@odata.count"]);
    }

    [Fact]
    public async Task Without_a_wish_a_batch_ends_at_its_first_error()
    {
        var answers = await SendAsync(null, null,
            """{ "id": "1", "method": "GET", "url": "labels?$top=1" }""",
            """{ "id": "2", "method": "GET", "url": "nothing" }""",
            """{ "id": "3", "method": "POST", "url": "labels", "body": { "name": "late" } }""");
        Assert.Equal("1 200, 2 404, 3 424", Summary(answers));
    }

    [Fact]
    public async Task Rights_are_those_of_the_caller()
    {
        var (clerk, hidden) = (await sales.App.ClientAsync("seller"), await sales.SaleAsync());
        var answers = await SendAsync("odata.continue-on-error", clerk,
            $$"""{ "id": "1", "method": "GET", "url": "sales/{{hidden}}" }""",
            """{ "id": "2", "method": "POST", "url": "customers", "body": { "name": "No" } }""");
        Assert.Equal("1 404, 2 403", Summary(answers));
    }

    [Theory]
    [InlineData("{}", "requests")]
    [InlineData("""{ "requests": [ 7 ] }""", "requests[0]")]
    [InlineData("""{ "requests": [ { "id": "1", "method": "PUT", "url": "labels" } ] }""", "requests[0].method")]
    [InlineData("""{ "requests": [ { "method": "GET", "url": "labels" } ] }""", "requests[0].id")]
    [InlineData("""{ "requests": [ { "id": "1", "method": "GET", "url": "labels" }, { "id": "1", "method": "GET", "url": "labels" } ] }""", "requests[1].id")]
    [InlineData("""{ "requests": [ { "id": "1", "method": "GET", "url": "labels", "dependsOn": [ "2" ] } ] }""", "requests[0].dependsOn")]
    [InlineData("""{ "requests": [ { "id": "1", "method": "GET", "url": "labels", "atomicityGroup": "g" } ] }""", "requests[0].method")]
    [InlineData("""{ "requests": [ { "id": "1", "method": "GET", "url": "labels", "headers": { "a": 1 } } ] }""", "requests[0].headers")]
    [InlineData("""{ "requests": [ { "id": "1", "atomicityGroup": "g", "method": "DELETE", "url": "a" }, { "id": "2", "method": "DELETE", "url": "a" }, { "id": "3", "atomicityGroup": "g", "method": "DELETE", "url": "a" } ] }""", "requests[2].atomicityGroup")]
    public async Task A_wrong_batch_is_refused_as_a_whole(string json, string field)
    {
        var answer = await sales.Admin.PostAsync("/api/data/$batch", json);
        Assert.Equal((400, $"{field} invalid_batch"), (answer.Status, answer.Errors));
    }

    [Theory]
    [InlineData("/api/data/$batch", "invalid_url")]
    [InlineData("/api/auth/me", "invalid_url")]
    [InlineData("../auth/me", "invalid_url")]
    [InlineData("https://example.com/api/data/labels", "invalid_url")]
    [InlineData("$9", "unknown_reference")]
    public async Task A_request_stays_in_the_data_api(string url, string code)
    {
        var answers = await SendAsync(null, null, $$"""{ "id": "1", "method": "GET", "url": "{{url}}" }""");
        Assert.Equal("1 400", Summary(answers));
        Assert.Equal(code, answers[0].GetProperty("body").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_batch_has_limits()
    {
        var many = Enumerable.Range(0, 1_001).Select(index => $$"""{ "id": "{{index}}", "method": "GET", "url": "labels" }""");
        var answer = await sales.Admin.PostAsync("/api/data/$batch", $$"""{ "requests": [ {{string.Join(',', many)}} ] }""");
        Assert.Equal((400, "batch_too_large"), (answer.Status, answer["code"]));
    }

    private async Task<List<JsonElement>> SendAsync(string? prefer, TestClient? client, params string[] requests)
    {
        var answer = await (client ?? sales.Admin).SendAsync(HttpMethod.Post, "/api/data/$batch", $$"""{ "requests": [ {{string.Join(',', requests)}} ] }""", prefer: prefer);
        Assert.True(answer.Status == 200, answer.Json.ToString());
        return [.. answer.Json.GetProperty("responses").EnumerateArray()];
    }

    private static string Summary(IEnumerable<JsonElement> answers) =>
        string.Join(", ", answers.Select(answer => $"{answer.GetProperty("id").GetString()} {answer.GetProperty("status").GetInt32()}"));
}
