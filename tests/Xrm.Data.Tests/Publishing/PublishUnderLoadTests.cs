using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Publishing;

/// <summary>What others notice of a publish, and what is left of it where it does not come to its end.</summary>
public sealed class PublishUnderLoadTests : IAsyncLifetime
{
    private const string TakeLock = "select pg_advisory_lock(x'58524d02'::int, hashtext('org_main'))";
    private const string Index = "select count(*) from pg_indexes where indexname = 'samples.code.idx'";
    private readonly Clock _clock = new();
    private TestDatabase _test = null!;
    private CurrentModel _current = null!;
    private Publisher _publisher = null!;
    private Leftovers _leftovers = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.CreateAsync();
        var store = new PackageStore(_test.Database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        _current = new CurrentModel(loader);
        _publisher = new Publisher(_test.Database, store, loader, _current);
        _leftovers = new Leftovers(_test.Database, _clock);
        await PublishAsync(Package("""{ "name": "code", "type": "text", "index": true }"""));
        await ExecuteAsync("insert into org_main.samples (id, version, created_at, modified_at, title, code) values (gen_random_uuid(), 1, now(), now(), 'one', 'old')");
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Table_is_read_and_written_as_before_while_the_tests_of_a_publish_run()
    {
        var (inside, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var publish = PublishAsync(Package("""{ "name": "more", "type": "text", "index": true }""", """{ "name": "other", "type": "lookup", "target": "other" }"""), "sample.code", async (step, ct) =>
        {
            await using var insert = new NpgsqlCommand("insert into org_main.samples (id, version, created_at, modified_at, title, more) values (gen_random_uuid(), 1, now(), now(), 'new', 'new')", step.Transaction.Connection, step.Transaction);
            await insert.ExecuteNonQueryAsync(ct);
            inside.SetResult();
            await goOn.Task;
        });
        await inside.Task;
        await ExecuteAsync("set lock_timeout = '1s'; update org_main.samples set code = 'changed'; reset lock_timeout");
        await ExecuteAsync("set lock_timeout = '1s'; insert into org_main.samples (id, version, created_at, modified_at, title, code) values (gen_random_uuid(), 1, now(), now(), 'two', 'old'); reset lock_timeout");
        Assert.Equal(2, await ScalarAsync("select count(code) from org_main.samples"));
        goOn.SetResult();
        Assert.Empty((await publish).Plan.Problems);
        Assert.Equal(3, await ScalarAsync("select count(*) from org_main.samples where more is null or more = 'new'"));
        Assert.True(await ScalarAsync("select convalidated from pg_constraint where conname = 'samples.other_id.fk'") is true);
        Assert.True((await PublishAsync(Package("""{ "name": "more", "type": "text", "index": true }""", """{ "name": "other", "type": "lookup", "target": "other" }"""))).Plan.IsEmpty);
    }

    [Fact]
    public async Task Who_does_not_know_of_a_new_required_field_yet_still_adds_records()
    {
        const string Add = "insert into org_main.samples (id, version, created_at, modified_at, title) values (gen_random_uuid(), 1, now(), now(), 'unaware')";
        await PublishAsync(Package("""{ "name": "stage", "type": "text", "required": true, "default": "new" }"""), null, (_, _) => ExecuteAsync(Add));
        await ExecuteAsync(Add);
        Assert.Equal(3, await ScalarAsync("select count(*) from org_main.samples where stage = 'new'"));
        await PublishAsync(Package("""{ "name": "stage", "type": "text" }"""));
        await ExecuteAsync(Add);
        Assert.Equal(1, await ScalarAsync("select count(*) from org_main.samples where stage is null"));
    }

    [Fact]
    public async Task Others_go_on_reading_while_a_publish_waits_for_a_long_reader()
    {
        await using var connection = await _test.Database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("select count(*) from org_main.samples", connection, transaction)) await read.ExecuteScalarAsync();
        var waits = new TaskCompletionSource();
        var publish = _publisher.PublishAsync(Request(Package("""{ "name": "more", "type": "text" }""")), [], _ => waits.TrySetResult(), CancellationToken.None);
        await waits.Task;
        for (var i = 0; i < 20; i++) await ExecuteAsync("set lock_timeout = '1s'; update org_main.samples set title = title; reset lock_timeout");
        Assert.False(publish.IsCompleted);
        await transaction.CommitAsync();
        Assert.NotNull((await publish).Version);
        await ExecuteAsync("select more from org_main.samples");
    }

    [Fact]
    public async Task Index_that_a_publish_could_not_drop_is_dropped_later()
    {
        await PublishAsync(Package("""{ "name": "code", "type": "text" }"""));
        Assert.Equal(0, await ScalarAsync(Index));
        await ExecuteAsync("create index \"samples.code.idx\" on org_main.samples (code nulls first)");
        await ExecuteAsync("update org_main._model_version set summary = summary - 'hasAllIndexes'");
        await new IndexBuilds(_test.Database, new PackageStore(_test.Database), _current).RunAsync(_ => { }, CancellationToken.None);
        Assert.Equal(0, await ScalarAsync(Index));
    }

    [Fact]
    public async Task Deleted_column_stays_for_those_who_still_have_the_model_with_it_and_goes_then()
    {
        await PublishAsync(Package(), "sample.code");
        Assert.Equal(0, await _leftovers.RemoveAsync(_ => { }, CancellationToken.None));
        Assert.Equal("old", await ScalarAsync("select code from org_main.samples"));
        // Another process goes on where one was broken off.
        var other = new Leftovers(_test.Database, _clock);
        Assert.Equal(0, await other.RemoveAsync(_ => { }, CancellationToken.None));
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(1, await other.RemoveAsync(_ => { }, CancellationToken.None));
        Assert.Equal(0, await ColumnsAsync("code"));
        Assert.True((await PublishAsync(Package())).Plan.IsEmpty);
    }

    [Fact]
    public async Task Field_of_a_deleted_ones_name_begins_empty()
    {
        await PublishAsync(Package(), "sample.code");
        Assert.Empty((await PublishAsync(Package(), "sample.code")).Plan.Problems);
        var plan = (await PublishAsync(Package("""{ "name": "code", "type": "integer", "index": true }"""))).Plan;
        Assert.Equal(["Remove what is left of an earlier sample.code.", "Add sample.code.", "Index sample by code."], plan.Changes.Select(change => change.Sentence));
        Assert.Equal(1, await ScalarAsync("select count(*) from org_main.samples where code is null"));
        await ExecuteAsync("update org_main.samples set code = 5");
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(0, await _leftovers.RemoveAsync(_ => { }, CancellationToken.None));
        Assert.Equal(1, await ColumnsAsync("code"));
    }

    [Fact]
    public async Task What_a_broken_off_publish_leaves_hinders_no_other_and_goes_in_the_end()
    {
        await BreakOffAsync(Package("""{ "name": "more", "type": "text" }""", """{ "name": "code", "type": "text", "index": true }"""), """{ "name": "fresh", "type": "text" }""");
        Assert.Equal(1, await ColumnsAsync("more"));
        Assert.Empty((await PublishAsync(Package("""{ "name": "code", "type": "text", "index": true }"""))).Plan.Changes);
        Assert.Empty((await PublishAsync(Package("""{ "name": "code", "type": "text", "index": true }""", """{ "name": "more", "type": "integer" }"""))).Plan.Problems);
        await ExecuteAsync("update org_main.samples set more = 5");
        Assert.Equal(0, await _leftovers.RemoveAsync(_ => { }, CancellationToken.None));
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(1, await _leftovers.RemoveAsync(_ => { }, CancellationToken.None));
        Assert.True(await ScalarAsync("select to_regclass('org_main.freshs') is null") is true);
        Assert.Equal(1, await ColumnsAsync("more"));
    }

    /// <summary>Publishes an entity more, too, and loses the connection in the middle; somebody else has the lock before it can be tidied up.</summary>
    private async Task BreakOffAsync(Xrm.Metadata.Source.PackageFiles package, string field)
    {
        await using var other = await _test.Database.OpenAsync(CancellationToken.None);
        var more = new PackageBuilder("more").Entity("fresh", field).Files();
        Task? takes = null;
        var request = new PublishRequest([package, more], new HashSet<string>(), null, Caller.System);
        await Assert.ThrowsAsync<XrmException>(() => _publisher.PublishAsync(request, [async (step, ct) =>
        {
            takes = new NpgsqlCommand(TakeLock, other).ExecuteNonQueryAsync(ct);
            await ExecuteAsync($"select pg_terminate_backend({step.Transaction.Connection!.ProcessID})");
            await takes;
            await using var command = new NpgsqlCommand("select 1", step.Transaction.Connection, step.Transaction);
            await command.ExecuteNonQueryAsync(ct);
        }], _ => { }, CancellationToken.None));
        await new NpgsqlCommand("select pg_advisory_unlock_all()", other).ExecuteNonQueryAsync();
    }

    private static Xrm.Metadata.Source.PackageFiles Package(params string[] fields) => new PackageBuilder().Entity("other").Entity("sample", fields).Files();

    private static PublishRequest Request(Xrm.Metadata.Source.PackageFiles package, params string[] drop) => new([package], drop.ToHashSet(), null, Caller.System);

    private Task<PublishResult> PublishAsync(Xrm.Metadata.Source.PackageFiles package, string? drop = null, params Func<PublishStep, CancellationToken, Task>[] hooks) =>
        _publisher.PublishAsync(Request(package, drop is null ? [] : [drop]), hooks, _ => { }, CancellationToken.None);

    private Task<object?> ColumnsAsync(string name) => ScalarAsync($"select count(*) from pg_attribute where attrelid = 'org_main.samples'::regclass and attname = '{name}'");

    private Task ExecuteAsync(string sql) => ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await _test.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is var value && value is long number ? (int)number : value;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
