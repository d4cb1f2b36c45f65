using System.Security.Cryptography;
using Npgsql;

namespace Xrm.Data.Embedded;

/// <summary>
/// A PostgreSQL server of our own: made on first use, started when the first process needs it, stopped when the last one ends.
/// Several processes may use one data folder at a time (a server, and a command beside it). A server that a killed process left
/// behind is used on, not fought.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string UserName = "xrm";
    private const string DatabaseName = "xrm";
    private readonly EmbeddedCluster _cluster;
    private readonly FileStream _usage;
    private int _stopped;

    private EmbeddedPostgres(EmbeddedCluster cluster, FileStream usage, string connectionString)
    {
        _cluster = cluster;
        _usage = usage;
        ConnectionString = connectionString;
    }

    /// <summary>How to connect; contains the password.</summary>
    public string ConnectionString { get; }

    /// <summary>Folder in which the database and its log lie; not always the one asked for (see <see cref="StartAsync(string, Action{string}, CancellationToken)"/>).</summary>
    public string Folder => _cluster.Home;

    /// <summary>Starts the server, or joins the one that runs on the folder already.</summary>
    /// <param name="dataDirectory">Folder for data; made where missing. Where root asks for a folder that an unprivileged user cannot reach, another place is chosen and <paramref name="log"/> told.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="EmbeddedPostgresException">It cannot be started; the message says why and what to do.</exception>
    public static Task<EmbeddedPostgres> StartAsync(string dataDirectory, Action<string> log, CancellationToken ct) =>
        StartAsync(dataDirectory, "", log, ct);

    /// <summary>As above, with lines of <c>postgresql.conf</c> for tests.</summary>
    internal static async Task<EmbeddedPostgres> StartAsync(string dataDirectory, string settings, Action<string> log, CancellationToken ct)
    {
        var user = ServerUser.Find();
        var home = await user.MakeHomeAsync(Path.Combine(Path.GetFullPath(dataDirectory), "postgres"), log, ct);
        // One process at a time starts or stops the server; each one that uses it holds a shared lock, which ends with the process.
        await using var turn = await EmbeddedLock.ExclusiveAsync(Path.Combine(home, "start.lock"), ct);
        var usage = EmbeddedLock.Share(Path.Combine(home, "usage.lock"));
        try
        {
            var cluster = await EmbeddedCluster.OpenAsync(home, user, log, ct);
            var password = await cluster.CreateIfMissingAsync(UserName, NewPassword, ct);
            var server = await cluster.StartIfStoppedAsync(settings, ct);
            var settingsOfConnection = new NpgsqlConnectionStringBuilder
            {
                Host = OperatingSystem.IsWindows() ? "127.0.0.1" : server.SocketFolder,
                Port = server.Port,
                Username = UserName,
                Password = password,
                Database = DatabaseName,
            };
            await CreateDatabaseAsync(settingsOfConnection, ct);
            return new EmbeddedPostgres(cluster, usage, settingsOfConnection.ConnectionString);
        }
        catch
        {
            await usage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops using the server; the last one to do so shuts it down. Open transactions are rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1) return;
        await using var turn = await EmbeddedLock.ExclusiveAsync(Path.Combine(Folder, "start.lock"), CancellationToken.None);
        await _usage.DisposeAsync();
        await using var last = EmbeddedLock.TryExclusive(Path.Combine(Folder, "usage.lock"));
        if (last is not null) await _cluster.StopAsync(CancellationToken.None);
    }

    /// <summary>The same without waiting for the server's last words: for the moment when the process ends.</summary>
    internal void StopNow()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1) return;
        _usage.Dispose();
        using var last = EmbeddedLock.TryExclusive(Path.Combine(Folder, "usage.lock"));
        if (last is not null) _cluster.StopNow();
    }

    /// <summary>What a kill of this process does: the lock is gone, the server lives.</summary>
    internal void ForgetForTest() => _usage.Dispose();

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static async Task CreateDatabaseAsync(NpgsqlConnectionStringBuilder settings, CancellationToken ct)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new EmbeddedPostgresException("The embedded database refuses its own password. The file \"password\" beside its data was lost or changed.", exception);
        }
        await using var exists = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection) { Parameters = { new() { Value = DatabaseName } } };
        if (await exists.ExecuteScalarAsync(ct) is true) return;
        await using var create = new NpgsqlCommand("create database xrm", connection);
        await create.ExecuteNonQueryAsync(ct);
    }
}
