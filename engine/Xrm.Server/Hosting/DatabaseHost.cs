using Xrm.Data.Embedded;
using Xrm.Server.Commands;

namespace Xrm.Server.Hosting;

/// <summary>The database that a verb works on: one that somebody runs, or the embedded one, started and stopped with this process.</summary>
internal sealed class DatabaseHost : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;

    private DatabaseHost(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        _embedded = embedded;
    }

    /// <summary>Npgsql connection string; contains the password.</summary>
    public string ConnectionString { get; }

    /// <summary>The embedded database, which lies in the data directory.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <summary>Where the data lies, for people.</summary>
    public string Description => _embedded is null ? "the given database" : $"embedded PostgreSQL in {_embedded.Folder}";

    /// <summary>Makes the database reachable.</summary>
    /// <param name="settings">Which database.</param>
    /// <param name="log">Takes lines about what happens.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="CommandFailedException">The embedded database cannot be started.</exception>
    public static async Task<DatabaseHost> OpenAsync(ConnectionSettings settings, Action<string> log, CancellationToken ct)
    {
        if (settings.Database is { Length: > 0 } given) return new DatabaseHost(given, null);
        try
        {
            var embedded = await EmbeddedPostgres.StartAsync(settings.DataDirectory, log, ct);
            return new DatabaseHost(embedded.ConnectionString, embedded);
        }
        catch (EmbeddedPostgresException exception)
        {
            throw new CommandFailedException(ExitCodes.Unavailable, exception.Message, exception);
        }
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
