using Npgsql;
using Xrm.Data.Errors;

namespace Xrm.Data.Schema;

/// <summary>
/// Transactions that change tables in use. Who waits for a table to be left keeps all others out who come after, so that such a step waits for a
/// moment only, gives up, and tries again.
/// </summary>
/// <param name="schema">Schema of the organisation.</param>
internal sealed class ShortLocks(string schema)
{
    /// <summary>For locks that others do not feel, and for rows.</summary>
    public const string Patient = "set local lock_timeout = '2s'";

    /// <summary>Attempts, about half a minute of them, where each hinders others for a moment only.</summary>
    public const int Many = 40;

    /// <summary>Attempts where each may hold others up, or where nothing depends on the success.</summary>
    public const int Few = 8;

    /// <summary>For tables that others use, who would have to wait behind the one who waits.</summary>
    public const string Impatient = "set local lock_timeout = '50ms'";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly SchemaSql _sql = new(schema);

    /// <summary>Runs work in a transaction; once more where it met a lock.</summary>
    /// <typeparam name="T">What it gives back.</typeparam>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="attempts">How often to try.</param>
    /// <param name="work">The work, which commits at its end.</param>
    /// <param name="progress">Told of each new attempt.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="XrmException">503 <c>publish_busy</c>: the tables were in use all the time.</exception>
    public static async Task<T> RunAsync<T>(NpgsqlConnection connection, int attempts, Func<NpgsqlTransaction, CancellationToken, Task<T>> work, Action<string> progress, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                return await work(transaction, ct);
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == attempts)
                    throw new XrmException("publish_busy", 503, "The tables are in use by long-running work. Nothing was changed; try again later.", inner: busy);
                progress($"A table is in use; trying again ({attempt} of {attempts - 1}).");
                var pause = TimeSpan.FromMilliseconds(100 * attempt);
                await Task.Delay(pause < LongestPause ? pause : LongestPause, ct);
            }
        }
    }

    /// <summary>Runs statements that change tables, in a transaction that waits patiently for all else afterwards.</summary>
    /// <param name="transaction">The transaction, which has no locks yet that others feel.</param>
    /// <param name="tables">The tables that are changed and that others may use.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="PostgresException"><c>55P03</c>: a table is in use for longer.</exception>
    public async Task ChangeAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> tables, IReadOnlyCollection<string> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { Timeout = 0 };
        Add(Patient);
        // PostgreSQL's own clean-up of a table gives way only to those who wait for it, and longer than a moment.
        if (tables.Count > 0) Add(_sql.LockForChange(tables));
        Add(Impatient);
        foreach (var statement in statements) Add(statement);
        Add(Patient);
        await batch.ExecuteNonQueryAsync(ct);

        void Add(string sql) => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
    }
}
