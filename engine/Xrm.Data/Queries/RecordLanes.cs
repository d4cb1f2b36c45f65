using System.Buffers;
using Npgsql;

namespace Xrm.Data.Queries;

/// <summary>
/// Reads single records for many requests: a few at a time each alone, and those that come meanwhile together, in one round trip, as soon
/// as one of the few is done. Nobody waits while there is little to do, and the more there is the less each costs.
/// </summary>
/// <param name="database">The organisation's database.</param>
/// <param name="statement">The statement; one that serves all records.</param>
internal sealed class RecordLanes(Database database, RecordStatement statement)
{
    private const int MostTogether = 64;
    private static readonly int Most = Math.Max(2, Environment.ProcessorCount);

    private readonly Lock _gate = new();
    private readonly Queue<WaitingRead> _waiting = [];
    private int _busy;

    /// <summary>Writes one record.</summary>
    /// <param name="id">Id of the record.</param>
    /// <param name="output">Where to; untouched where the record is not there or is the known version.</param>
    /// <param name="request">What the envelope says, and what the client has.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<OneAnswer> ReadAsync(Guid id, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        var read = new WaitingRead(id, output, request);
        lock (_gate)
        {
            if (_busy >= Most) _waiting.Enqueue(read);
            else
            {
                _busy++;
                read.HasLane = true;
            }
        }
        if (!read.HasLane) return await read.Answer.Task.WaitAsync(ct);
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await using var command = statement.ToCommand(id, connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await statement.AnswerAsync(reader, output, request, ct);
        }
        finally
        {
            GoOn();
        }
    }

    /// <summary>Gives the lane to those who wait.</summary>
    private void GoOn()
    {
        var next = new List<WaitingRead>();
        lock (_gate)
        {
            while (next.Count < MostTogether && _waiting.TryDequeue(out var waiting)) next.Add(waiting);
            if (next.Count == 0) _busy--;
        }
        if (next.Count > 0) _ = Task.Run(() => ReadTogetherAsync(next));
    }

    // What one of them gives up the others still want: the statement is not cancelled, its time limit ends it.
    private async Task ReadTogetherAsync(List<WaitingRead> reads)
    {
        try
        {
            await using var connection = await database.OpenAsync(CancellationToken.None);
            await using var batch = new NpgsqlBatch(connection).Within(statement.TimeLimit);
            foreach (var read in reads) batch.BatchCommands.Add(statement.ToBatchCommand(read.Id));
            await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            foreach (var read in reads)
            {
                read.Answer.TrySetResult(await statement.AnswerAsync(reader, read.Output, read.Request, CancellationToken.None));
                await reader.NextResultAsync(CancellationToken.None);
            }
        }
        catch (Exception failed)
        {
            foreach (var read in reads) read.Answer.TrySetException(failed);
        }
        finally
        {
            GoOn();
        }
    }

    private sealed class WaitingRead(Guid id, IBufferWriter<byte> output, OneRequest request)
    {
        public Guid Id => id;

        public IBufferWriter<byte> Output => output;

        public OneRequest Request => request;

        public bool HasLane { get; set; }

        public TaskCompletionSource<OneAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
