using Npgsql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Carries out a plan.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model that the plan leads to.</param>
internal sealed class SchemaApplier(string schema, PublishedModel published)
{
    private const int StatementsPerRoundTrip = 200;

    /// <summary>Carries out all steps that are not deferred.</summary>
    /// <param name="transaction">The transaction; nothing of the plan is visible to others before it commits.</param>
    /// <param name="plan">A plan without problems.</param>
    /// <param name="progress">Told of each step that may take long, before it begins.</param>
    /// <param name="ct">Cancels the work; the transaction must be rolled back then.</param>
    public async Task ApplyAsync(NpgsqlTransaction transaction, SchemaPlan plan, Action<string> progress, CancellationToken ct)
    {
        var changes = plan.Changes.Where(change => !change.IsDeferred).ToList();
        var firstAfter = changes.FindIndex(change => change.Kind > ChangeKind.Recompute);
        var split = firstAfter < 0 ? changes.Count : firstAfter;
        await ExecuteAsync(transaction, changes.Take(split), progress, ct);
        await RecomputeAsync(transaction, plan.Recomputed.ToList(), ct);
        await ExecuteAsync(transaction, changes.Skip(split), progress, ct);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, IEnumerable<SchemaChange> changes, Action<string> progress, CancellationToken ct)
    {
        var waiting = new List<string>();
        foreach (var change in changes)
        {
            if (change.Risk != ChangeRisk.Safe)
            {
                await ExecuteAsync(transaction, waiting, ct);
                progress(change.Sentence);
            }
            waiting.AddRange(change.Sql);
            if (waiting.Count > StatementsPerRoundTrip) await ExecuteAsync(transaction, waiting, ct);
        }
        await ExecuteAsync(transaction, waiting, ct);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, List<string> statements, CancellationToken ct)
    {
        if (statements.Count == 0) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { Timeout = 0 };
        foreach (var statement in statements) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await batch.ExecuteNonQueryAsync(ct);
        statements.Clear();
    }

    private async Task RecomputeAsync(NpgsqlTransaction transaction, List<SchemaChange> changes, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        var fields = changes.ConvertAll(change => published.Model.FindEntity(change.Entity)!.FindColumn(change.Column!)!.Value.Field);
        // What is written meanwhile would be overlooked: by the statements below, and by the fence where its writer asks before the commit of the publish.
        var tables = fields.SelectMany(field => new[] { field.Entity, field.Rollup?.Child }).OfType<Entity>().Select(entity => entity.Plural).Distinct().Order(StringComparer.Ordinal);
        await ExecuteAsync(transaction, [ShortLocks.Impatient, new SchemaSql(schema).LockAgainstWrites(tables), ShortLocks.Patient], ct);
        foreach (var field in new StoredComputations(published.Formulas).InOrder(fields))
        {
            await using var command = new Recomputation(schema, published).Of(field).ToCommand(transaction.Connection!, transaction);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
