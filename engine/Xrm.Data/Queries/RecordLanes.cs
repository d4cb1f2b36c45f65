using System.Buffers;
using Npgsql;

namespace Xrm.Data.Queries;

/// <summary>Reads single records for many requests, those that wait for each other in one round trip.</summary>
internal sealed class RecordLanes
{
    private const int MostTogether = 64;

    private readonly Database _database;
    private readonly RecordStatement _statement;
    private readonly Lanes<WaitingRead> _lanes;

    /// <param name="database">The organisation's database.</param>
    /// <param name="statement">The statement; one that serves all records.</param>
    public RecordLanes(Database database, RecordStatement statement)
    {
        (_database, _statement) = (database, statement);
        _lanes = new Lanes<WaitingRead>(MostTogether, ReadTogetherAsync);
    }

    /// <summary>Writes one record.</summary>
    /// <param name="id">Id of the record.</param>
    /// <param name="output">Where to; untouched where the record is not there or is the known version.</param>
    /// <param name="request">What the envelope says, and what the client has.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<OneAnswer> ReadAsync(Guid id, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        var read = new WaitingRead(id, output, request);
        if (!_lanes.TryEnter(read)) return await read.Answer.Task.WaitAsync(ct);
        try
        {
            await using var connection = await _database.OpenAsync(ct);
            await using var command = _statement.ToCommand(id, connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await _statement.AnswerAsync(reader, output, request, ct);
        }
        finally
        {
            _lanes.Leave();
        }
    }

    // What one of them gives up the others still want: the statement is not cancelled, its time limit ends it.
    private async Task ReadTogetherAsync(List<WaitingRead> reads)
    {
        try
        {
            await using var connection = await _database.OpenAsync(CancellationToken.None);
            await using var batch = new NpgsqlBatch(connection).Within(_statement.TimeLimit);
            foreach (var read in reads) batch.BatchCommands.Add(_statement.ToBatchCommand(read.Id));
            await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            foreach (var read in reads)
            {
                read.Answer.TrySetResult(await _statement.AnswerAsync(reader, read.Output, read.Request, CancellationToken.None));
                await reader.NextResultAsync(CancellationToken.None);
            }
        }
        catch (Exception failed)
        {
            foreach (var read in reads) read.Answer.TrySetException(failed);
        }
    }

    private sealed record WaitingRead(Guid Id, IBufferWriter<byte> Output, OneRequest Request)
    {
        public TaskCompletionSource<OneAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
