using System.Collections.Frozen;
using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Publishing;

public sealed class PublisherTests : IAsyncLifetime
{
    private readonly List<string> _progress = [];
    private TestDatabase _test = null!;
    private CurrentModel _current = null!;
    private Publisher _publisher = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.CreateAsync();
        (_publisher, _current) = Node();
        await _current.LoadAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Package_comes_into_force_with_its_tables_and_is_loaded_at_the_next_start()
    {
        var result = await PublishAsync(Sample("code"));
        Assert.Empty(result.Plan.Problems);
        Assert.NotNull(_current.Value.Model.FindEntity("sample"));
        await ExecuteAsync("select code from org_main.samples");

        var (_, other) = Node();
        await other.LoadAsync(CancellationToken.None);
        Assert.Equal(result.Version, other.Value.Version);
        Assert.NotNull(other.Value.Model.FindEntity("sample")!.FindField("code"));
    }

    [Fact]
    public async Task Package_that_is_in_force_already_makes_no_new_version()
    {
        var first = await PublishAsync(Sample("code"));
        var second = await PublishAsync(Sample("code"));
        Assert.True(second.Plan.IsEmpty);
        Assert.Equal(first.Version, second.Version);
    }

    [Fact]
    public async Task A_new_build_of_the_engine_confirms_what_it_would_make_just_so()
    {
        var store = new PackageStore(_test.Database);
        await PublishAsync(Sample("code"));
        await ExecuteAsync("update org_main._model_version set summary = jsonb_set(summary, '{engine}', '\"older\"')");
        Assert.Equal("older", await store.BuildInForceAsync(CancellationToken.None));
        var confirmed = await PublishAsync(Sample("code"));
        Assert.True(confirmed.Plan.IsEmpty);
        Assert.Equal(PackageStore.EngineBuild, await store.BuildInForceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Other_packages_stay_in_force()
    {
        await PublishAsync(Sample("code"));
        await PublishAsync(new PackageBuilder("second").Entity("other").Files());
        Assert.NotNull(_current.Value.Model.FindEntity("sample"));
        Assert.NotNull(_current.Value.Model.FindEntity("other"));
    }

    [Fact]
    public async Task Removed_package_is_hidden_and_comes_back_with_its_records()
    {
        await PublishAsync(Sample("code"));
        var other = Package("other", "sample", ("extensions/sample.json", """{ "entity": "sample", "fields": [ { "name": "extra", "type": "text" } ] }"""),
            ("entities/thing.json", """{ "name": "thing", "plural": "things", "primary": "title", "fields": [ { "name": "title", "type": "text" } ] }"""));
        await PublishAsync(other);
        await ExecuteAsync("insert into org_main.things (id, version, created_at, modified_at, title) values (gen_random_uuid(), 1, now(), now(), 'kept')");

        var plan = await _publisher.PlanAsync(Removing("other"), CancellationToken.None);
        Assert.Equal(("other", PackageState.Removed), (Assert.Single(plan.Packages).Name, plan.Packages[0].State));
        Assert.Contains("Hide thing and keep its records.", plan.Changes.Select(change => change.Sentence));
        Assert.Contains("Hide sample.extra and keep its values.", plan.Changes.Select(change => change.Sentence));
        Assert.NotNull(_current.Value.Model.FindEntity("thing"));

        Assert.NotNull((await _publisher.PublishAsync(Removing("other"), [], _progress.Add, CancellationToken.None)).Version);
        Assert.Null(_current.Value.Model.FindEntity("thing"));
        var (_, fresh) = Node();
        await fresh.LoadAsync(CancellationToken.None);
        Assert.Equal(["sample"], fresh.Value.Model.Packages.Select(package => package.Manifest.Name));

        await PublishAsync(other);
        Assert.Equal("kept", await ScalarAsync("select title from org_main.things"));
    }

    [Fact]
    public async Task Removed_package_loses_its_records_where_this_is_asked_for_by_name()
    {
        await PublishAsync(Sample("code"));
        var result = await _publisher.PublishAsync(Removing("sample") with { Drop = new HashSet<string> { "sample" } }, [], _progress.Add, CancellationToken.None);
        Assert.Empty(result.Plan.Problems);
        Assert.True(await ScalarAsync("select to_regclass('org_main.samples') is null") is true);
    }

    [Fact]
    public async Task Package_that_others_need_is_not_removed_without_them()
    {
        await PublishAsync(Sample("code"));
        await PublishAsync(Package("other", "sample", ("views/sample.mine.json", """{ "name": "sample.mine", "entity": "sample" }""")));
        var result = await _publisher.PublishAsync(Removing("sample"), [], _progress.Add, CancellationToken.None);
        var problem = Assert.Single(result.Plan.Problems);
        Assert.Equal(("remove_needed", "other", "manifest.json", "$.dependsOn.sample"), (problem.Code, problem.Location.Package, problem.Location.File, problem.Location.Path));
        Assert.NotNull(_current.Value.Model.FindEntity("sample"));
        Assert.NotNull((await _publisher.PublishAsync(Removing("sample", "other"), [], _progress.Add, CancellationToken.None)).Version);
    }

    [Fact]
    public async Task Starter_rows_of_packages_in_force_are_checked_against_a_change_after_a_restart_too()
    {
        await PublishAsync(Sample("code"));
        await PublishAsync(Package("rows", "sample", ("data/sample.json", """{ "entity": "sample", "key": ["code"], "rows": [ { "title": "one", "code": "A" } ] }""")));
        var (restarted, current) = Node();
        await current.LoadAsync(CancellationToken.None);
        var plan = await restarted.PlanAsync(Request(Sample("more")), CancellationToken.None);
        Assert.Contains(plan.Problems, problem => problem.Location is { Package: "rows", File: "data/sample.json", Line: > 0 });
    }

    [Theory]
    [InlineData("smaple", "remove_unknown", "Did you mean sample?")]
    [InlineData("sample", "remove_published", "Do one of the two.")]
    public async Task Removal_that_makes_no_sense_is_refused(string name, string code, string remedy)
    {
        await PublishAsync(Sample("code"));
        var plan = await _publisher.PlanAsync(Request(Sample("code")) with { Remove = new HashSet<string> { name } }, CancellationToken.None);
        Assert.Equal((code, remedy), (Assert.Single(plan.Problems).Code, plan.Problems[0].Remedy));
    }

    [Fact]
    public async Task Package_with_mistakes_changes_nothing_and_reports_all()
    {
        await PublishAsync(Sample("code"));
        var wrong = new PackageBuilder().Entity("sample", """{ "name": "a", "type": "nothing" }""", """{ "name": "b", "type": "lookup", "target": "nobody" }""").Files();
        var result = await PublishAsync(wrong);
        Assert.Null(result.Version);
        Assert.True(result.Plan.Problems.Length >= 2);
        Assert.NotNull(_current.Value.Model.FindEntity("sample")!.FindField("code"));
        Assert.Equal(1, await ScalarAsync("select count(*) from org_main._model_version"));
    }

    [Fact]
    public async Task Formula_over_a_field_of_a_package_that_is_no_dependency_is_refused()
    {
        await PublishAsync(Sample("code"));
        await PublishAsync(Package("middle", "sample", ("extensions/sample.json", """{ "entity": "sample", "fields": [ { "name": "extra", "type": "text" } ] }""")));
        var view = ("views/sample.mine.json", """{ "name": "sample.mine", "entity": "sample", "filter": "code == extra" }""");
        var problem = Assert.Single((await PublishAsync(Package("mine", "sample", view))).Plan.Problems);
        Assert.Equal(("dependency_undeclared", "views/sample.mine.json", "$.filter"), (problem.Code, problem.Location.File, problem.Location.Path));
        Assert.Empty((await PublishAsync(Package("mine", "middle", view))).Plan.Problems);
    }

    [Theory]
    [InlineData("subject", "{{code}} {{titel}}")]
    [InlineData("body", "{{#if created_by.nothing}}x{{/if}}")]
    public async Task Placeholder_that_names_no_field_is_refused_where_it_stands(string property, string text)
    {
        var mail = $$"""{ "name": "tell", "type": "email", "to": "code", "subject": "{{(property == "subject" ? text : "")}}", "body": "{{(property == "body" ? text : "")}}" }""";
        var package = new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text" }""")
            .File("workflows/w.json", $$"""
                { "name": "w", "entity": "sample", "trigger": { "on": ["create"] },
                  "steps": [ {{mail}} ] }
                """).Files();
        var problem = Assert.Single((await PublishAsync(package)).Plan.Problems);
        Assert.StartsWith("formula_", problem.Code);
        Assert.Equal(("workflows/w.json", $"$.steps[0].{property}", 2), (problem.Location.File, problem.Location.Path, problem.Location.Line));
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public async Task Package_in_a_folder_of_another_name_is_refused_where_its_name_stands()
    {
        await PublishAsync(Sample("code"));
        var problem = Assert.Single((await PublishAsync(Sample("code") with { Name = "sample-copy" })).Plan.Problems);
        Assert.Equal("folder_name_wrong", problem.Code);
    }

    [Fact]
    public async Task Publish_whose_connection_is_killed_leaves_the_old_version_in_force()
    {
        await PublishAsync(Sample("code"));
        var version = _current.Value.Version;
        var exception = await Assert.ThrowsAsync<XrmException>(() => PublishAsync(Sample("more"), async (step, ct) =>
        {
            await ExecuteAsync($"select pg_terminate_backend({step.Transaction.Connection!.ProcessID})");
            await using var command = new NpgsqlCommand("select 1", step.Transaction.Connection, step.Transaction);
            await command.ExecuteNonQueryAsync(ct);
        }));
        Assert.Equal("database_unavailable", exception.Code);
        await AssertOnlyFirstIsInForceAsync(version);
    }

    [Fact]
    public async Task Publish_whose_hook_fails_leaves_everything_as_it_was()
    {
        await PublishAsync(Sample("code"));
        var version = _current.Value.Version;
        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(Sample("more"), (_, _) => throw new InvalidOperationException("A test of the package fails.")));
        await AssertOnlyFirstIsInForceAsync(version);
    }

    [Fact]
    public async Task Of_two_publishes_at_once_one_wins_and_the_other_is_told()
    {
        var (other, _) = Node();
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var first = PublishAsync(Sample("code"), async (_, _) =>
        {
            inside.SetResult();
            await goOn.Task;
        });
        await inside.Task;
        var told = await Assert.ThrowsAsync<XrmException>(() => other.PublishAsync(Request(Sample("more")), [], _progress.Add, CancellationToken.None));
        Assert.Equal(("publish_in_progress", 409), (told.Code, told.Status));
        goOn.SetResult();
        Assert.NotNull((await first).Version);
    }

    [Fact]
    public async Task Publish_from_an_old_version_is_a_conflict()
    {
        var first = await PublishAsync(Sample("code"));
        await PublishAsync(Sample("more"));
        var told = await Assert.ThrowsAsync<XrmException>(() =>
            _publisher.PublishAsync(Request(Sample("third")) with { BaseVersion = first.Version }, [], _progress.Add, CancellationToken.None));
        Assert.Equal(("version_conflict", 409), (told.Code, told.Status));
    }

    [Fact]
    public async Task Publish_waits_for_others_to_leave_a_table_without_keeping_them_waiting()
    {
        await PublishAsync(Sample("code"));
        await using var connection = await _test.Database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("select count(*) from org_main.samples", connection, transaction)) await read.ExecuteScalarAsync();
        var attempts = new SemaphoreSlim(0);
        var publish = _publisher.PublishAsync(Request(Sample("more")), [], line =>
        {
            if (line.Contains("in use", StringComparison.Ordinal)) attempts.Release();
        }, CancellationToken.None);
        for (var attempt = 0; attempt < 5; attempt++) Assert.True(await attempts.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.False(publish.IsCompleted);
        await transaction.CommitAsync();
        Assert.NotNull((await publish).Version);
    }

    [Fact]
    public async Task Other_node_is_told_and_takes_over()
    {
        var (_, other) = Node();
        using var end = new CancellationTokenSource();
        var watch = Watch(other, end.Token);
        var result = await PublishAsync(Sample("code"));
        await UntilAtAsync(other, result.Version);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    private Task Watch(CurrentModel current, CancellationToken ct)
    {
        var announcements = new Announcements(_test.Database);
        return Task.WhenAll(announcements.RunAsync(ct), new ModelWatch(announcements, _test.Database, current, new RuleSwitches(_test.Database)).RunAsync(ct));
    }

    [Fact]
    public async Task Deferred_index_is_built_later_and_a_broken_one_is_replaced()
    {
        await PublishAsync(Sample("code"));
        await ExecuteAsync("insert into org_main.samples (id, version, created_at, modified_at, title, code) select gen_random_uuid(), 1, now(), now(), 'same', 'same' from generate_series(1, 50001)");
        await PublishAsync(new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text", "index": true }""").Files());
        Assert.Equal(0, await ScalarAsync("select count(*) from pg_indexes where indexname = 'samples.code.idx'"));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("create unique index concurrently \"samples.code.idx\" on org_main.samples (code)"));

        var store = new PackageStore(_test.Database);
        var builds = new IndexBuilds(_test.Database, store, _current);
        Assert.True(await store.HasAllIndexesAsync(_current.Value.Version - 1, CancellationToken.None));
        Assert.False(await store.HasAllIndexesAsync(_current.Value.Version, CancellationToken.None));
        Assert.Equal(1, await builds.RunAsync(_progress.Add, CancellationToken.None));
        Assert.Equal(0, await builds.RunAsync(_progress.Add, CancellationToken.None));
        Assert.True(await store.HasAllIndexesAsync(_current.Value.Version, CancellationToken.None));
        Assert.True(await ScalarAsync("select indisvalid and not indisunique from pg_index where indexrelid = 'org_main.\"samples.code.idx\"'::regclass") is true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statement_that_was_prepared_before_a_column_grew_works_on(bool isOtherNode)
    {
        await PublishAsync(new PackageBuilder().Entity("sample", """{ "name": "price", "type": "decimal", "precision": 10 }""").Files());
        await using var database = new Database(_test.ConnectionString);
        var (publisher, _) = isOtherNode ? Node(database) : (_publisher, _current);
        using var end = new CancellationTokenSource();
        var watch = Watch(_current, end.Token);
        for (var i = 0; i < 10; i++) await ExecuteAsync("select price from org_main.samples");
        var wider = new PackageBuilder().Entity("sample", """{ "name": "price", "type": "decimal", "precision": 12 }""").Files();
        var result = await publisher.PublishAsync(Request(wider), [], _progress.Add, CancellationToken.None);
        await UntilAtAsync(_current, result.Version);
        // It renews connections in the same breath, and ends only after that.
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        await ExecuteAsync("select price from org_main.samples");
    }

    [Fact]
    public async Task A_publish_that_changes_no_type_keeps_connections_and_packages_that_it_does_not_replace()
    {
        await PublishAsync(Sample("code"));
        await PublishAsync(new PackageBuilder("second").Entity("other").Files());
        var (backend, package) = (await ScalarAsync("select pg_backend_pid()"), _current.Value.Model.Packages.Single(package => package.Manifest.Name == "second"));
        await PublishAsync(Sample("more"));
        Assert.Equal(backend, await ScalarAsync("select pg_backend_pid()"));
        Assert.Same(package, _current.Value.Model.Packages.Single(package => package.Manifest.Name == "second"));
    }

    private static PackageFiles Sample(string field) => new PackageBuilder().Entity("sample", $$"""{ "name": "{{field}}", "type": "text" }""").Files();

    private static PackageFiles Package(string name, string dependsOn, params (string Path, string Content)[] files) =>
        files.Aggregate(new PackageBuilder(name).File("manifest.json", $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0", "dependsOn": { "{{dependsOn}}": "^1.0" } }"""),
            (package, file) => package.File(file.Path, file.Content)).Files();

    private static PublishRequest Request(PackageFiles package) => new([package], FrozenSet<string>.Empty, null, Caller.System);

    private static PublishRequest Removing(params string[] names) => new([], FrozenSet<string>.Empty, null, Caller.System) { Remove = names.ToHashSet() };

    private static async Task UntilAtAsync(CurrentModel current, long? version)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!IsAt(current, version)) await Task.Delay(20, limit.Token);
    }

