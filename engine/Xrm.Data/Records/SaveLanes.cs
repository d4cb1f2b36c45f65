using Npgsql;
using Xrm.Data.Sql;

namespace Xrm.Data.Records;

/// <summary>
/// Commits saves that are one statement each: those of many requests that wait for each other in one transaction, since a commit costs
/// about as much as what is saved. Nobody's save is acknowledged before that commit. What goes wrong with one of them undoes them all, and
/// then each goes alone.
/// </summary>
internal sealed class SaveLanes
{
    private const int MostTogether = 32;

    /// <summary>Up to the end of the transaction: nobody waits for long because another of them waits for a lock.</summary>
    private const string SetLockTimeout = "select set_config('lock_timeout', '50ms', true)";

    private readonly Lanes<WaitingSave> _lanes;
    private readonly string _schema;

    /// <param name="schema">Schema of the organisation.</param>
    public SaveLanes(string schema)
    {
        _schema = schema;
        _lanes = new Lanes<WaitingSave>(MostTogether, SaveTogetherAsync);
    }

    /// <summary>Carries out a statement and commits.</summary>
    /// <param name="save">The statement.</param>
    /// <param name="ct">Cancels the statement while it runs alone.</param>
    /// <returns>Its result.</returns>
    public async Task<bool> SaveAsync(WaitingSave save, CancellationToken ct)
    {
        await _lanes.RunAsync(save);
        // Until then the others may be using this one's connection: it stays, however impatient its client.
        return await save.Outcome ?? await AloneAsync(save, ct);
    }

    private async Task<bool> AloneAsync(WaitingSave save, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(save.Connection).Within(save.Limit);
        batch.BatchCommands.Add(save.Statement.ToBatchCommand());
        batch.BatchCommands.Add(ModelFence.Require(_schema, save.Version));
        return (await ResultsAsync(batch, 1, ct))[0];
    }

    private async Task SaveTogetherAsync(List<WaitingSave> saves)
    {
        // In the same order everywhere: two that lock the same records do not wait for each other.
        saves.Sort(static (left, right) => left.Changes.CompareTo(right.Changes));
        try
        {
            var results = await CommitAsync(saves);
            for (var index = 0; index < saves.Count; index++) saves[index].End(results[index]);
        }
        catch (PostgresException refused) when (IsUndone(refused))
        {
            foreach (var save in saves) save.End(null);
        }
        catch (Exception failed)
        {
            foreach (var save in saves) save.Fail(failed);
        }
    }

    private async Task<bool[]> CommitAsync(List<WaitingSave> saves)
    {
        // Without a transaction of its own a batch is one.
        await using var batch = new NpgsqlBatch(saves[0].Connection).Within(saves[0].Limit);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SetLockTimeout));
        foreach (var save in saves) batch.BatchCommands.Add(save.Statement.ToBatchCommand());
        batch.BatchCommands.Add(ModelFence.Require(_schema, saves.Min(save => save.Version)));
        try
        {
            return await ResultsAsync(batch, saves.Count, CancellationToken.None, skipped: 1);
        }
        catch (PostgresException)
        {
            // Parameters belong to one command at a time.
            foreach (var command in batch.BatchCommands) command.Parameters.Clear();
            throw;
        }
    }

    private static async Task<bool[]> ResultsAsync(NpgsqlBatch batch, int count, CancellationToken ct, int skipped = 0)
    {
        var results = new bool[count];
        await using var reader = await batch.ExecuteReaderAsync(ct);
        for (; skipped > 0; skipped--) await reader.NextResultAsync(ct);
        for (var index = 0; index < count; index++)
        {
            await reader.ReadAsync(ct);
            results[index] = reader.GetBoolean(0);
            await reader.NextResultAsync(ct);
        }
        // Behind the last result, that of the fence, comes the commit.
        await reader.NextResultAsync(ct);
        return results;
    }

    /// <summary>Whether nothing was committed for certain: an error that ends the connection may come behind the commit.</summary>
    private static bool IsUndone(PostgresException refused) => refused.InvariantSeverity != "FATAL" && refused.InvariantSeverity != "PANIC";
}

/// <summary>A save that is one statement, and waits to be carried out.</summary>
/// <param name="Statement">The statement; its result is one boolean.</param>
/// <param name="Connection">An open connection without a transaction, which may be used until the save has ended.</param>
/// <param name="Limit">Longest time for the statement; null for that of the connection.</param>
/// <param name="Changes">Id of the record that the statement locks; empty where it locks none.</param>
/// <param name="Version">Version of the model that the save goes by.</param>
internal sealed record WaitingSave(SqlBuilder Statement, NpgsqlConnection Connection, TimeSpan? Limit, Guid Changes, long Version)
{
    private readonly TaskCompletionSource<bool?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The result of the statement, which is committed; null where it is not, and has to be carried out by itself.</summary>
    public Task<bool?> Outcome => _outcome.Task;

    /// <summary>Sets the outcome.</summary>
    public void End(bool? result) => _outcome.TrySetResult(result);

    /// <summary>Nobody knows whether it was committed.</summary>
    public void Fail(Exception failed) => _outcome.TrySetException(failed);
}
