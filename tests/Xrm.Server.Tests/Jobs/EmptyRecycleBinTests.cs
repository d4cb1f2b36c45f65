using Npgsql;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Jobs;

/// <summary>What lies in the recycle bin goes by a job when somebody says so, and by itself after a while.</summary>
public sealed class EmptyRecycleBinTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Environment = new Dictionary<string, string?> { ["XRM_KEEP_DAYS_RECYCLE_BIN"] = "10" } }, "empty-bin", new PackageBuilder("empty_bin")
            .EntityJson("""
                { "name": "order", "plural": "orders", "primary": "title", "ownership": "user", "features": ["recycleBin", "audit"], "fields": [
                  { "name": "title", "type": "text" }, { "name": "lines", "type": "children", "entity": "line", "via": "order" } ] }
                """)
            .EntityJson("""
                { "name": "line", "plural": "lines", "primary": "name", "features": ["recycleBin"], "fields": [
                  { "name": "name", "type": "text" }, { "name": "order", "type": "lookup", "target": "order", "required": true, "onDelete": "cascade" } ] }
                """)
            .EntityJson("""
                { "name": "zbill", "plural": "zbills", "primary": "name", "features": ["recycleBin"], "fields": [
                  { "name": "name", "type": "text" }, { "name": "order", "type": "lookup", "target": "order", "onDelete": "restrict" } ] }
                """)
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "order": { "create": "own", "read": "own", "update": "own", "delete": "own" }, "line": { "create": "organisation", "read": "organisation", "delete": "organisation" } } }""")
            .Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task The_bin_is_emptied_by_a_job_of_what_lay_in_it()
    {
        for (var index = 0; index < 60; index++) await DeletedAsync($"gone {index}");
        var (kept, alive) = (await DeletedAsync("other"), await _admin.CreateAsync("orders", """{ "title": "gone alive" }"""));
        Assert.Equal("60", (await _admin.DeleteAsync("/api/data/orders?deleted=only&$filter=startswith(title,'gone')&preview=true"))["count"]);
        var job = await EndAsync(_admin, await _admin.DeleteAsync("/api/data/orders?deleted=only&$filter=startswith(title,'gone')"));
        Assert.Equal(("finished", "60", "0", "delete"), (job["state"], job["done"], job["failed"], job["kind"]));
        Assert.Equal("gone alive, other", await TextAsync("select string_agg(title, ', ' order by title) from org_main.orders"));
        Assert.Equal("1", await TextAsync("select count(*)::text from org_main.lines"));
        Assert.Equal("60", await TextAsync($"select count(*)::text from org_main._audit where cause ->> 'id' = '{job["id"]}'"));
        // Without a condition all of the bin is meant, and nothing else.
        Assert.Equal("1", (await EndAsync(_admin, await _admin.DeleteAsync("/api/data/orders?deleted=only")))["done"]);
        Assert.Equal((404, 200), ((await _admin.PostAsync($"/api/data/orders/{kept}/restore", "")).Status, (await _admin.GetAsync($"/api/data/orders/{alive}")).Status));
    }

    [Fact]
    public async Task What_is_in_use_stays_and_is_named_and_rights_hold()
    {
        var clerk = await _app.ClientAsync("clerk");
        await DeletedAsync("strange");
        var own = await clerk.CreateAsync("orders", """{ "title": "own" }""");
        await clerk.DeleteAsync($"/api/data/orders/{own}");
        var used = await BilledAsync("used");
        Assert.Equal("1", (await EndAsync(clerk, await clerk.DeleteAsync("/api/data/orders?deleted=only")))["total"]);
        var job = await EndAsync(_admin, await _admin.DeleteAsync("/api/data/orders?deleted=only"));
        Assert.Equal(("2", "1", "1"), (job["total"], job["done"], job["failed"]));
        var failure = job.Json.GetProperty("failures")[0];
        Assert.Equal((used, "record_in_use"), (failure.GetProperty("recordId").GetString(), failure.GetProperty("code").GetString()));
        Assert.Contains("('bill of used', in the recycle bin)", failure.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Records_go_by_themselves_when_they_have_lain_there_for_long_on_whatever_node()
    {
        await using var second = await _app.AddNodeAsync();
        for (var index = 0; index < 55; index++) await DeletedAsync($"old {index}");
        await BilledAsync("with bill");
        var blocked = await BilledAsync("blocked", isBillDeleted: false);
        await ExecuteAsync("update org_main.orders set deleted_at = now() - interval '11 days' where deleted_at is not null; update org_main.lines set deleted_at = now() - interval '11 days'; update org_main.zbills set deleted_at = now() - interval '11 days' where deleted_at is not null");
        await DeletedAsync("new");
        // Somebody is about to restore it.
        var held = await DeletedAsync("old and held");
        await ExecuteAsync($"update org_main.orders set deleted_at = now() - interval '11 days' where id = '{held}'");
        await using var holder = new NpgsqlConnection(_app.Database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using (var hold = new NpgsqlCommand($"begin; select 1 from org_main.orders where id = '{held}' for no key update", holder)) await hold.ExecuteNonQueryAsync();
        // Due again at once.
        await ExecuteAsync("update org_main._recurring_work set next_run_at = now() - interval '1 minute' where name = 'recycle_bin'");
        await _app.StopAsync();
        await _app.StartAgainAsync(worksInBackground: true);
        await Eventually.IsAsync(async () => await TextAsync("select string_agg(title, ', ' order by title) from org_main.orders") == "blocked, new, old and held");
        Assert.Equal("bill of blocked | line of blocked, line of new, line of old and held", await TextAsync("select (select string_agg(name, ', ') from org_main.zbills) || ' | ' || (select string_agg(name, ', ' order by name) from org_main.lines)"));
        Assert.Equal("56", await TextAsync("select count(*)::text from org_main._audit where cause ->> 'kind' = 'clean_up' and operation = 'delete'"));
        Assert.Equal(blocked, await TextAsync("select id::text from org_main.orders where title = 'blocked'"));
    }

    private async Task<string> DeletedAsync(string title)
    {
        var id = await _admin.CreateAsync("orders", $$"""{ "title": "{{title}}", "lines": [ { "name": "line of {{title}}" } ] }""");
        Assert.Equal(204, (await _admin.DeleteAsync($"/api/data/orders/{id}")).Status);
        return id;
    }

    /// <summary>A deleted order to which a bill points.</summary>
    private async Task<string> BilledAsync(string title, bool isBillDeleted = true)
    {
        var id = await _admin.CreateAsync("orders", $$"""{ "title": "{{title}}", "lines": [ { "name": "line of {{title}}" } ] }""");
        var bill = await _admin.CreateAsync("zbills", $$"""{ "name": "bill of {{title}}", "order_id": "{{id}}" }""");
        Assert.Equal(204, (await _admin.DeleteAsync($"/api/data/zbills/{bill}")).Status);
        Assert.Equal(204, (await _admin.DeleteAsync($"/api/data/orders/{id}")).Status);
        if (!isBillDeleted) await ExecuteAsync($"update org_main.zbills set deleted_at = null, deleted_by = null where id = '{bill}'");
        return id;
    }

    private static async Task<Answer> EndAsync(TestClient client, Answer asked)
    {
        Assert.True(asked.Status == 202, $"{asked.Status} {asked.Json}");
        Answer? job = null;
        await Eventually.IsAsync(async () => (job = await client.GetAsync(asked.Message.Headers.Location!.AbsolutePath))["finishedAt"] is not null);
        return job!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _app.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string?> TextAsync(string sql)
    {
        await using var command = _app.Database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }
}
