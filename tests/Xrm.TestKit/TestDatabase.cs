using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Xrm.Data;
using Xrm.Data.Catalogue;

namespace Xrm.TestKit;

/// <summary>
/// A database for one test class: <c>class MyTests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;</c>, or
/// <c>await using var database = await TestDatabase.CreateAsync();</c> for one test. It has the engine's own tables and nothing else,
/// and is dropped at the end.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime, IAsyncDisposable
{
    private static int s_count;
    private string _name = "";
    private string _server = "";

    /// <summary>The database.</summary>
    public Database Database { get; private set; } = null!;

    /// <summary>How to connect to it.</summary>
    public string ConnectionString => Database.ConnectionString;

    /// <summary>A new database.</summary>
    public static Task<TestDatabase> CreateAsync() => CreateAsync("engine", _ => Task.CompletedTask);

    /// <summary>A new database that is a copy of a prepared one, which the first caller pays for.</summary>
    /// <param name="preparation">Names the preparation; must change whenever <paramref name="prepare"/> would give another result (builds of the calling assembly count by themselves).</param>
    /// <param name="prepare">Fills a database that has the engine's own tables.</param>
    public static async Task<TestDatabase> CreateAsync(string preparation, Func<Database, Task> prepare)
    {
        var database = new TestDatabase();
        await database.CreateFromAsync(preparation, prepare);
        return database;
    }

    /// <inheritdoc/>
    Task IAsyncLifetime.InitializeAsync() => CreateFromAsync("engine", _ => Task.CompletedTask);

    /// <inheritdoc/>
    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>Drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await using var connection = await OpenServerAsync();
        await ExecuteAsync(connection, $"drop database if exists {_name} with (force)");
    }

    private async Task CreateFromAsync(string preparation, Func<Database, Task> prepare)
    {
        _server = await TestServer.ConnectionStringAsync();
        var template = TemplateName(preparation, prepare);
        _name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        await using var connection = await OpenServerAsync();
        await ExecuteAsync(connection, $"select pg_advisory_lock(hashtext('{template}'))");
        await using (var exists = new NpgsqlCommand($"select exists (select from pg_database where datname = '{template}')", connection))
            if (await exists.ExecuteScalarAsync() is not true) await MakeTemplateAsync(connection, template, prepare);
        await ExecuteAsync(connection, $"select pg_advisory_unlock(hashtext('{template}'))");
        await ExecuteAsync(connection, $"create database {_name} template {template}");
        Database = new Database(With(_name, pooling: true));
    }

    /// <summary>Made under another name first, so that a killed process leaves no half template.</summary>
    private async Task MakeTemplateAsync(NpgsqlConnection connection, string template, Func<Database, Task> prepare)
    {
        await ExecuteAsync(connection, $"drop database if exists {template}_new with (force)");
        await ExecuteAsync(connection, $"create database {template}_new");
        await using (var database = new Database(With($"{template}_new", pooling: false)))
        {
            await new Migrations(database).ApplyAsync(CancellationToken.None);
            await prepare(database);
        }
        await ExecuteAsync(connection, $"alter database {template}_new rename to {template}");
    }

    /// <summary>Worktrees and builds share the server: a template belongs to exactly the code that made it.</summary>
    private static string TemplateName(string preparation, Func<Database, Task> prepare)
    {
        var builds = $"{preparation} {typeof(Database).Module.ModuleVersionId} {prepare.Method.Module.ModuleVersionId}";
        return $"template_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(builds)))[..16]}";
    }

    private string With(string database, bool pooling) => new NpgsqlConnectionStringBuilder(_server) { Database = database, Pooling = pooling, MaxPoolSize = 20 }.ConnectionString;

    private async Task<NpgsqlConnection> OpenServerAsync()
    {
        var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
