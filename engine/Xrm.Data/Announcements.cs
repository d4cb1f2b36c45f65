using System.Collections.Concurrent;
using Npgsql;

namespace Xrm.Data;

/// <summary>What processes tell each other by LISTEN and NOTIFY, heard on one connection for all organisations of this process.</summary>
/// <param name="database">The database of any organisation.</param>
public sealed class Announcements(Database database)
{
    /// <summary>The channel; the payload is the schema in which something has changed, that of the catalogue where it is the organisations themselves.</summary>
    public const string Channel = "xrm_model";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Ends at the next announcement for a schema, and when announcements may have been lost. Ask for it before looking at what may change.</summary>
    /// <param name="schema">The schema.</param>
    public Task NextOf(string schema) => _waiting.GetOrAdd(schema, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells those of this process, and by <see cref="Channel"/> those of others, that the organisations have changed.</summary>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task OrganisationsChangedAsync(CancellationToken ct)
    {
        Ring(Database.Catalogue);
        await database.ExecuteAsync("select pg_notify(@Channel, @Catalogue)", new { Channel, Database.Catalogue }, ct);
    }

    /// <summary>Listens until the connection is lost or the token is cancelled; call it again after a loss. It never ends without an exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        connection.Notification += (_, announced) => Ring(announced.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        try
        {
            // Whatever was announced before this was not heard.
            foreach (var schema in _waiting.Keys) Ring(schema);
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                await connection.WaitAsync(LongestSilence, ct);
            }
        }
        finally
        {
            // Whoever gets the connection next does not listen.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var unlisten = new NpgsqlCommand($"unlisten {Channel}", connection);
                await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private void Ring(string schema)
    {
        if (_waiting.TryRemove(schema, out var waiting)) waiting.TrySetResult();
    }
}
