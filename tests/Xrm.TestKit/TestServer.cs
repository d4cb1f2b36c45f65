using Npgsql;
using Xrm.Data.Embedded;

namespace Xrm.TestKit;

/// <summary>
/// The PostgreSQL server that all tests of this machine share: the one that XRM_TEST_DATABASE names, or an embedded one in the
/// temporary folder, which stops when the last test process ends.
/// </summary>
internal static class TestServer
{
    /// <summary>Nothing in it is worth a wait for the disk.</summary>
    private const string Settings = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 128MB\n";

    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Connection string of an administrator.</summary>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        var connectionString = Environment.GetEnvironmentVariable("XRM_TEST_DATABASE");
        if (string.IsNullOrEmpty(connectionString))
        {
            var folder = Path.Combine(Path.GetTempPath(), $"xrm-tests-{Environment.UserName}");
            var server = await EmbeddedPostgres.StartAsync(folder, Settings, Console.WriteLine, CancellationToken.None);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.StopNow();
            connectionString = server.ConnectionString;
        }
        await DropLeftoversAsync(connectionString);
        return connectionString;
    }

    /// <summary>Databases of test processes that were killed.</summary>
    private static async Task DropLeftoversAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var list = new NpgsqlCommand("select datname from pg_database where datname ~ '^test_[0-9]+_'", connection))
        await using (var reader = await list.ExecuteReaderAsync())
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        var living = System.Diagnostics.Process.GetProcesses().Select(process => process.Id).ToHashSet();
        foreach (var name in names.Where(name => !living.Contains(int.Parse(name.Split('_')[1]))))
            await new NpgsqlCommand($"drop database if exists {name} with (force)", connection).ExecuteNonQueryAsync();
    }
}
