using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Outbox;

/// <summary>One event on its way to one receiver.</summary>
/// <param name="Id">Number of the delivery.</param>
/// <param name="EventId">Number of the event.</param>
/// <param name="Receiver"><c>plugin/receiver</c>.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="At">UTC time of the event.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Version">Version of the record after the change.</param>
/// <param name="Payload">JSON object, see the plugin contract.</param>
/// <param name="Attempts">Tries, the present one included.</param>
public sealed record Delivery(long Id, long EventId, string Receiver, string Event, DateTime At, string Entity, Guid RecordId, long Version, string Payload, int Attempts);

/// <summary>A delivery as administrators see it.</summary>
/// <param name="Id">Number of the delivery.</param>
/// <param name="EventId">Number of the event.</param>
/// <param name="Receiver"><c>plugin/receiver</c>.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="State"><c>waiting</c>, <c>done</c> or <c>dead</c>.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="NextAttemptAt">UTC time of the next try.</param>
/// <param name="LastError">Why the last try failed; null where none did.</param>
public sealed record DeliveryState(long Id, long EventId, string Receiver, string Event, string Entity, Guid RecordId, string State, int Attempts, DateTime NextAttemptAt, string? LastError);

/// <summary>The way of committed record events to the receivers in plugins: fan-out, tries, dead letters.</summary>
public sealed class DeliveryStore(Database database)
{
    /// <summary>First half of the advisory lock's key; the other half is the organisation's schema.</summary>
    private const int LockKey = 0x58_52_4D_03;

    private readonly string _schema = $"\"{database.Schema}\"";

    /// <summary>Gives a batch of pending events to the receivers that want them. An event is not pending any more when all its deliveries are rows.</summary>
    /// <param name="limit">Most events to take.</param>
    /// <param name="receiversOf">Names of the receivers that want an event (its <c>Receiver</c> and <c>Attempts</c> are not set yet).</param>
    /// <param name="ct">Cancels the call; then nothing is changed.</param>
    /// <returns>Events taken; fewer than the limit where no more are waiting, or another node is at it.</returns>
    public Task<int> FanOutAsync(int limit, Func<Delivery, IEnumerable<string>> receiversOf, CancellationToken ct)
    {
        var take = $"""
            select 0::bigint as Id, id as EventId, '' as Receiver, event, at, entity, record_id as RecordId, version, payload as Payload, 0 as Attempts
            from {_schema}._outbox where pending order by id limit @limit
            """;
        var add = $"""
            insert into {_schema}._delivery (event_id, receiver, event, at, entity, record_id, version, payload)
            select id, wanted.receiver, event, at, entity, record_id, version, payload
            from unnest(@ids, @receivers) wanted (event_id, receiver) join {_schema}._outbox on pending and id = event_id
            on conflict do nothing
            """;
        return database.InTransactionAsync(async (transaction, ct) =>
        {
            var connection = transaction.Connection!;
            // Two nodes at a time could make the deliveries of a later event before those of an earlier one.
            var isAlone = await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_xact_lock({LockKey}, hashtext(@Schema))", new { database.Schema }, transaction, cancellationToken: ct));
            if (!isAlone) return 0;
            var events = (await connection.QueryAsync<Delivery>(new CommandDefinition(take, new { limit }, transaction, cancellationToken: ct))).AsList();
            if (events.Count == 0) return 0;
            var wanted = events.SelectMany(@event => receiversOf(@event).Select(receiver => (@event.EventId, receiver))).ToList();
            if (wanted.Count > 0)
            {
                var arguments = new { ids = wanted.Select(pair => pair.EventId).ToArray(), receivers = wanted.Select(pair => pair.receiver).ToArray() };
                await connection.ExecuteAsync(new CommandDefinition(add, arguments, transaction, cancellationToken: ct));
            }
            await connection.ExecuteAsync(new CommandDefinition($"update {_schema}._outbox set pending = false where pending and id = any(@ids)",
                new { ids = events.Select(@event => @event.EventId).ToArray() }, transaction, cancellationToken: ct));
            return events.Count;
        }, null, ct);
    }

