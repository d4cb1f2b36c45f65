using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Reads whole records, unlocked, for saves of many requests: those that wait for each other by one statement.</summary>
internal sealed class LoadLanes
{
    private const int MostTogether = 64;

    private readonly RecordTable _table;
    private readonly string _schema;
    private readonly Lanes<WaitingLoad> _lanes;

    /// <param name="table">The table.</param>
    /// <param name="schema">Schema of the organisation.</param>
    public LoadLanes(RecordTable table, string schema)
    {
        (_table, _schema) = (table, schema);
        _lanes = new Lanes<WaitingLoad>(MostTogether, LoadTogetherAsync);
    }

    /// <summary>The record; null where it is not there or lies in the recycle bin.</summary>
    public async Task<RecordValues?> LoadAsync(WaitingLoad load)
    {
        await _lanes.RunAsync(load);
        // Until then the others may be using this one's connection.
        return await load.Record;
    }

    private async Task LoadTogetherAsync(List<WaitingLoad> loads)
    {
        try
        {
            var sql = _table.Select(new SqlBuilder(), _schema).Text(" where ").Name("id").Text(" = any(").Values([.. loads.Select(load => (object?)load.Id)], ColumnType.Uuid).Text(")");
            await using var command = _table.AndAlive(sql).ToCommand(loads[0].Connection).Within(loads[0].Limit);
            var found = new Dictionary<Guid, RecordValues>(loads.Count);
            await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    var record = _table.Read(reader);
                    found.Add(record.Id, record);
                }
            }
            // Each gets values of its own: a save changes them.
            foreach (var load in loads) load.End(found.GetValueOrDefault(load.Id) is { } record ? new RecordValues(record) : null);
        }
        catch (Exception failed)
        {
            foreach (var load in loads) load.Fail(failed);
        }
    }
}

/// <summary>A record that waits to be read.</summary>
/// <param name="Id">Id of the record.</param>
/// <param name="Connection">An open connection without a transaction, which may be used until the record has been read.</param>
/// <param name="Limit">Longest time for the statement; null for that of the connection.</param>
internal sealed record WaitingLoad(Guid Id, NpgsqlConnection Connection, TimeSpan? Limit)
{
    private readonly TaskCompletionSource<RecordValues?> _record = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The record; null where it is not there.</summary>
    public Task<RecordValues?> Record => _record.Task;

    /// <summary>Sets the record.</summary>
    public void End(RecordValues? record) => _record.TrySetResult(record);

    /// <summary>It could not be read.</summary>
    public void Fail(Exception failed) => _record.TrySetException(failed);
}
