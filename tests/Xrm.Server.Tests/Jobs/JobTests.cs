using Npgsql;
using Xrm.Server.Tests.Workflows;
using Xrm.Server.Tests.Writes;

namespace Xrm.Server.Tests.Jobs;

/// <summary>Changes of many records in the background: each once, whatever happens meanwhile.</summary>
public sealed class JobTests : IAsyncLifetime
{
    private const int Labels = 120;

    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private NpgsqlConnection _watch = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "sales", SalesPackage.Files());
        _admin = await _app.ClientAsync();
        _watch = new NpgsqlConnection(_app.Database.ConnectionString);
        await _watch.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Every_record_that_fulfils_the_condition_is_changed_once_by_one_of_several_nodes()
    {
        await using var second = await _app.AddNodeAsync();
        await CreateLabelsAsync();
        var job = await EndAsync(_admin, await _admin.PatchAsync("/api/data/labels?$filter=startswith(name,'label')", """{ "name": "label new" }"""));
        Assert.Equal(("finished", "120", "120", "0"), (job["state"], job["total"], job["done"], job["failed"]));
        await AssertChangedOnceAsync();
        Assert.Equal(1, await CountAsync("select count(*) from org_main.labels where name = 'other' and version = 1"));
        Assert.Equal(Labels, await CountAsync($"select count(*) from org_main._outbox where event = 'updated' and payload::jsonb -> 'cause' ->> 'id' = '{job["id"]}'"));
    }

    [Fact]
    public async Task Records_that_are_refused_do_not_stop_the_others()
    {
        foreach (var title in new[] { "gone", "kept", "gone" }) await SaleAsync(_admin, title);
        var job = await EndAsync(_admin, await _admin.DeleteAsync("/api/data/sales?all=true"));
        Assert.Equal(("finished", "2", "1"), (job["state"], job["done"], job["failed"]));
        var failure = Assert.Single(job.Json.GetProperty("failures").EnumerateArray().ToArray());
        Assert.Equal((await OneAsync("select id::text from org_main.sales where deleted_at is null"), "This one stays."), (failure.GetProperty("recordId").GetString(), failure.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Rights_are_those_of_who_asked()
    {
        var seller = await _app.ClientAsync("seller");
        var (own, strange) = (await SaleAsync(seller, "own"), await SaleAsync(_admin, "strange"));
        var job = await EndAsync(seller, await seller.PatchAsync("/api/data/sales?all=true", """{ "title": "changed" }"""));
        Assert.Equal(("finished", "1", "1"), (job["state"], job["total"], job["done"]));
        Assert.Equal(("changed", "strange"), ((await _admin.GetAsync($"/api/data/sales/{own}"))["title"], (await _admin.GetAsync($"/api/data/sales/{strange}"))["title"]));
    }

    [Fact]
    public async Task Job_of_somebody_who_may_not_sign_in_any_more_ends()
    {
        await CreateLabelsAsync();
        var boss = await _app.ClientAsync("boss");
        Answer asked;
        await using (await HoldAsync(55))
        {
            asked = await boss.PatchAsync("/api/data/labels?all=true", """{ "name": "label new" }""");
            await WaitForPortionAsync();
            await using var retire = new NpgsqlCommand($"""update xrm."user" set is_active = false where id = '{boss.UserId}'""", _watch);
            await retire.ExecuteNonQueryAsync();
            _app.Get<Xrm.Server.Security.CallerProvider>().Forget();
        }
        var job = await EndAsync(_admin, asked);
        Assert.Equal(("failed", "100"), (job["state"], job["done"]));
        Assert.Equal("not_signed_in", job.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Job_goes_on_where_it_stood_when_its_server_ends()
    {
        await CreateLabelsAsync();
        Answer asked;
        await using (await HoldAsync(55))
        {
            asked = await _admin.PatchAsync("/api/data/labels?$filter=name ne 'other'", """{ "name": "label new" }""");
            await WaitForPortionAsync();
            await _app.StopAsync();
            Assert.Equal(1, await CountAsync("select count(*) from org_main._job where done = 50 and finished_at is null"));
        }
        await _app.StartAgainAsync(worksInBackground: true);
        _admin = await _app.ClientAsync();
        Assert.Equal("120", (await EndAsync(_admin, asked))["done"]);
        await AssertChangedOnceAsync();
    }

    [Fact]
    public async Task Job_that_is_cancelled_leaves_the_rest_as_it_was()
    {
        await CreateLabelsAsync();
        Answer asked;
        await using (await HoldAsync(55))
        {
            asked = await _admin.PatchAsync("/api/data/labels?$filter=name ne 'other'", """{ "name": "label new" }""");
            await WaitForPortionAsync();
            Assert.Equal(204, (await _admin.DeleteAsync(asked.Message.Headers.Location!.AbsolutePath)).Status);
        }
        await Eventually.IsAsync(async () => await CountAsync("select count(*) from org_main._job where done = 100") == 1);
        Assert.Equal("cancelled", (await EndAsync(_admin, asked))["state"]);
        Assert.Equal(100, await CountAsync("select count(*) from org_main.labels where version = 2"));
    }

    private async Task CreateLabelsAsync()
    {
        var rows = Enumerable.Range(0, Labels).Select(index => $$"""{ "name": "label {{index}}" }""");
        Assert.Equal(200, (await _admin.PostAsync("/api/data/labels", $"[{string.Join(',', rows)}]")).Status);
        await _admin.CreateAsync("labels", """{ "name": "other" }""");
    }

    private async Task<string> SaleAsync(TestClient client, string title)
    {
        var customer = await _admin.CreateAsync("customers", $$"""{ "name": "C{{Guid.NewGuid():N}}" }""");
        return await client.CreateAsync("sales", $$"""{ "title": "{{title}}", "customer_id": "{{customer}}" }""");
    }

    /// <summary>Holds the label of that place until the transaction is disposed: the portion that comes to it waits.</summary>
    private async Task<NpgsqlConnection> HoldAsync(int place)
    {
        var holder = new NpgsqlConnection(_app.Database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand($"begin; select 1 from org_main.labels where id = (select id from org_main.labels where name like 'label%' order by id offset {place} limit 1) for no key update", holder);
        await hold.ExecuteNonQueryAsync();
        return holder;
    }

    /// <summary>Waits until the first portion is done and the second one waits for the lock.</summary>
    private async Task WaitForPortionAsync()
    {
        await Eventually.IsAsync(async () => await CountAsync("select count(*) from org_main._job where done = 50") == 1);
        await Eventually.IsAsync(async () => await CountAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
    }

    private async Task AssertChangedOnceAsync() =>
        Assert.Equal((Labels, 0), (await CountAsync("select count(*) from org_main.labels where name = 'label new' and version = 2"), await CountAsync("select count(*) from org_main.labels where version > 2")));

    private static async Task<Answer> EndAsync(TestClient client, Answer asked)
    {
        Assert.True(asked.Status == 202, $"{asked.Status} {asked.Json}");
        Answer? job = null;
        await Eventually.IsAsync(async () => (job = await client.GetAsync(asked.Message.Headers.Location!.AbsolutePath))["finishedAt"] is not null);
        return job!;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _watch);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<string> OneAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _watch);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
