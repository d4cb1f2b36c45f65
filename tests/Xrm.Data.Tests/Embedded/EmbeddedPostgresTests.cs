using System.Diagnostics;
using Npgsql;
using Xrm.Data.Embedded;

namespace Xrm.Data.Tests.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xrm-").FullName;
    private readonly List<string> _log = [];

    public EmbeddedPostgresTests()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Server_is_made_started_used_and_stopped()
    {
        var server = await StartAsync();
        await ExecuteAsync(server, "create table kept (x int)");
        var process = ProcessId(server);
        await server.DisposeAsync();
        await WaitUntilAsync(() => HasEnded(process));

        await using var again = await StartAsync();
        await ExecuteAsync(again, "select x from kept");
    }

    [Fact]
    public async Task Second_process_joins_the_server_and_does_not_stop_it()
    {
        await using var first = await StartAsync();
        var second = await StartAsync();
        Assert.Equal(first.ConnectionString, second.ConnectionString);
        await second.DisposeAsync();
        await ExecuteAsync(first, "select 1");
    }

    [Fact]
    public async Task Server_that_was_killed_recovers_with_all_that_was_committed()
    {
        var server = await StartAsync();
        await ExecuteAsync(server, "create table kept as select 1 as x");
        using (var process = Process.GetProcessById(ProcessId(server))) process.Kill();
        NpgsqlConnection.ClearAllPools();
        await WaitUntilAsync(() => PostmasterFile.ReadLive(Path.Combine(server.Folder, "data")) is null);

        await using var again = await StartAsync();
        Assert.Equal(1, await ScalarAsync(again, "select x from kept"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Server_that_a_killed_process_left_behind_is_used_on_and_stopped_at_the_end()
    {
        // What a killed process leaves: the server, and no lock.
        var orphan = await StartAsync();
        var process = ProcessId(orphan);
        orphan.ForgetForTest();

        var adopted = await StartAsync();
        Assert.Equal(process, ProcessId(adopted));
        await adopted.DisposeAsync();
        await WaitUntilAsync(() => HasEnded(process));
    }

    [Fact]
    public async Task Stale_pid_file_that_names_a_foreign_process_does_not_hinder_the_start()
    {
        var server = await StartAsync();
        var pidFile = Path.Combine(server.Folder, "data", "postmaster.pid");
        await server.DisposeAsync();
        await File.WriteAllTextAsync(pidFile, $"{Environment.ProcessId}\n{server.Folder}/data\n0\n5432\n{server.Folder}\n");
        await using var again = await StartAsync();
        await ExecuteAsync(again, "select 1");
    }

    [Fact]
    public async Task Interrupted_creation_is_begun_anew()
    {
        var home = Path.Combine(_folder, "postgres");
        Directory.CreateDirectory(Path.Combine(home, "data.new"));
        await File.WriteAllTextAsync(Path.Combine(home, "data.new", "PG_VERSION"), "18");
        await using var server = await StartAsync();
        await ExecuteAsync(server, "select 1");
    }

    [Fact]
    public async Task Root_is_told_of_another_place_where_the_unprivileged_user_cannot_reach_the_wanted_one()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var server = await StartAsync();
        Assert.StartsWith("/var/tmp/xrm-", server.Folder);
        Assert.Contains(_log, line => line.Contains(server.Folder));
        await ExecuteAsync(server, "select 1");
        await server.DisposeAsync();
        Directory.Delete(server.Folder, recursive: true);
    }

    [Fact]
    public async Task Upper_and_lower_case_of_all_letters_are_known()
    {
        await using var server = await StartAsync();
        Assert.Equal("ärger жук", await ScalarAsync(server, "select lower('ÄRGER ЖУК')"));
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(_folder, "fsync = off\n", _log.Add, CancellationToken.None);

    private static int ProcessId(EmbeddedPostgres server) => PostmasterFile.ReadLive(Path.Combine(server.Folder, "data"))!.ProcessId;

    private static bool HasEnded(int process)
    {
        try
        {
            return Process.GetProcessById(process).HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition()) await Task.Delay(25, limit.Token);
    }

    private static Task ExecuteAsync(EmbeddedPostgres server, string sql) => ScalarAsync(server, sql);

    private static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
