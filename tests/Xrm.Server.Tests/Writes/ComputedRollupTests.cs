using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Rollups that are computed when they are read: what they may ask, where they can be named, and that saves see them.</summary>
public sealed class ComputedRollupTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _client = null!;
    private string _large = null!;
    private string _small = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("shop", Shop(isStored: false));
        _client = await _app.ClientAsync();
        var fast = await _client.CreateAsync("kinds", """{ "title": "fast", "days": 2 }""");
        (_large, _small) = (await _client.CreateAsync("orders", """{ "title": "large" }"""), await _client.CreateAsync("orders", """{ "title": "small" }"""));
        await _client.CreateAsync("orders", """{ "title": "empty" }""");
        foreach (var (order, name, amount, due) in new[] { (_large, "a", 30, "2020-01-01"), (_large, "b", 50, "2999-01-01"), (_small, "c", 1, "2020-01-01") })
            await _client.CreateAsync("lines", $$"""{ "order_id": "{{order}}", "kind_id": "{{fast}}", "title": "{{name}}", "amount": {{amount}}, "due": "{{due}}" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Can_be_named_wherever_stored_values_can()
    {
        (string Url, string Titles)[] cases =
        [
            ("orders?$orderby=total desc&$select=title", "large small empty"),
            ("orders?$filter=total gt 1&$select=title", "large"),
            ("orders?$filter=startswith(names,'a') and contains(names,'b')&$select=title", "large"),
            ("orders?$filter=names eq null&$select=title", "empty"),
            ("orders?$orderby=names&$select=title", "empty large small"),
            ("orders?$filter=double gt 2&$orderby=double&$select=title", "large"),
            ("lines?$filter=order/total gt 1 and order/double eq 160&$orderby=title&$select=title", "a b"),
            ("orders?view=order.late&$orderby=title&$select=title", "large small"),
            ("orders?$apply=groupby((late),aggregate(total with sum as title))&$orderby=late", "0.00 81.00"),
            ("orders?$apply=groupby((names,total))/filter(total gt 0)/aggregate(total with max as title)", "80.00"),
            ("lines?$apply=groupby((order/total),aggregate($count as title))&$orderby=order/total", "1 2"),
            ("orders?$compute=total mul 2 as both&$filter=both gt 2&$select=title,both", "large"),
        ];
        foreach (var (url, titles) in cases)
        {
            var answer = await _client.GetAsync($"/api/data/{url}");
            Assert.True(answer.Status == 200, $"{url} {answer.Json} {_client.Defect}");
            Assert.Equal((url, titles), (url, string.Join(' ', answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("title").ToString()))));
        }
    }

    [Fact]
    public async Task Count_what_changes_by_itself_and_what_other_records_say()
    {
        var order = await _client.GetAsync($"/api/data/orders/{_large}");
        Assert.Equal(("1", "4", "1", "2"), (order["late"], order["days"], order["of_others"], order["mine"]));
        var other = await _app.ClientAsync();
        Assert.Equal("0", (await other.GetAsync($"/api/data/orders/{_large}"))["mine"]);
    }

    [Fact]
    public async Task What_the_field_has_no_room_for_is_null_and_the_list_is_shown()
    {
        await _client.CreateAsync("lines", $$"""{ "order_id": "{{_small}}", "title": "huge", "amount": 99999999 }""");
        var list = await _client.GetAsync("/api/data/orders?$orderby=title&$select=title,narrow");
        Assert.Equal("empty 0.0 large 80.0 small ", string.Join(' ', list.Json.GetProperty("value").EnumerateArray().Select(row => $"{row.GetProperty("title")} {row.GetProperty("narrow")}")));
    }

    [Fact]
    public async Task Saves_see_them_in_validations_defaults_copies_and_formulas_of_others()
    {
        var line = $$"""{ "order_id": "{{_large}}", "title": "x", "amount": 5 }""";
        var id = await _client.CreateAsync("lines", line);
        var created = await _client.GetAsync($"/api/data/lines/{id}");
        Assert.Equal(("80.00", "a, b"), (created["before"], created["copied"]));
        Assert.Equal("85.00", (await _client.GetAsync($"/api/data/orders/{_large}"))["total"]);
        // The order would be full: what is counted is what was there before the save.
        await _client.CreateAsync("lines", $$"""{ "order_id": "{{_large}}", "title": "y", "amount": 20 }""");
        var refused = await _client.PostAsync("/api/data/lines", line);
        Assert.Equal((400, "amount validation"), (refused.Status, refused.Errors));
        // Scripts see them, too.
        var script = await _client.PatchAsync($"/api/data/orders/{_small}", """{ "title": "small?" }""");
        Assert.Equal("The order has 1.", script.Json.GetProperty("errors")[0].GetProperty("message").GetString());
        // A new record has none.
        Assert.Equal(201, (await _client.PostAsync("/api/data/orders", """{ "title": "fresh" }""")).Status);
    }

    [Fact]
    public async Task Are_never_said_to_be_unchanged_for_the_version_does_not_tell()
    {
        var before = await _client.GetAsync($"/api/data/orders/{_small}");
        await _client.CreateAsync("lines", $$"""{ "order_id": "{{_small}}", "title": "x", "amount": 5 }""");
        var after = await _client.GetAsync($"/api/data/orders/{_small}");
        Assert.Equal(("1.00", "6.00"), (before["total"], after["total"]));
        Assert.Equal(before.Message.Headers.ETag, after.Message.Headers.ETag);
    }

    [Fact]
    public async Task Become_stored_and_computed_again_by_a_publish()
    {
        Assert.Equal(0L, await ColumnsAsync());
        await PublishAsync(Shop(isStored: true));
        Assert.Equal(1L, await ColumnsAsync());
        Assert.Equal("80.00 1.00 0.00", await TotalsAsync());
        await _client.CreateAsync("lines", $$"""{ "order_id": "{{_small}}", "title": "x", "amount": 5 }""");
        Assert.Equal("80.00 6.00 0.00", await TotalsAsync());
        await PublishAsync(Shop(isStored: false));
        Assert.Equal("80.00 6.00 0.00", await TotalsAsync());
        await _client.CreateAsync("lines", $$"""{ "order_id": "{{_small}}", "title": "x", "amount": 1 }""");
        // The values that were kept meanwhile are not those that come back.
        await PublishAsync(Shop(isStored: true));
        Assert.Equal("80.00 7.00 0.00", await TotalsAsync());
    }

    private async Task<string> TotalsAsync()
    {
        var list = await _client.GetAsync("/api/data/orders?$orderby=total desc&$select=total");
        return string.Join(' ', list.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("total").ToString()));
    }

    private async Task<long> ColumnsAsync()
    {
        await using var command = _app.Database.Source.CreateCommand("select count(*) from information_schema.columns where table_schema = 'org_main' and table_name = 'orders' and column_name = 'total'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task PublishAsync(PackageFiles files)
    {
        var result = await _app.Get<Publisher>().PublishAsync(new PublishRequest([files], ImmutableHashSet<string>.Empty, null, Caller.System), [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems);
    }

    private static PackageFiles Shop(bool isStored) => new PackageBuilder("shop")
        .Entity("kind", """{ "name": "days", "type": "integer" }""")
        .EntityWith("order", "\"features\": [\"recycleBin\"], \"rules\": [ { \"name\": \"ask\", \"on\": [\"update\"], \"script\": \"order.ask.js\" } ]",
            Over("total", "decimal", "sum", "\"field\": \"amount\"", isStored),
            Over("names", "text", "concat", "\"field\": \"title\", \"orderBy\": \"amount\""),
            Over("late", "integer", "count", "\"where\": \"due < today()\""),
            Over("days", "integer", "sum", "\"field\": \"days\""),
            Over("of_others", "integer", "count", "\"where\": \"amount > order.total / 2\""),
            Over("mine", "integer", "count", "\"where\": \"created_by == user.id\""),
            """{ "name": "narrow", "type": "decimal", "precision": 8, "scale": 1, "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount", "stored": false } }""",
            """{ "name": "double", "type": "decimal", "formula": "total * 2" }""")
        .EntityWith("line", """
            "validations": [ { "when": "amount > 0 && order.total > 100", "message": "The order is full.", "fields": [ "amount" ] } ]
            """,
            """{ "name": "order", "type": "lookup", "target": "order", "required": true }""",
            """{ "name": "kind", "type": "lookup", "target": "kind" }""",
            """{ "name": "amount", "type": "decimal", "scale": 2 }""",
            """{ "name": "due", "type": "date" }""",
            """{ "name": "before", "type": "decimal", "default": { "formula": "order.total" } }""",
            """{ "name": "copied", "type": "text", "copyFrom": "order.names" }""",
            """{ "name": "days", "type": "integer", "formula": "kind.days" }""")
        .File("rules/order.ask.js", "if (record.title.endsWith('?')) fail('The order has ' + record.total + '.');")
        .File("views/order.late.json", """{ "name": "order.late", "entity": "order", "columns": [ "title", "late" ], "filter": "late > 0" }""")
        .Files();

    private static string Over(string name, string type, string aggregate, string more, bool isStored = false) =>
        $$"""{ "name": "{{name}}", "type": "{{type}}", "rollup": { "entity": "line", "via": "order", "aggregate": "{{aggregate}}", {{more}}{{(isStored ? "" : ", \"stored\": false")}} } }""";
}