    private static bool IsAt(CurrentModel current, long? version)
    {
        try
        {
            return current.Value.Version == version;
        }
        catch (XrmException)
        {
            return false;
        }
    }

    private Task<PublishResult> PublishAsync(PackageFiles package, params Func<PublishStep, CancellationToken, Task>[] hooks) =>
        _publisher.PublishAsync(Request(package), hooks, _progress.Add, CancellationToken.None);

    private (Publisher, CurrentModel) Node() => Node(_test.Database);

    private static (Publisher, CurrentModel) Node(Database database)
    {
        var store = new PackageStore(database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var current = new CurrentModel(loader);
        return (new Publisher(database, store, loader, current), current);
    }

    private async Task AssertOnlyFirstIsInForceAsync(long version)
    {
        Assert.Equal(version, _current.Value.Version);
        var (_, fresh) = Node();
        await fresh.LoadAsync(CancellationToken.None);
        Assert.Equal(version, fresh.Value.Version);
        await ExecuteAsync("select code from org_main.samples");
        Assert.Equal(0, await ScalarAsync("select count(*) from pg_attribute where attrelid = 'org_main.samples'::regclass and attname = 'more'"));
    }

    private Task ExecuteAsync(string sql) => ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await _test.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is var value && value is long number ? (int)number : value;
    }
}
