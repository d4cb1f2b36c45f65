using System.Net.Http.Headers;
using System.Text.Json;

namespace Xrm.Server.Tests.Writes;

public sealed class PurgeRecycleBinTests : IAsyncLifetime
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
    public async Task A_record_goes_for_good_with_its_children_and_files_and_leaves_history_and_events()
    {
        var paper = await UploadAsync();
        var id = await _client.CreateAsync("orders", $$"""{ "title": "A", "paper": "{{paper}}", "lines": [ { "name": "early" }, { "name": "late" } ] }""");
        var other = await _client.CreateAsync("orders", """{ "title": "B", "lines": [ { "name": "stays" } ] }""");
        var early = (await _client.GetAsync("/api/data/lines?$filter=name eq 'early'")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        await _client.DeleteAsync($"/api/data/lines/{early}");
        await _client.DeleteAsync($"/api/data/orders/{id}");
        await _client.DeleteAsync($"/api/data/orders/{other}");
        Assert.Equal(1L, await ScalarAsync("select count(*) from org_main._file"));
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        Assert.Equal("B", await ScalarAsync("select string_agg(title, ' ') from org_main.orders"));
        Assert.Equal("stays", await ScalarAsync("select string_agg(name, ' ') from org_main.lines"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from org_main._file"));
        Assert.Equal("create delete delete", await ScalarAsync($"select string_agg(operation, ' ' order by at, id) from org_main._audit where record_id = '{id}'"));
        Assert.Equal("created deleted deleted", await ScalarAsync($"select string_agg(event, ' ' order by id) from org_main._outbox where record_id = '{early}'"));
        Assert.Equal(404, (await _client.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        Assert.Equal(404, (await _client.PostAsync($"/api/data/orders/{id}/restore", "")).Status);
    }

    [Fact]
    public async Task Only_what_lies_in_the_bin_is_purged()
    {
        var id = await _client.CreateAsync("orders", """{ "title": "alive", "lines": [ { "name": "x", "amount": 10 }, { "name": "y", "amount": 20 } ] }""");
        Assert.Equal(404, (await _client.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        var wrong = await _client.DeleteAsync($"/api/data/orders/{id}?deleted=all");
        Assert.Equal((400, "query_not_understood"), (wrong.Status, wrong["code"]));
        Assert.Equal("alive", (await _client.GetAsync($"/api/data/orders/{id}"))["title"]);
        var tag = await _client.CreateAsync("tags", """{ "name": "no bin" }""");
        Assert.Equal(404, (await _client.DeleteAsync($"/api/data/tags/{tag}?deleted=only")).Status);
        Assert.Equal(200, (await _client.GetAsync($"/api/data/tags/{tag}")).Status);
        // A part goes alone while its owner stays.
        var line = (await _client.GetAsync("/api/data/lines?$filter=name eq 'x'")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        await _client.DeleteAsync($"/api/data/lines/{line}");
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/lines/{line}?deleted=only")).Status);
        Assert.Equal("20.00", (await _client.GetAsync($"/api/data/orders/{id}"))["total"]);
    }

    [Fact]
    public async Task What_points_to_it_forgets_it_or_stands_in_the_way_in_the_bin_too()
    {
        var id = await _client.CreateAsync("orders", """{ "title": "A" }""");
        var (alive, binned) = (await _client.CreateAsync("notes", $$"""{ "name": "alive", "order_id": "{{id}}" }"""), await _client.CreateAsync("notes", $$"""{ "name": "binned", "order_id": "{{id}}" }"""));
        var bill = await _client.CreateAsync("bills", $$"""{ "name": "bill", "order_id": "{{id}}" }""");
        foreach (var path in new[] { $"notes/{binned}", $"bills/{bill}", $"orders/{id}" }) Assert.Equal(204, (await _client.DeleteAsync($"/api/data/{path}")).Status);
        var refused = await _client.DeleteAsync($"/api/data/orders/{id}?deleted=only");
        Assert.Equal((409, "record_in_use"), (refused.Status, refused["code"]));
        Assert.Contains("1 of them in the recycle bin", refused["detail"]);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/bills/{bill}?deleted=only")).Status);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        Assert.Equal(200, (await _client.PostAsync($"/api/data/notes/{binned}/restore", "")).Status);
        foreach (var note in new[] { alive, binned }) Assert.Equal(JsonValueKind.Null, (await _client.GetAsync($"/api/data/notes/{note}")).Json.GetProperty("order_id").ValueKind);
    }

    [Fact]
    public async Task Rights_and_versions_hold()
    {
        var (anna, ben, reader) = (await _server.ClientAsync("clerk"), await _server.ClientAsync("clerk"), await _server.ClientAsync("reader"));
        var id = await anna.CreateAsync("orders", """{ "title": "hers" }""");
        await anna.DeleteAsync($"/api/data/orders/{id}");
        Assert.Equal(404, (await ben.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        Assert.Equal(403, (await reader.DeleteAsync($"/api/data/orders/{id}?deleted=only")).Status);
        Assert.Equal(412, (await anna.SendAsync(HttpMethod.Delete, $"/api/data/orders/{id}?deleted=only", null, "W/\"1\"")).Status);
        Assert.Equal(204, (await anna.SendAsync(HttpMethod.Delete, $"/api/data/orders/{id}?deleted=only", null, "W/\"2\"")).Status);
    }

    private async Task<string> UploadAsync()
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var form = new MultipartFormDataContent { { content, "file", "paper.txt" } };
        var answer = await _client.Http.PostAsync("/api/files", form);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _server.Database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
