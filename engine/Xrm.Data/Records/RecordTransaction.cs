using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Records;

/// <summary>
/// A transaction over the records of one model. It begins with the first statement that needs one, and statements without a result are
/// queued and travel with the next that has one, so that a save takes few round trips: often a single statement that commits itself.
/// </summary>
public sealed class RecordTransaction : IAsyncDisposable
{
    private const int MostQueued = 200;

    /// <summary>No more new rows than this wait.</summary>
    private const int MostRows = 10_000;
    private readonly NpgsqlConnection _connection;
    private readonly QueuedStatements _queued = new();
    private readonly List<AssumedRecord> _assumed = [];
    private readonly bool _isOurs;
    private readonly SharedTrips? _shared;
    private readonly TimeSpan? _limit;
    private NpgsqlTransaction? _transaction;
    private RowQueue _rows = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Takes part in a transaction that somebody else commits, after <see cref="FlushAsync"/>.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="published">The model.</param>
    public RecordTransaction(NpgsqlTransaction transaction, string schema, PublishedModel published)
    {
        (_connection, Schema, Published, _transaction) = (transaction.Connection!, schema, published, transaction);
    }

    /// <summary>Begins a transaction of its own when it needs one.</summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="published">The model.</param>
    /// <param name="shared">Round trips that it may share with others.</param>
    /// <param name="limit">Longest time for each statement; null for that of the connection.</param>
    internal RecordTransaction(NpgsqlConnection connection, string schema, PublishedModel published, SharedTrips shared, TimeSpan? limit)
    {
        (_connection, Schema, Published, _shared, _limit) = (connection, schema, published, shared, limit);
        _isOurs = true;
    }

    /// <summary>The model.</summary>
    public PublishedModel Published { get; }

    /// <summary>Schema of the organisation, unquoted.</summary>
    public string Schema { get; }

    /// <summary>The server's process that carries out its statements; may be asked while one runs.</summary>
    internal int ProcessId => _connection.ProcessID;

    /// <summary>Statements run in a transaction; before, each that only reads stands for itself.</summary>
    public bool HasBegun => _transaction is not null;

    /// <summary>
    /// New rows wait and are sent together, which is much faster for many of them. Whoever adds rows so has those that others point to come
    /// first, and does not ask for rows that wait.
    /// </summary>
    public bool InsertsTogether { get; set; }

    /// <summary>The table of an entity.</summary>
    public RecordTable Table(Entity entity) => Published.Table(entity);

