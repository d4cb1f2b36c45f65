using System.Collections.Immutable;
using Npgsql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Plans what brings the tables of an organisation into line with a model.</summary>
/// <param name="schema">Schema of the organisation.</param>
internal sealed class SchemaPlanner(string schema)
{
    /// <summary>Tables with fewer rows than this are rewritten or scanned in a moment.</summary>
    private const long ManyRows = LeftToJobs.ManyRows;

    /// <summary>Indexes on tables with more rows than this are built after the publish.</summary>
    private const long DeferIndexRows = 50_000;

    /// <summary>Likewise, of indexes each row of which takes long.</summary>
    private const long DeferLongIndexRows = 2_000;

    private const long ExactRows = 100_000;

    /// <summary>A table that PostgreSQL takes for that big is not counted: it would be read in vain up to the limit.</summary>
    private const long CertainlyManyRows = 2 * ExactRows;

    private readonly SchemaSql _sql = new(schema);

    /// <summary>Compares and counts; changes nothing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction; null outside one.</param>
    /// <param name="model">What is wanted.</param>
    /// <param name="formulas">The model's formulas.</param>
    /// <param name="drops">What may be deleted: <c>entity</c> or <c>entity.field</c>.</param>
    /// <param name="unfilled">Fields that jobs of earlier publishes are still at, as the model in force names them.</param>
    /// <param name="ct">Cancels the planning.</param>
    public async Task<SchemaPlan> PlanAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Model model, FormulaSet formulas, IReadOnlySet<string> drops, IReadOnlySet<string> unfilled, CancellationToken ct)
    {
        var stored = new StoredComputations(formulas);
        var actual = await ActualSchema.ReadAsync(connection, transaction, schema, ct);
        var draft = new PlanDraft(_sql, drops);
        new SchemaDiff(model, DesiredSchema.Of(model, stored), actual, draft).Compare();
        var left = new LeftToJobs(model, stored, draft.Before);
        if (draft.Changes.Count == 0) return new SchemaPlan([], [.. draft.Problems]) { Unfilled = left.Choose([], unfilled).Unfilled };

        var rows = await CountRowsAsync(connection, transaction, draft, ct);
        var offenders = await CountAsync(connection, transaction, draft.Checks.Select(check => check.Sql), ct);
        var problems = draft.Problems.Concat(draft.Checks.Zip(offenders).Where(pair => pair.Second > 0).Select(pair => pair.First.Problem(pair.Second)));
        var changes = draft.Changes.Select(change => Weigh(change, rows.GetValueOrDefault(change.Change.Entity)));
        ImmutableArray<SchemaChange> ordered = [.. changes.OrderBy(change => change.Kind)];
        var (steps, still) = left.Choose(ordered, unfilled);
        return new SchemaPlan(steps, [.. problems, .. left.Problems(ordered, unfilled)]) { Unfilled = still };
    }

    private static SchemaChange Weigh(PlannedChange planned, long rows)
    {
        var change = planned.Change with { Rows = rows };
        return change.Kind switch
        {
            ChangeKind.DropColumn or ChangeKind.DropTable => change with { Risk = rows > 0 ? ChangeRisk.Destructive : ChangeRisk.Safe },
            ChangeKind.AddIndex when !planned.Concurrently.IsEmpty && rows > (planned.TakesLong ? DeferLongIndexRows : DeferIndexRows) => change with { IsDeferred = true, Sql = planned.Concurrently },
            ChangeKind.WidenColumn or ChangeKind.ChangeType or ChangeKind.FollowRename or ChangeKind.Recompute or ChangeKind.SetNotNull or ChangeKind.AddIndex or ChangeKind.AddForeignKey when rows > ManyRows =>
                change with { Risk = ChangeRisk.Slow },
            _ => change,
        };
    }

    /// <summary>Rows of the tables that the plan touches, by entity.</summary>
    private async Task<Dictionary<string, long>> CountRowsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, PlanDraft draft, CancellationToken ct)
    {
        var touched = draft.Changes.Select(change => change.Change.Entity).ToHashSet();
        var tables = draft.Before.Where(pair => touched.Contains(pair.Key)).ToLookup(pair => pair.Value.EstimatedRows > CertainlyManyRows);
        var counted = tables[false].ToImmutableArray();
        var counts = await CountAsync(connection, transaction, counted.Select(pair => _sql.CountRows(pair.Value.Name)), ct);
        return counted.Zip(counts, (pair, count) => (pair.Key, Rows: count > ExactRows ? Math.Max(count, pair.Value.EstimatedRows) : count))
            .Concat(tables[true].Select(pair => (pair.Key, Rows: pair.Value.EstimatedRows))).ToDictionary();
    }

    private static async Task<List<long>> CountAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<string> queries, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var query in queries) batch.BatchCommands.Add(new NpgsqlBatchCommand(query));
        var counts = new List<long>();
        if (batch.BatchCommands.Count == 0) return counts;
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            await reader.ReadAsync(ct);
            counts.Add(reader.GetInt64(0));
        }
        while (await reader.NextResultAsync(ct));
        return counts;
    }
}
