using System.Diagnostics;
using Dapper;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>Tests that are run without a publish, over the API and by the command, beside packages that are in force.</summary>
public sealed class TestVerbTests : IAsyncLifetime
{
    private const string Passes = """{ "name": "A new deal is open", "when": { "create": { "as": "d", "entity": "deal", "values": {} } }, "then": { "records": { "d": { "status": "open" } } } }""";
    private const string Fails = """{ "name": "A new deal is won", "when": { "create": { "as": "d", "entity": "deal", "values": {} } }, "then": { "records": { "d": { "status": "won" } } } }""";
    private const string State = """
        select string_agg(part, ' ' order by part) from (
            select table_name || '.' || column_name || '.' || data_type as part from information_schema.columns where table_schema = 'org_main'
            union all select indexname from pg_indexes where schemaname = 'org_main'
            union all select 'version ' || max(version) from org_main._model_version union all select 'files ' || count(*) from org_main._package_file
            union all select 'deals ' || count(*) from org_main.deals union all select 'events ' || count(*) from org_main._outbox) as parts
        """;
    private TestApplication _server = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("tested", TestedPackage.Files());
        _admin = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Tests_run_over_tables_that_are_not_there_yet_and_leave_nothing_behind()
    {
        var before = await StateAsync();
        var report = await _admin.PostAsync("/api/metadata/test", TestedPackage.Body(TestedPackage.Files(Passes, Fails), Other()));
        Assert.Equal((200, 2, 1), (report.Status, report.Json.GetProperty("passed").GetInt32(), report.Json.GetProperty("failed").GetInt32()));
        var failed = Assert.Single(report.Json.GetProperty("tests").EnumerateArray(), test => !test.GetProperty("passed").GetBoolean());
        Assert.Equal("A new deal is won", failed.GetProperty("name").GetString());
        Assert.Equal("""{"path":"then.records.d.status","subject":"d.status","expected":"\"won\"","got":"\"open\""}""", Assert.Single(failed.GetProperty("differences").EnumerateArray()).GetRawText());
        Assert.Equal(before, await StateAsync());
        Assert.Equal(404, (await _admin.GetAsync("/api/data/papers")).Status);
        Assert.Equal(200, (await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(TestedPackage.Files(Passes), Other()))).Status);
    }

    [Fact]
    public async Task Filter_and_mistakes_of_packages()
    {
        var filtered = await _admin.PostAsync("/api/metadata/test", TestedPackage.Body(TestedPackage.Files(Passes, Fails)).Insert(1, "\"filter\": \"IS OPEN\","));
        Assert.Equal((1, 0), (filtered.Json.GetProperty("passed").GetInt32(), filtered.Json.GetProperty("failed").GetInt32()));
        var wrong = await _admin.PostAsync("/api/metadata/test", TestedPackage.Body(TestedPackage.Files("""{ "name": "x", "when": { "delete": "nobody" }, "then": { "failsOn": "*" } }""")));
        Assert.Equal("test_record_unknown", Assert.Single(wrong.Json.GetProperty("problems").EnumerateArray()).GetProperty("code").GetString());
        var clerk = await _server.ClientAsync("clerk");
        Assert.Equal(403, (await clerk.PostAsync("/api/metadata/test", TestedPackage.Body(TestedPackage.Files(Passes)))).Status);
    }

    [Fact]
    public async Task Command_shows_tests_and_differences_and_says_by_its_exit_code_how_it_went()
    {
        var before = await StateAsync();
        var folder = Write(TestedPackage.Files(Passes, Fails));
        var (code, output) = await RunAsync("test", folder);
        Assert.Equal(1, code);
        Assert.Contains("deals/tests/deal.tests.json\n  ✓ A new deal is open\n  ✗ A new deal is won  (tests/deal.tests.json:2)\n      d.status  expected \"won\"  got \"open\"\n2 tests in ", output, StringComparison.Ordinal);
        Assert.EndsWith(" s: 1 passed, 1 failed.\n", output, StringComparison.Ordinal);
        (code, output) = await RunAsync("test", folder, Write(Other()), "--filter", "open", "--json");
        Assert.Equal(0, code);
        Assert.StartsWith("""{"passed":1,"failed":0,"problems":[],"tests":[{"name":"A new deal is open",""", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("test", folder, "--filter", "nothing like it")).Code);
        Assert.Equal(64, (await RunAsync("test")).Code);
        Assert.Equal(before, await StateAsync());
    }

    private static PackageFiles Other() => new PackageBuilder("papers").Entity("paper")
        .File("tests/paper.tests.json", """{ "tests": [ { "name": "A paper has a title", "when": { "create": { "as": "p", "entity": "paper", "values": { "title": "P" } } }, "then": { "records": { "p": { "title": "P" } } } } ] }""")
        .Files();

    private static string Write(PackageFiles package)
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("xrm-test").FullName, package.Name);
        foreach (var (path, content) in package.Content)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), [.. content]);
        }
        return folder;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Xrm.Server.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XRM_DATABASE"] = _server.Database.ConnectionString;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await Task.WhenAll(process.WaitForExitAsync(), errors);
        return (process.ExitCode, output);
    }

    /// <summary>Tables, indexes, version and records.</summary>
    private async Task<string?> StateAsync()
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteScalarAsync<string>(State);
    }
}