    /// <summary>Begins the transaction where it has not begun, and sends what is queued: for statements of other parts of the engine.</summary>
    /// <exception cref="XrmException">The database refused a statement; 503 <c>record_busy</c>: somebody has changed a record that was read without a lock.</exception>
    public async ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        return await HaveBegunAsync(ct);
    }

    /// <summary>Sends what is queued, behind which nothing is written any more: somebody else commits at once.</summary>
    /// <exception cref="XrmException">The database refused a statement; 503 <c>model_changed</c>: as of <see cref="CommitAsync(CancellationToken)"/>.</exception>
    public async Task EndAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        await using var batch = _queued.TakeBatch(_connection, await HaveBegunAsync(ct), Schema).Within(_limit);
        batch.BatchCommands.Add(ModelFence.Require(Schema, Published.Version));
        await GuardAsync(() => batch.ExecuteNonQueryAsync(ct));
    }

    /// <summary>Sends what is queued.</summary>
    /// <exception cref="XrmException">The database refused a statement.</exception>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        await StartSendingAsync(ct);
        await _sending;
    }

    /// <summary>Marks the place to which <see cref="RollbackToAsync"/> returns.</summary>
    public async Task SaveAsync(string name, CancellationToken ct) => await (await BeginAsync(ct)).SaveAsync(name, ct);

    /// <summary>Forgets the place, and keeps what happened since.</summary>
    public async Task ReleaseAsync(string name, CancellationToken ct) => await (await BeginAsync(ct)).ReleaseAsync(name, ct);

    /// <summary>Undoes everything since the place, what is queued included.</summary>
    public async Task RollbackToAsync(string name, CancellationToken ct)
    {
        _queued.Clear();
        _rows = new RowQueue();
        await EndSendingAsync();
        await _transaction!.RollbackAsync(name, ct);
    }

    /// <summary>Gives up what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndSendingAsync();
        if (_isOurs && _transaction is not null) await _transaction.DisposeAsync();
    }

    /// <summary>Sends what is queued and commits, in one round trip.</summary>
    /// <exception cref="XrmException">
    /// The database refused a statement; 503 <c>record_busy</c>: somebody has changed a record that was read without a lock; 503 <c>model_changed</c>: a
    /// publish has computed stored values anew by a later model. Nothing is committed then.
    /// </exception>
    internal async Task CommitAsync(CancellationToken ct)
    {
        if (HasRows) await FlushAsync(ct);
        if (_transaction is null)
        {
            if (_queued.IsEmpty) return;
            if (_queued.TakeSingle(Schema, _assumed) is { } single)
            {
                await CommitAsync(single, ct);
                return;
            }
        }
        await using var batch = _queued.TakeBatch(_connection, await HaveBegunAsync(ct), Schema).Within(_limit);
        batch.BatchCommands.Add(ModelFence.Require(Schema, Published.Version));
        // A statement that fails ends the batch before it comes to this one.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await GuardAsync(() => batch.ExecuteNonQueryAsync(ct));
    }

    /// <summary>Notes a record that was read without a lock: it is looked at again before anything is written because of it.</summary>
    internal void Assume(AssumedRecord record) => _assumed.Add(record);

    /// <summary>Adds a row.</summary>
    internal ValueTask InsertAsync(RowTarget target, NewRow row, CancellationToken ct)
    {
        if (!InsertsTogether) return QueueAsync(new InsertedRow(target, row.Values), ct);
        _rows.Add(target, row);
        return _rows.Count < MostRows ? ValueTask.CompletedTask : StartSendingAsync(ct);
    }

    /// <summary>Adds a statement whose result nobody needs.</summary>
    internal ValueTask QueueAsync(SqlBuilder statement, CancellationToken ct, bool hasRows = false) => QueueAsync(new OtherStatement(statement, hasRows), ct);

    /// <summary>Adds a statement whose result nobody needs.</summary>
    internal async ValueTask QueueAsync(QueuedStatement statement, CancellationToken ct)
    {
        // What is queued comes behind the rows that wait.
        if (HasRows) await FlushAsync(ct);
        _queued.Add(statement);
        if (_queued.Count >= MostQueued) await FlushAsync(ct);
    }

    /// <summary>Runs what is queued, then a query, in the transaction.</summary>
    internal async Task<List<T>> QueryAsync<T>(SqlBuilder query, Func<NpgsqlDataReader, T> row, CancellationToken ct)
    {
        if (HasRows) await FlushAsync(ct);
        return await RunAsync(query, row, await HaveBegunAsync(ct), ct);
    }

    /// <summary>Runs a query that locks nothing; where the transaction has not begun and nothing waits, without it.</summary>
    internal Task<List<T>> ReadAsync<T>(SqlBuilder query, Func<NpgsqlDataReader, T> row, CancellationToken ct) =>
        _transaction is null && _queued.IsEmpty && !HasRows ? RunAsync(query, row, null, ct) : QueryAsync(query, row, ct);

    /// <summary>Rows wait, or are on their way.</summary>
    private bool HasRows => !_rows.IsEmpty || !_sending.IsCompletedSuccessfully;

    /// <summary>
    /// Sends what is queued, and then the rows that wait, which are on their way when this returns, while the next ones are made ready. What needs
    /// the connection waits for them.
    /// </summary>
    /// <exception cref="XrmException">The database refused a statement, or a row that was on its way before.</exception>
    public async ValueTask StartSendingAsync(CancellationToken ct)
    {
        await _sending;
        if (_queued.IsEmpty && _rows.IsEmpty) return;
        var transaction = await HaveBegunAsync(ct);
        if (!_queued.IsEmpty)
        {
            await using var batch = _queued.TakeBatch(_connection, transaction, Schema).Within(_limit);
            await GuardAsync(() => batch.ExecuteNonQueryAsync(ct));
        }
        if (_rows.IsEmpty) return;
        var rows = _rows;
        _rows = new RowQueue();
        _sending = Task.Run(() => rows.SendAsync(_connection, Schema, Published.Model, ct), CancellationToken.None);
    }

    /// <summary>Waits until the connection is free. What went wrong is not asked for any more: it is undone.</summary>
    public async ValueTask EndSendingAsync()
    {
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sending = Task.CompletedTask;
    }

    /// <summary>Nothing has begun and nothing waits, so that a read may go together with those of other requests.</summary>
    internal bool CanShareReads => _shared is not null && _transaction is null && _queued.IsEmpty && !HasRows;

    /// <summary>Reads a record together with other requests; only where <see cref="CanShareReads"/>. Null where it is not there or lies in the recycle bin.</summary>
    internal Task<RecordValues?> LoadSharedAsync(RecordTable table, Guid id) => GuardAsync(() => _shared!.Loads(table).LoadAsync(new WaitingLoad(id, _connection, _limit)));

    private async Task<List<T>> RunAsync<T>(SqlBuilder query, Func<NpgsqlDataReader, T> row, NpgsqlTransaction? transaction, CancellationToken ct)
    {
        var skipped = _queued.Results;
        await using var batch = _queued.TakeBatch(_connection, transaction, Schema).Within(_limit);
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

    private async ValueTask<NpgsqlTransaction> HaveBegunAsync(CancellationToken ct)
    {
        if (_transaction is not null) return _transaction;
        _transaction = await _connection.BeginTransactionAsync(ct);
        foreach (var record in _assumed)
        {
            var known = await RunUnqueuedAsync(record.Lock(Schema), ct);
            if (known is not long version || version != record.Version) throw AssumedRecord.Changed();
        }
        return _transaction;
    }

    private async Task<object?> RunUnqueuedAsync(SqlBuilder query, CancellationToken ct)
    {
        await using var command = query.ToCommand(_connection, _transaction).Within(_limit);
        return await GuardAsync(() => command.ExecuteScalarAsync(ct));
    }

    private async Task CommitAsync(SqlBuilder single, CancellationToken ct)
    {
        var save = new WaitingSave(single, _connection, _limit, _assumed.Count > 0 ? _assumed[0].Id : Guid.Empty, Published.Version);
        if (!await GuardAsync(() => _shared!.Saves.SaveAsync(save, ct))) throw AssumedRecord.Changed();
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception, Published.Model) is { } known && !ReferenceEquals(known, exception))
        {
            throw known;
        }
    }
}
