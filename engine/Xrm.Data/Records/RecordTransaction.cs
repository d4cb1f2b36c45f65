using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Records;

/// <summary>
/// A running transaction over the records of one model. Statements without a result are queued and travel with the next
/// statement that has one, so that a save takes few round trips.
/// </summary>
/// <param name="transaction">The transaction; whoever opened it commits it, after <see cref="FlushAsync"/>.</param>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
public sealed class RecordTransaction(NpgsqlTransaction transaction, string schema, PublishedModel published)
{
    private const int MostQueued = 200;
    private readonly List<SqlBuilder> _queued = [];
    private readonly RowQueue _rows = new();
    private int _results;
    private readonly Dictionary<Entity, RecordTable> _tables = [];

    /// <summary>The model.</summary>
    public PublishedModel Published => published;

    /// <summary>Schema of the organisation, unquoted.</summary>
    public string Schema => schema;

    /// <summary>The transaction, for statements of other parts of the engine; call <see cref="FlushAsync"/> first.</summary>
    public NpgsqlTransaction Transaction => transaction;

    /// <summary>
    /// New rows wait and are sent together, which is much faster for many of them. Whoever adds rows so has those that others point to come
    /// first, and does not ask for rows that wait.
    /// </summary>
    public bool InsertsTogether { get; set; }

    /// <summary>The table of an entity.</summary>
    public RecordTable Table(Entity entity) =>
        _tables.TryGetValue(entity, out var known) ? known : _tables[entity] = new RecordTable(entity, published.Formulas);

    /// <summary>Sends what is queued.</summary>
    /// <exception cref="XrmException">The database refused a statement.</exception>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (_queued.Count > 0)
        {
            await using var batch = TakeBatch();
            await GuardAsync(() => batch.ExecuteNonQueryAsync(ct));
        }
        if (!_rows.IsEmpty) await _rows.SendAsync(transaction.Connection!, schema, published.Model, ct);
    }

    /// <summary>Sends what is queued and commits, in one round trip.</summary>
    /// <exception cref="XrmException">The database refused a statement; nothing is committed then.</exception>
    internal async Task CommitAsync(CancellationToken ct)
    {
        if (!_rows.IsEmpty) await FlushAsync(ct);
        if (_queued.Count == 0)
        {
            await GuardAsync(() => CommitAloneAsync(ct));
            return;
        }
        await using var batch = TakeBatch();
        // A statement that fails ends the batch before it comes to this one.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await GuardAsync(() => batch.ExecuteNonQueryAsync(ct));
    }

    /// <summary>Marks the place to which <see cref="RollbackToAsync"/> returns.</summary>
    public async Task SaveAsync(string name, CancellationToken ct)
    {
        await FlushAsync(ct);
        await transaction.SaveAsync(name, ct);
    }

    /// <summary>Forgets the place, and keeps what happened since.</summary>
    public async Task ReleaseAsync(string name, CancellationToken ct)
    {
        await FlushAsync(ct);
        await transaction.ReleaseAsync(name, ct);
    }

    /// <summary>Undoes everything since the place, what is queued included.</summary>
    public async Task RollbackToAsync(string name, CancellationToken ct)
    {
        _queued.Clear();
        _rows.Clear();
        _results = 0;
        await transaction.RollbackAsync(name, ct);
    }

    /// <summary>Adds a row.</summary>
    internal ValueTask InsertAsync(RowTarget target, NewRow row, CancellationToken ct)
    {
        if (!InsertsTogether) return QueueAsync(target.Insert(schema, row.Values), ct);
        _rows.Add(target, row);
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds a statement whose result nobody needs.</summary>
    internal async ValueTask QueueAsync(SqlBuilder statement, CancellationToken ct, bool hasRows = false)
    {
        // What is queued goes before the rows that wait.
        if (!_rows.IsEmpty) await FlushAsync(ct);
        _queued.Add(statement);
        if (hasRows) _results++;
        if (_queued.Count >= MostQueued) await FlushAsync(ct);
    }

    /// <summary>Runs what is queued, then a query.</summary>
    internal async Task<List<T>> QueryAsync<T>(SqlBuilder query, Func<NpgsqlDataReader, T> row, CancellationToken ct)
    {
        if (!_rows.IsEmpty) await FlushAsync(ct);
        var skipped = _results;
        await using var batch = TakeBatch();
        batch.BatchCommands.Add(query.ToBatchCommand());
        return await GuardAsync(async () =>
        {
            var rows = new List<T>();
            await using var reader = await batch.ExecuteReaderAsync(ct);
            for (; skipped > 0; skipped--) await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct)) rows.Add(row(reader));
            return rows;
        });
    }

    private NpgsqlBatch TakeBatch()
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var statement in _queued) batch.BatchCommands.Add(statement.ToBatchCommand());
        _queued.Clear();
        _results = 0;
        return batch;
    }

    private async Task<int> CommitAloneAsync(CancellationToken ct)
    {
        await transaction.CommitAsync(ct);
        return 0;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception, published.Model) is { } known && !ReferenceEquals(known, exception))
        {
            throw known;
        }
    }
}