    /// <summary>
    /// Takes deliveries that are due, at most one for each receiver and record: its next event waits until this one is taken or given up,
    /// so they arrive in order. Each is reserved for <paramref name="lease"/>: a node that dies leaves it to the others.
    /// </summary>
    public async Task<ImmutableArray<Delivery>> TakeAsync(int limit, TimeSpan lease, CancellationToken ct)
    {
        var text = $"""
            update {_schema}._delivery set attempts = attempts + 1, next_attempt_at = now() + @lease
            where id in (select id from {_schema}._delivery due where done_at is null and dead_at is null and next_attempt_at <= now()
                         and not exists (select from {_schema}._delivery earlier where earlier.receiver = due.receiver and earlier.record_id = due.record_id
                                         and earlier.event_id < due.event_id and earlier.done_at is null and earlier.dead_at is null)
                         order by next_attempt_at, id limit @limit for update skip locked)
            returning id, event_id as EventId, receiver, event, at, entity, record_id as RecordId, version, payload, attempts
            """;
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Delivery>(new CommandDefinition(text, new { limit, lease }, cancellationToken: ct));
        return [.. rows.OrderBy(delivery => delivery.EventId)];
    }

    /// <summary>Marks a delivery as done.</summary>
    public Task DoneAsync(long id, CancellationToken ct) =>
        database.ExecuteAsync($"update {_schema}._delivery set done_at = now(), last_error = null where id = @id", new { id }, ct);

    /// <summary>Plans the next try after a failure, or gives up.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="error">What went wrong, for administrators.</param>
    /// <param name="pause">Time until the next try; null to give up.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task FailedAsync(long id, string error, TimeSpan? pause, CancellationToken ct) => database.ExecuteAsync($"""
        update {_schema}._delivery set last_error = @error, next_attempt_at = now() + coalesce(@pause, interval '0'),
               dead_at = case when @pause is null then now() end where id = @id
        """, new { id, error, pause }, ct);

    /// <summary>Sends a dead letter again, from the first try.</summary>
    /// <returns>False where there is no such dead letter.</returns>
    public async Task<bool> ReviveAsync(long id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var text = $"update {_schema}._delivery set dead_at = null, attempts = 0, next_attempt_at = now() where id = @id and dead_at is not null";
        return await connection.ExecuteAsync(new CommandDefinition(text, new { id }, cancellationToken: ct)) == 1;
    }

    /// <summary>The newest deliveries, dead ones first.</summary>
    public async Task<ImmutableArray<DeliveryState>> ListAsync(int limit, CancellationToken ct)
    {
        var text = $"""
            select id, event_id as EventId, receiver, event, entity, record_id as RecordId,
                   case when dead_at is not null then 'dead' when done_at is not null then 'done' else 'waiting' end as State,
                   attempts, next_attempt_at as NextAttemptAt, last_error as LastError
            from {_schema}._delivery order by (dead_at is null), id desc limit @limit
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<DeliveryState>(new CommandDefinition(text, new { limit }, cancellationToken: ct))];
    }

    /// <summary>Forgets some of the deliveries that were done before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetDoneAsync(DateTime before, int limit, CancellationToken ct) => ForgetAsync("done_at", before, limit, ct);

    /// <summary>Forgets some of the deliveries that were given up before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetDeadAsync(DateTime before, int limit, CancellationToken ct) => ForgetAsync("dead_at", before, limit, ct);

    private async Task<int> ForgetAsync(string column, DateTime before, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var text = $"delete from {_schema}._delivery where id in (select id from {_schema}._delivery where {column} < @before order by {column} limit @limit for update skip locked)";
        return await connection.ExecuteAsync(new CommandDefinition(text, new { before, limit }, cancellationToken: ct));
    }
}
