using System.Collections.Immutable;
using Npgsql;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Data.Schema;
using Xrm.Metadata.Source;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Jobs;

/// <summary>Formulas and rollups that a publish changes in tables with many records: nobody ever sees an old value, whoever writes meanwhile.</summary>
public sealed class RecomputationTests : IAsyncLifetime
{
    private const int Items = 12_000;

    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "depot", Depot("size", "true"));
        _admin = await _app.ClientAsync();
        await ExecuteAsync($"""
            insert into org_main.crates (id, version, created_at, modified_at, title) select gen_random_uuid(), 1, now(), now(), 'crate ' || n from generate_series(1, 40) n;
            insert into org_main.items (id, version, created_at, modified_at, title, crate_id, size, price, cost, label)
            select gen_random_uuid(), 1, now(), now(), 'item ' || n, b.id, n % 7, n % 11, n % 7, 'old' from generate_series(1, {Items}) n join org_main.crates b on b.title = 'crate ' || (n % 40 + 1);
            """);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Values_are_right_from_the_publish_on_and_stored_by_jobs_that_touch_nothing_else()
    {
        ImmutableArray<SchemaChange> changes;
        // Whoever is at a record is not waited for, and waits for nobody.
        await using (await HoldAsync()) changes = await PublishAsync("size * price + 1", "cost > 3");
        Assert.Equal(["Compute crate.cost in all records.", "Compute crate.double in all records.", "Compute item.cost in all records.", "Compute item.label in all records.", "Compute item.value in all records."],
            changes.Where(change => change.IsLeftToJob).Select(change => change.Sentence).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(changes, change => change is { Kind: ChangeKind.Recompute, IsLeftToJob: false });
        Assert.Equal(5, Model.Unfilled.Count);
        await AssertReadAsync();
        await WriteAsync();
        await AssertReadAsync();

        var jobs = (await _admin.GetAsync("/api/jobs")).Json.EnumerateArray().ToList();
        Assert.All(jobs, job => Assert.Equal(("recompute", "waiting"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString())));
        var cancel = await _admin.DeleteAsync($"/api/jobs/{jobs[0].GetProperty("id")}");
        Assert.Equal((409, "job_needed"), (cancel.Status, cancel["code"]));

        await RunJobsAsync();
        jobs = [.. (await _admin.GetAsync("/api/jobs")).Json.EnumerateArray()];
        Assert.Equal("crates 40/40 crates 40/40 items 12000/12000 items 12000/12000 items 12000/12000",
            string.Join(' ', jobs.Select(job => $"{job.GetProperty("collection")} {job.GetProperty("done")}/{job.GetProperty("total")}").Order(StringComparer.Ordinal)));
        await AssertReadAsync();
        await AssertStoredAsync();
        // One item was changed, and its crate with it; another crate by its title.
        Assert.Equal(1, await CountAsync("select count(*) from org_main.items where version > 1"));
        Assert.Equal(2, await CountAsync("select count(*) from org_main.crates where version > 1"));
        Assert.Equal("""{"title":["crate 2","crate two"]}""", (string)(await ScalarAsync("select changes from org_main._audit where entity = 'crate'"))!);
        Assert.Equal((0L, 0L), (await CountAsync("select count(*) from org_main._outbox where entity = 'item' and version = 1"), await CountAsync("select count(*) from org_main._job where failed > 0")));
    }

    [Fact]
    public async Task Writers_and_the_end_of_a_server_leave_nothing_wrong()
    {
        await PublishAsync("size * price + 1", "cost > 3");
        await using (await HoldAsync())
        {
            await StartJobsAsync();
            await Eventually.IsAsync(async () => await CountAsync("select count(*) from org_main._job where done > 0 and finished_at is null and body ->> 'field' = 'item.cost'") == 1);
            await Eventually.IsAsync(async () => await CountAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
            await WriteManyAsync(3, place: 6_000);
            await _app.StopAsync();
        }
        Assert.Equal(1, await CountAsync("select count(*) from org_main._job where done > 0 and finished_at is null and body ->> 'field' = 'item.cost'"));
        await _app.StartAgainAsync(worksInBackground: true);
        _admin = await _app.ClientAsync();
        Assert.NotEmpty(Model.Unfilled);
        await AssertReadAsync();
        var writers = Task.WhenAll(WriteManyAsync(5, place: 0), WriteManyAsync(6, place: 5_000), WriteManyAsync(7, place: 11_000));
        await RunJobsAsync();
        await writers;
        await AssertReadAsync();
        await AssertStoredAsync();
    }

    [Fact]
    public async Task Another_publish_before_the_end_begins_anew_where_it_has_to()
    {
        await PublishAsync("size * price + 1", "cost > 3");
        // The same formula is not computed again, another one is.
        await PublishAsync("size * price + 1", "cost > 5");
        Assert.Equal((5L, 2L), (await CountAsync("select count(*) from org_main._job where finished_at is null"), await CountAsync("select count(*) from org_main._job where state = 'cancelled'")));
        await AssertReadAsync(above: 5);
        // An ordinary field would keep what is there, and a key would be of it.
        Assert.Equal(["item.cost", "item.label"], await PendingAsync(Depot("", "cost > 5", label: "\"unique\": true")));
        await RunJobsAsync();
        Assert.Empty(await PendingAsync(Depot("", "cost > 5")));
        await AssertReadAsync(above: 5);
        await AssertStoredAsync(above: 5);
        Assert.Empty(await PublishAsync("size * price + 1", "cost > 5"));
    }

    private PublishedModel Model => _app.Get<CurrentModel>().Value;

    /// <summary>Everything that shows the values, in lists, conditions, orders, totals and through lookups.</summary>
    private async Task AssertReadAsync(int above = 3)
    {
        var total = Convert.ToInt64(await ScalarAsync("select sum(size * price + 1) from org_main.items"));
        var counted = Convert.ToInt64(await ScalarAsync($"select sum(size * price + 1) from org_main.items where size * price + 1 > {above}"));
        var many = await CountAsync("select count(*) from org_main.items where size * price + 1 > 30");
        Assert.Equal($"{total}.00", await OneAsync("items?$apply=aggregate(cost with sum as x)"));
        Assert.Equal($"{total * 2}.0000", await OneAsync("items?$apply=aggregate(value_base with sum as x)"));
        Assert.Equal($"{counted}.00", await OneAsync("crates?$apply=aggregate(cost with sum as x)"));
        Assert.Equal($"{counted * 2}.00", await OneAsync("crates?$apply=aggregate(double with sum as x)"));
        Assert.Equal($"{many}", await OneAsync("items?$apply=filter(cost gt 30 and crate/cost gt 0)/aggregate($count as x)"));
        Assert.Equal("61.00", await OneAsync("items?$orderby=cost desc&$top=1&$select=cost"));
        Assert.Equal("0", await OneAsync("items?$apply=filter(not endswith(label,'!') or value_currency ne 'EUR')/aggregate($count as x)"));
    }

    private async Task<string> OneAsync(string url)
    {
        var answer = await _admin.GetAsync($"/api/data/{url}");
        Assert.True(answer.Status == 200, $"{url} {answer.Json} {_admin.Defect}");
        return answer.Json.GetProperty("value")[0].EnumerateObject().Last().Value.ToString();
    }

    private async Task AssertStoredAsync(int above = 3)
    {
        Assert.Equal(0, await CountAsync("select count(*) from org_main.items where cost is distinct from size * price + 1 or label is distinct from title || '!' or value is distinct from 2 * cost or value_base is distinct from 2 * cost or value_currency is distinct from 'EUR'"));
        Assert.Equal(0, await CountAsync($"select count(*) from org_main.crates b where cost is distinct from (select coalesce(sum(cost), 0) from org_main.items i where i.crate_id = b.id and i.cost > {above}) or double is distinct from cost * 2"));
    }

    /// <summary>Saves see the values, too: in validations, in what depends on them, and in the history.</summary>
    private async Task WriteAsync()
    {
        var item = (Guid)(await ScalarAsync("select id from org_main.items where size = 6 and price = 10 order by id limit 1"))!;
        var refused = await _admin.PatchAsync($"/api/data/items/{item}", """{ "title": "cheap" }""");
        Assert.Equal((400, "title validation"), (refused.Status, refused.Errors));
        var crate = (await _admin.GetAsync($"/api/data/items/{item}"))["crate_id"];
        var before = decimal.Parse((await _admin.GetAsync($"/api/data/crates/{crate}"))["cost"]!, System.Globalization.CultureInfo.InvariantCulture);
        var answer = await _admin.PatchAsync($"/api/data/items/{item}", """{ "price": 9 }""");
        Assert.Equal(("55.00", "110.00"), (answer["cost"], answer["value"]));
        Assert.Equal($"{before - 6}", (await _admin.GetAsync($"/api/data/crates/{crate}"))["cost"]);
        var other = (Guid)(await ScalarAsync("select id from org_main.crates where title = 'crate 2'"))!;
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/crates/{other}", """{ "title": "crate two" }""")).Status);
    }

    private async Task WriteManyAsync(int seed, int place)
    {
        var random = new Random(seed);
        var crates = await IdsAsync("select id from org_main.crates order by id");
        foreach (var item in await IdsAsync($"select id from org_main.items order by id offset {place} limit 25"))
        {
            var answer = random.Next(4) switch
            {
                0 => await _admin.DeleteAsync($"/api/data/items/{item}"),
                1 => await _admin.PostAsync("/api/data/items", $$"""{ "title": "new", "size": {{random.Next(7)}}, "price": 3, "crate_id": "{{crates[random.Next(40)]}}" }"""),
                2 => await _admin.PatchAsync($"/api/data/items/{item}", $$"""{ "crate_id": "{{crates[random.Next(40)]}}" }"""),
                _ => await _admin.PatchAsync($"/api/data/items/{item}", $$"""{ "size": {{random.Next(7)}} }"""),
            };
            Assert.True(answer.Status is 200 or 201 or 204, $"{answer.Status} {answer.Json} {_admin.Defect}");
        }
    }

    /// <summary>Holds an item in the middle: the portion that comes to it waits.</summary>
    private async Task<NpgsqlConnection> HoldAsync()
    {
        var holder = new NpgsqlConnection(_app.Database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand("begin; select 1 from org_main.items where id = (select id from org_main.items order by id offset 2000 limit 1) for no key update", holder);
        await hold.ExecuteNonQueryAsync();
        return holder;
    }

    private Task StartJobsAsync() => ExecuteAsync("update org_main._job set next_attempt_at = now() where finished_at is null");

    private async Task RunJobsAsync()
    {
        await StartJobsAsync();
        await Eventually.IsAsync(async () => await CountAsync("select count(*) from org_main._job where finished_at is null") == 0);
        Assert.Equal(0, await CountAsync("select count(*) from org_main._job where state not in ('finished', 'cancelled')"));
        await Eventually.IsAsync(() => Task.FromResult(Model.Unfilled.Count == 0));
    }

    private async Task<ImmutableArray<SchemaChange>> PublishAsync(string cost, string where)
    {
        var request = new PublishRequest([Depot(cost, where)], ImmutableHashSet<string>.Empty, null, Caller.System);
        var result = await _app.Get<Publisher>().PublishAsync(request, [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems);
        return result.Plan.Changes;
    }

    /// <summary>The fields whose values a publish would have to wait for.</summary>
    private async Task<IEnumerable<string>> PendingAsync(PackageFiles files)
    {
        var plan = await _app.Get<Publisher>().PlanAsync(new PublishRequest([files], ImmutableHashSet<string>.Empty, null, Caller.System), CancellationToken.None);
        return plan.Problems.Where(problem => problem.Code == "values_pending").Select(problem => problem.Message.Split(' ')[3]).Order(StringComparer.Ordinal);
    }

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<long> CountAsync(string sql) => (long)(await ScalarAsync(sql))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _app.Database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<List<Guid>> IdsAsync(string sql)
    {
        await using var command = _app.Database.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static PackageFiles Depot(string cost, string where, string label = "\"unique\": false") => new PackageBuilder("depot")
        .File("manifest.json", """{ "formatVersion": 1, "name": "depot", "version": "1.0.0", "currencies": { "base": "EUR", "entity": "rate", "currency": "code", "rate": "rate", "validFrom": "valid_from" } }""")
        .Entity("rate", """{ "name": "code", "type": "text" }""", """{ "name": "rate", "type": "decimal", "scale": 4 }""", """{ "name": "valid_from", "type": "date" }""")
        .EntityWith("crate", "\"features\": [\"audit\"]",
            $$"""{ "name": "cost", "type": "decimal", "rollup": { "entity": "item", "via": "crate", "aggregate": "sum", "field": "cost", "where": "{{where}}" } }""",
            """{ "name": "double", "type": "decimal", "formula": "cost * 2" }""")
        .EntityWith("item", """
            "validations": [ { "when": "title == 'cheap' && cost == 61", "message": "No.", "fields": [ "title" ] } ]
            """,
            """{ "name": "crate", "type": "lookup", "target": "crate" }""",
            """{ "name": "size", "type": "integer" }""",
            """{ "name": "price", "type": "decimal" }""",
            $$"""{ "name": "cost", "type": "decimal"{{(cost.Length > 0 ? $", \"formula\": \"{cost}\"" : "")}} }""",
            $$"""{ "name": "label", "type": "text", {{label}}, "formula": "title + '{{(cost == "size" ? "?" : "!")}}'" }""",
            """{ "name": "value", "type": "money", "formula": "cost * 2" }""")
        .Files();
}
