using Dapper;

namespace Xrm.Data.Jobs;

/// <summary>Work that all nodes together do again and again, one of them at a time.</summary>
public sealed class RecurringWork(Database database)
{
    /// <summary>First half of the advisory lock's key; the other half is the work of that organisation.</summary>
    private const int LockKey = 0x58_52_4D_02;

    private static readonly TimeSpan WhileElsewhere = TimeSpan.FromMinutes(1);

    private readonly string _table = $"\"{database.Schema}\"._recurring_work";

    /// <summary>Does the work where it is due and no other node is doing it.</summary>
    /// <param name="name">Names the work; unique in the organisation.</param>
    /// <param name="interval">Time from the end of one run to the next. A run that fails, too, is followed by a pause; one whose node dies is not.</param>
    /// <param name="work">The work.</param>
    /// <param name="ct">Cancels the work; then it is due again at once.</param>
    /// <returns>Time until it is worth asking again.</returns>
    public async Task<TimeSpan> RunIfDueAsync(string name, TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        // The lock belongs to the connection and not to a transaction, which would hold back the cleaning of tables for as long as the work takes.
        await using var connection = await database.OpenAsync(ct);
        var key = $"{database.Schema}/{name}";
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_lock({LockKey}, hashtext(@key))", new { key }, cancellationToken: ct)))
            return interval < WhileElsewhere ? interval : WhileElsewhere;
        try
        {
            await connection.ExecuteAsync(new CommandDefinition($"insert into {_table} (name) values (@name) on conflict do nothing", new { name }, cancellationToken: ct));
            var due = await connection.ExecuteScalarAsync<TimeSpan>(new CommandDefinition($"select next_run_at - now() from {_table} where name = @name", new { name }, cancellationToken: ct));
            // Never longer than the interval: it may have been shortened since.
            if (due > TimeSpan.Zero && due <= interval) return due;
            try
            {
                await work(ct);
            }
            finally
            {
                if (!ct.IsCancellationRequested)
                    await connection.ExecuteAsync(new CommandDefinition($"update {_table} set next_run_at = now() + @interval where name = @name", new { name, interval }, cancellationToken: ct));
            }
            return interval;
        }
        finally
        {
            await connection.ExecuteAsync(new CommandDefinition($"select pg_advisory_unlock({LockKey}, hashtext(@key))", new { key }, cancellationToken: CancellationToken.None));
        }
    }
}
