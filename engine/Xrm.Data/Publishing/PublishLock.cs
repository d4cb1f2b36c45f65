using Npgsql;
using Xrm.Data.Errors;

namespace Xrm.Data.Publishing;

/// <summary>The right to change the tables and packages of an organisation, which one process at a time has. It ends with the connection at the latest.</summary>
internal sealed class PublishLock : IAsyncDisposable
{
    /// <summary>First half of the advisory lock's key; the other half is the organisation's schema.</summary>
    private const int Key = 0x58_52_4D_02;

    /// <summary>Attempts of one second together: clearing away after a publish takes the lock for a moment, and nobody is refused because of that.</summary>
    public const int Impatient = 20;

    /// <summary>Attempts of a minute together.</summary>
    public const int Patient = 1200;

    private readonly NpgsqlConnection _connection;
    private readonly string _schema;

    private PublishLock(NpgsqlConnection connection, string schema) => (_connection, _schema) = (connection, schema);

    /// <summary>Takes it.</summary>
    /// <exception cref="XrmException">409 <c>publish_in_progress</c>: another one has it.</exception>
    public static async Task<PublishLock> TakeAsync(NpgsqlConnection connection, string schema, int attempts, CancellationToken ct) =>
        await TryTakeAsync(connection, schema, attempts, ct)
        ?? throw new XrmException("publish_in_progress", 409, "Somebody else is publishing at this moment. Wait for it to end, look at what has changed, then publish again.");

    /// <summary>Takes it where nobody has it; null otherwise.</summary>
    public static async Task<PublishLock?> TryTakeAsync(NpgsqlConnection connection, string schema, int attempts, CancellationToken ct)
    {
        // Not to be cancelled: a lock that nobody knows to have would stay with the connection.
        for (var attempt = 1; await ExecuteAsync(connection, "pg_try_advisory_lock", schema) is not true; attempt++)
        {
            if (attempt == attempts) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
        return new PublishLock(connection, schema);
    }

    /// <summary>Gives it back; a connection that is broken has done so.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection.State == System.Data.ConnectionState.Open) await ExecuteAsync(_connection, "pg_advisory_unlock", _schema);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string function, string schema)
    {
        await using var command = new NpgsqlCommand($"select {function}({Key}, hashtext($1))", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } };
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
