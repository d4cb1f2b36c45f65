using Dapper;
using Npgsql;

namespace Xrm.Data.Jobs;

/// <summary>When schedules run next, for all nodes together.</summary>
public sealed class ScheduleStore(Database database)
{
    private readonly string _table = $"\"{database.Schema}\"._recurring_work";

    /// <summary>Takes a schedule where it is due and no other node takes it; the lock lasts as long as the transaction.</summary>
    /// <param name="transaction">The transaction, which also holds what becomes of it.</param>
    /// <param name="name">Name of the schedule.</param>
    /// <param name="utcNow">The present.</param>
    /// <param name="next">When it runs after the present: from then on it is due again.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task<bool> TakeAsync(NpgsqlTransaction transaction, string name, DateTime utcNow, DateTime next, CancellationToken ct)
    {
        var key = $"schedule:{name}";
        await ExecuteAsync($"insert into {_table} (name, next_run_at) values (@key, @next) on conflict do nothing");
        var due = await transaction.Connection!.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition($"select next_run_at from {_table} where name = @key for update skip locked", new { key }, transaction, cancellationToken: ct));
        if (due is null) return false;
        // Not later than the schedule says now: it may have been changed since.
        if (due <= utcNow || due > next) await ExecuteAsync($"update {_table} set next_run_at = @next where name = @key");
        return due <= utcNow;

        Task ExecuteAsync(string text) => transaction.Connection!.ExecuteAsync(new CommandDefinition(text, new { key, next }, transaction, cancellationToken: ct));
    }
}
