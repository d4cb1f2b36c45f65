namespace Xrm.Server.Tests.Writes;

public sealed class RecycleBinTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("orders", OrderPackage.Files());
        _client = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_record_comes_back_with_the_children_that_went_with_it_and_no_others()
    {
        var id = await _client.CreateAsync("orders", """{ "title": "A", "lines": [ { "name": "early", "amount": 1 }, { "name": "x", "amount": 10 }, { "name": "y", "amount": 20 } ] }""");
        var early = (await _client.GetAsync($"/api/data/lines?$filter=name eq 'early'")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        await _client.DeleteAsync($"/api/data/lines/{early}");
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/orders/{id}")).Status);
        Assert.Equal(404, (await _client.GetAsync($"/api/data/orders/{id}")).Status);
        Assert.Equal("A", await TitlesAsync("orders?deleted=only&$orderby=deleted_at desc&$filter=deleted_at lt now()"));
        Assert.Equal("3", await (await _client.GetAsync("/api/data/lines/$count?deleted=only")).Message.Content.ReadAsStringAsync());
        var restored = await _client.PostAsync($"/api/data/orders/{id}/restore", "");
        Assert.Equal((200, "A", "30.00"), (restored.Status, restored["title"], (await _client.GetAsync($"/api/data/orders/{id}"))["total"]));
        Assert.Equal("x y", await TitlesAsync($"orders/{id}/lines?$orderby=name", "name"));
        Assert.Equal("early", await TitlesAsync("lines?deleted=only", "name"));
        Assert.Equal("", await TitlesAsync("orders?deleted=only"));
        await using var history = _server.Database.Source.CreateCommand($"select string_agg(operation, ' ' order by at, id) from org_main._audit where record_id = '{id}'");
        Assert.Equal("create delete restore", await history.ExecuteScalarAsync());
        // It is there again: there is nothing to restore.
        Assert.Equal(404, (await _client.PostAsync($"/api/data/orders/{id}/restore", "")).Status);
    }

    [Fact]
    public async Task The_bin_says_when_and_by_whom_and_nothing_else_does()
    {
        var clerk = await _server.ClientAsync("clerk");
        var id = await clerk.CreateAsync("orders", """{ "title": "whose" }""");
        await clerk.DeleteAsync($"/api/data/orders/{id}");
        var path = $"/api/data/orders?deleted=only&$filter=deleted_by eq {clerk.UserId} and deleted_at lt now()";
        var row = (await _client.GetAsync($"{path}&$select=title")).Json.GetProperty("value")[0];
        Assert.Equal(["id", "title", "deleted_at", "deleted_by"], row.EnumerateObject().Select(property => property.Name).Where(name => !name.StartsWith('@')));
        Assert.Equal(clerk.UserId, row.GetProperty("deleted_by").GetGuid());
        var export = await _client.GetAsync($"{path}&$select=title&$format=csv");
        Assert.StartsWith("title,deleted_at,deleted_by\r\nwhose,", await export.Message.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var restored = await _client.PostAsync($"/api/data/orders/{id}/restore", "");
        Assert.False(restored.Json.TryGetProperty("deleted_by", out _));
        await using var left = _server.Database.Source.CreateCommand($"select deleted_by is null and deleted_at is null from org_main.orders where id = '{id}'");
        Assert.Equal(true, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_key_that_somebody_took_meanwhile_stands_in_the_way()
    {
        var id = await _client.CreateAsync("orders", """{ "title": "first", "code": "K" }""");
        await _client.DeleteAsync($"/api/data/orders/{id}");
        var second = await _client.CreateAsync("orders", """{ "title": "second", "code": "K" }""");
        var refused = await _client.PostAsync($"/api/data/orders/{id}/restore", "");
        Assert.Equal((409, "not_unique", "code not_unique"), (refused.Status, refused["code"], refused.Errors));
        await _client.DeleteAsync($"/api/data/orders/{second}");
        Assert.Equal(200, (await _client.PostAsync($"/api/data/orders/{id}/restore", "")).Status);
    }

    [Fact]
    public async Task A_part_comes_back_with_its_owner_alone()
    {
        var id = await _client.CreateAsync("orders", """{ "title": "owner", "lines": [ { "name": "part" } ] }""");
        var line = (await _client.GetAsync($"/api/data/orders/{id}/lines")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        await _client.DeleteAsync($"/api/data/orders/{id}");
        var refused = await _client.PostAsync($"/api/data/lines/{line}/restore", "");
        Assert.Equal((409, "owner_in_recycle_bin"), (refused.Status, refused["code"]));
    }

    [Fact]
    public async Task Rights_and_versions_hold_in_the_bin()
    {
        var (anna, ben, reader) = (await _server.ClientAsync("clerk"), await _server.ClientAsync("clerk"), await _server.ClientAsync("reader"));
        var id = await anna.CreateAsync("orders", """{ "title": "hers" }""");
        await anna.DeleteAsync($"/api/data/orders/{id}");
        Assert.Equal("", await TitlesAsync("orders?deleted=only", "title", ben));
        Assert.Equal("hers", await TitlesAsync("orders?deleted=only", "title", anna));
        Assert.Equal(404, (await ben.PostAsync($"/api/data/orders/{id}/restore", "")).Status);
        Assert.Equal(403, (await reader.PostAsync($"/api/data/orders/{id}/restore", "")).Status);
        Assert.Equal(412, (await anna.SendAsync(HttpMethod.Post, $"/api/data/orders/{id}/restore", null, "W/\"1\"")).Status);
        Assert.Equal(200, (await anna.SendAsync(HttpMethod.Post, $"/api/data/orders/{id}/restore", null, "W/\"2\"")).Status);
        // Changes of the bin are not told: a list of it has no link to them.
        Assert.Null((await _client.SendAsync(HttpMethod.Get, "/api/data/orders?deleted=only", null, prefer: "odata.track-changes"))["@odata.deltaLink"]);
        Assert.Equal((400, "no_recycle_bin"), await RefusalAsync("tags?deleted=only"));
        Assert.Equal((400, "query_not_understood"), await RefusalAsync("orders?deleted=all"));
        Assert.Equal((400, "query_not_understood"), await RefusalAsync($"orders/{id}?deleted=only"));
    }

    private async Task<(int, string?)> RefusalAsync(string path)
    {
        var answer = await _client.GetAsync($"/api/data/{path}");
        return (answer.Status, answer["code"]);
    }

    private async Task<string> TitlesAsync(string path, string property = "title", TestClient? client = null)
    {
        var answer = await (client ?? _client).GetAsync($"/api/data/{path}");
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        return string.Join(' ', answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty(property).GetString()));
    }
}
