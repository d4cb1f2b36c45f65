using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Records with a recycle bin that belong or point to others without one, and ids that lie in the bin.</summary>
public sealed class RecycleBinOwnerTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("bin-owner", new PackageBuilder("bin_owner")
            .EntityJson("""
                { "name": "folder", "plural": "folders", "primary": "title", "fields": [
                  { "name": "title", "type": "text" },
                  { "name": "pages", "type": "children", "entity": "page", "via": "folder" },
                  { "name": "size", "type": "integer", "rollup": { "entity": "page", "via": "folder", "aggregate": "count" } } ] }
                """)
            .EntityJson("""
                { "name": "page", "plural": "pages", "primary": "name", "features": ["recycleBin", "audit"], "fields": [
                  { "name": "name", "type": "text" },
                  { "name": "folder", "type": "lookup", "target": "folder", "required": true, "onDelete": "cascade" } ] }
                """)
            .EntityJson("""
                { "name": "stamp", "plural": "stamps", "primary": "name", "ownership": "user", "features": ["recycleBin"], "fields": [
                  { "name": "name", "type": "text" },
                  { "name": "folder", "type": "lookup", "target": "folder", "onDelete": "restrict" } ] }
                """)
            .EntityJson("""
                { "name": "link", "plural": "links", "primary": "name", "features": ["recycleBin"], "fields": [
                  { "name": "name", "type": "text" }, { "name": "folder", "type": "lookup", "target": "folder" } ] }
                """)
            .File("roles/clerk.json", """
                { "name": "clerk", "entities": { "folder": { "read": "organisation", "delete": "organisation" }, "page": { "read": "organisation", "delete": "organisation" },
                  "stamp": { "create": "own", "read": "own", "update": "own", "delete": "own" } } }
                """)
            .Files());
        _client = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_belongs_to_a_record_that_is_gone_goes_with_it_for_good_in_the_bin_or_not()
    {
        var folder = await _client.CreateAsync("folders", """{ "title": "F", "pages": [ { "name": "early" }, { "name": "late" } ] }""");
        var early = (await _client.GetAsync("/api/data/pages?$filter=name eq 'early'")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        var link = await _client.CreateAsync("links", $$"""{ "name": "L", "folder_id": "{{folder}}" }""");
        foreach (var path in new[] { $"pages/{early}", $"links/{link}" }) Assert.Equal(204, (await _client.DeleteAsync($"/api/data/{path}")).Status);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/folders/{folder}")).Status);
        Assert.Equal(0L, await ScalarAsync("select (select count(*) from org_main.pages) + (select count(*) from org_main.folders)"));
        Assert.Equal(2L, await ScalarAsync($"select count(*) from org_main._audit where record_id = '{early}' and operation = 'delete'"));
        Assert.Equal(404, (await _client.PostAsync($"/api/data/pages/{early}/restore", "")).Status);
        // What only points to it forgets it, and can come back.
        Assert.Equal(200, (await _client.PostAsync($"/api/data/links/{link}/restore", "")).Status);
        Assert.Null((await _client.GetAsync($"/api/data/links/{link}"))["folder_id"]);
    }

    [Fact]
    public async Task Children_that_a_change_leaves_out_go_to_the_bin()
    {
        var folder = await _client.CreateAsync("folders", """{ "title": "F", "pages": [ { "name": "a" }, { "name": "b" } ] }""");
        Assert.Equal(200, (await _client.PatchAsync($"/api/data/folders/{folder}", """{ "pages": [] }""")).Status);
        Assert.Equal("2", await (await _client.GetAsync($"/api/data/pages/$count?deleted=only&$filter=folder_id eq {folder}")).Message.Content.ReadAsStringAsync());
        Assert.Equal("0", (await _client.GetAsync($"/api/data/folders/{folder}"))["size"]);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/folders/{folder}")).Status);
        Assert.Equal(0L, await ScalarAsync($"select count(*) from org_main.pages where folder_id = '{folder}'"));
    }

    [Fact]
    public async Task Records_that_stand_in_the_way_are_named_as_far_as_the_caller_sees_them()
    {
        var folder = await _client.CreateAsync("folders", """{ "title": "F" }""");
        var clerk = await _server.ClientAsync("clerk");
        var (own, other) = (await clerk.CreateAsync("stamps", $$"""{ "name": "hers", "folder_id": "{{folder}}" }"""), await _client.CreateAsync("stamps", $$"""{ "name": "secret", "folder_id": "{{folder}}" }"""));
        Assert.Equal(204, (await clerk.DeleteAsync($"/api/data/stamps/{own}")).Status);
        var refused = await clerk.DeleteAsync($"/api/data/folders/{folder}");
        Assert.Equal((409, "record_in_use"), (refused.Status, refused["code"]));
        Assert.Equal($"2 Stamps still point to this Folder (Folder), 1 of them in the recycle bin: stamps/{own} ('hers', in the recycle bin) and 1 more. Change or remove them first, those in the recycle bin for good.", refused["detail"]);
        Assert.Contains($"stamps/{other} ('secret')", (await _client.DeleteAsync($"/api/data/folders/{folder}"))["detail"]);
        Assert.Equal(204, (await clerk.DeleteAsync($"/api/data/stamps/{own}?deleted=only")).Status);
        Assert.Contains("You may not see them", (await clerk.DeleteAsync($"/api/data/folders/{folder}"))["detail"]);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/stamps/{other}")).Status);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/stamps/{other}?deleted=only")).Status);
        Assert.Equal(204, (await clerk.DeleteAsync($"/api/data/folders/{folder}")).Status);
    }

    [Fact]
    public async Task An_id_in_the_bin_is_said_to_be_there()
    {
        var id = await _client.CreateAsync("links", """{ "name": "first" }""");
        await _client.DeleteAsync($"/api/data/links/{id}");
        var body = $$"""{ "id": "{{id}}", "name": "second" }""";
        foreach (var answer in new[] { await _client.PatchAsync($"/api/data/links/{id}", """{ "name": "second" }"""), await _client.PostAsync("/api/data/links", body) })
        {
            Assert.Equal((409, "in_recycle_bin", "id in_recycle_bin"), (answer.Status, answer["code"], answer.Errors));
            Assert.Contains($"POST /api/data/links/{id}/restore", answer["detail"]);
        }
        var rows = await _client.PostAsync("/api/data/links", $$"""[ { "name": "fine" }, {{body}} ]""");
        Assert.Equal((409, "[1].id in_recycle_bin"), (rows.Status, rows.Errors));
        var batch = await _client.PostAsync("/api/data/$batch", $$"""{ "requests": [ { "id": "1", "atomicityGroup": "g", "method": "POST", "url": "links", "body": {{body}} } ] }""");
        Assert.Equal("in_recycle_bin", batch.Json.GetProperty("responses")[0].GetProperty("body").GetProperty("code").GetString());
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/links/{id}?deleted=only")).Status);
        Assert.Equal(201, (await _client.PatchAsync($"/api/data/links/{id}", """{ "name": "second" }""")).Status);
        Assert.Equal("not_unique", (await _client.PostAsync("/api/data/links", body))["code"]);
    }

    [Fact]
    public async Task Who_may_not_see_the_record_in_the_bin_does_not_learn_of_it()
    {
        var id = await _client.CreateAsync("stamps", """{ "name": "secret" }""");
        await _client.DeleteAsync($"/api/data/stamps/{id}");
        var clerk = await _server.ClientAsync("clerk");
        Assert.Equal((409, "not_unique"), await RefusalAsync(clerk, id));
        Assert.Equal((409, "in_recycle_bin"), await RefusalAsync(_client, id));
    }

    private static async Task<(int, string?)> RefusalAsync(TestClient client, string id)
    {
        var answer = await client.PatchAsync($"/api/data/stamps/{id}", """{ "name": "mine" }""");
        return (answer.Status, answer["code"]);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _server.Database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
