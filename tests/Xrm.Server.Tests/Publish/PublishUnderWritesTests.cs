using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Dapper;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>Publishes that compute stored values anew, while people write through this node and another one that does not hear of them.</summary>
public sealed class PublishUnderWritesTests : IAsyncLifetime
{
    private const int Writers = 20, Orders = 10;
    private TestApplication _server = null!;
    private IAsyncDisposable _otherNode = null!;
    private TestClient _here = null!, _there = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("orders", Package(1));
        _otherNode = await _server.AddNodeAsync();
        _here = await _server.ClientAsync();
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(((WebApplication)_otherNode).Urls.First()) };
        http.DefaultRequestHeaders.Authorization = _here.Http.DefaultRequestHeaders.Authorization;
        _there = new TestClient(http, _here.UserId, new DefectLog());
    }

    public async Task DisposeAsync()
    {
        await _otherNode.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Leaves_no_value_of_an_earlier_formula_and_refuses_nobody()
    {
        var orders = new string[Orders];
        for (var index = 0; index < Orders; index++) orders[index] = await _here.CreateAsync("orders", $$"""{ "title": "order {{index}}" }""");
        using var end = new CancellationTokenSource();
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer, orders, end.Token))).ToList();
        for (var factor = 2; factor <= 5; factor++)
        {
            await Task.Delay(200);
            await PublishAsync(factor);
        }
        await Task.Delay(200);
        await end.CancelAsync();
        var refused = (await Task.WhenAll(writing)).SelectMany(answers => answers).ToList();
        Assert.True(refused.Count == 0, string.Join('\n', refused.Take(5)));
        await AssertComputedAsync(5);
    }

    [Theory]
    [InlineData("single", """[{ "method": "POST", "url": "lines", "headers": { "content-type": "application/json" }, "id": "1", "body": { "title": "x", "order_id": "ORDER", "amount": 7 } }]""")]
    [InlineData("group", """[{ "method": "POST", "url": "lines", "headers": { "content-type": "application/json" }, "id": "1", "atomicityGroup": "g", "body": { "title": "x", "order_id": "ORDER", "amount": 7 } }]""")]
    public async Task A_batch_on_a_node_that_has_not_heard_of_the_publish_goes_by_the_new_model(string kind, string requests)
    {
        var order = await _there.CreateAsync("orders", $$"""{ "title": "{{kind}}" }""");
        await PublishAsync(9);
        var answer = await _there.PostAsync("/api/data/$batch", $$"""{ "requests": {{requests.Replace("ORDER", order, StringComparison.Ordinal)}} }""");
        Assert.Equal(201, answer.Json.GetProperty("responses")[0].GetProperty("status").GetInt32());
        await AssertComputedAsync(9);
    }

    [Fact]
    public async Task Many_records_at_once_and_deletions_on_such_a_node_go_by_the_new_model()
    {
        var order = await _there.CreateAsync("orders", """{ "title": "one" }""");
        var gone = await _there.CreateAsync("lines", $$"""{ "title": "x", "order_id": "{{order}}", "amount": 5 }""");
        await PublishAsync(3);
        var rows = string.Join(',', Enumerable.Range(1, 300).Select(number => $$"""{ "title": "{{number}}", "order_id": "{{order}}", "amount": {{number}} }"""));
        Assert.Equal(200, (await _there.PostAsync("/api/data/lines", $"[{rows}]")).Status);
        await PublishAsync(4);
        Assert.Equal(204, (await _there.DeleteAsync($"/api/data/lines/{gone}")).Status);
        await AssertComputedAsync(4);
        Assert.Equal(200, (await _there.PatchAsync($"/api/data/orders/{order}", """{ "title": "two" }""")).Status);
    }

    /// <summary>Adds, changes, moves and deletes lines until the end, and gives back what was refused.</summary>
    private async Task<List<string>> WriteAsync(int writer, string[] orders, CancellationToken end)
    {
        var random = new Random(writer);
        var client = writer % 2 == 0 ? _here : _there;
        var (lines, refused) = (new List<string>(), new List<string>());
        while (!end.IsCancellationRequested)
        {
            var order = orders[random.Next(orders.Length)];
            var line = lines.Count == 0 ? null : lines[random.Next(lines.Count)];
            var answer = (line is null ? 0 : random.Next(4)) switch
            {
                0 => await client.PostAsync("/api/data/lines", $$"""{ "title": "{{writer}}", "order_id": "{{order}}", "amount": {{random.Next(1, 100)}} }"""),
                1 => await client.PatchAsync($"/api/data/lines/{line}", $$"""{ "amount": {{random.Next(1, 100)}} }"""),
                2 => await client.PatchAsync($"/api/data/lines/{line}", $$"""{ "order_id": "{{order}}" }"""),
                _ => await client.DeleteAsync($"/api/data/lines/{line}"),
            };
            if (answer.Status == 201) lines.Add(answer["id"]!);
            if (answer.Status == 204) lines.Remove(line!);
            if (answer.Status >= 300) refused.Add($"{answer.Status} {answer.Json} {client.Defect}");
        }
        return refused;
    }

    private async Task PublishAsync(int factor)
    {
        var request = new PublishRequest([Package(factor)], ImmutableHashSet<string>.Empty, null, Caller.System);
        var result = await _server.Get<Publisher>().PublishAsync(request, [], _ => { }, CancellationToken.None);
        Assert.True(result.Version is not null, string.Join('\n', result.Plan.Problems));
    }

    private async Task AssertComputedAsync(int factor)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from org_main.lines where total is distinct from amount * @factor", new { factor }));
        var wrong = await connection.QueryAsync<string>("""
            select json_build_object('stored', o.total, 'counted', coalesce(sum(l.total), 0), 'large', o.large, 'double', o.double)::text
            from org_main.orders o left join org_main.lines l on l.order_id = o.id
            group by o.id having o.total is distinct from coalesce(sum(l.total), 0)
                or o.large is distinct from count(l.id) filter (where l.amount > @factor * 10) or o.double is distinct from o.total * @factor
            """, new { factor });
        Assert.Empty(wrong);
    }

    /// <summary>Lines with a formula, and orders with a sum of it, a count whose condition changes as well, and a formula over the sum.</summary>
    private static Xrm.Metadata.Source.PackageFiles Package(int factor) => new PackageBuilder("orders")
        .Entity("order",
            """{ "name": "total", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "total" } }""",
            $$"""{ "name": "large", "type": "integer", "rollup": { "entity": "line", "via": "order", "aggregate": "count", "where": "amount > {{factor * 10}}" } }""",
            $$"""{ "name": "double", "type": "decimal", "formula": "total * {{factor}}" }""")
        .Entity("line",
            """{ "name": "order", "type": "lookup", "target": "order" }""",
            """{ "name": "amount", "type": "integer", "required": true }""",
            $$"""{ "name": "total", "type": "decimal", "formula": "amount * {{factor}}" }""")
        .Files();
}
