using Dapper;
using Npgsql;
using Xrm.Data.Errors;

namespace Xrm.Data.Changes;

/// <summary>
/// Reads which records changed, from the outbox: each change once, none left out, whatever the order in which transactions commit. Knows no
/// rights: whoever calls it checks them.
/// </summary>
/// <remarks>
/// A stretch lies between two snapshots: the changes of transactions that the later one saw and the earlier one did not. A transaction is in
/// exactly one stretch, that of its commit, and a transaction that runs for long holds up nobody but itself. See decision 11.
/// </remarks>
public sealed class ChangeReader(Database database)
{
    private readonly string _schema = $"\"{database.Schema}\"";

    private const string Lineage = "(select system_identifier from pg_control_system()) || '-' || (select timeline_id from pg_control_checkpoint())";

    /// <summary>The position behind all that is committed now.</summary>
    public async Task<ChangePosition> NowAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var (snapshot, lineage) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition($"select pg_current_snapshot()::text, {Lineage}", cancellationToken: ct));
        return new ChangePosition(lineage, Known(snapshot));
    }

    /// <summary>The next changes behind a position.</summary>
    /// <param name="position">Where to go on.</param>
    /// <param name="query">Which changes.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="XrmException">410 <c>changes_gone</c>: the changes behind it are forgotten, or it is of another database.</exception>
    public async Task<ChangePage> ReadAsync(ChangePosition position, ChangeQuery query, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await ReadAsync(connection, position, query, ct);
    }

    internal async Task<ChangePage> ReadAsync(NpgsqlConnection connection, ChangePosition position, ChangeQuery query, CancellationToken ct)
    {
        // One statement: the snapshot that it names is the one that it sees. A query of a stretch uses the index on xid for what the earlier
        // snapshot did not see; what the statement sees of it is committed.
        var text = $"""
            select s.snapshot::text as Snapshot, {Lineage} as Lineage, (select xid::text from {_schema}._outbox_trimmed) as Trimmed, o.*
            from (select pg_current_snapshot() as snapshot) s left join lateral (
                select id, at, event, entity, record_id as RecordId, version, array(select jsonb_array_elements_text(json -> 'changed')) as Changed,
                       coalesce(json -> 'values' ->> 'owner_id', json ->> 'owner')::uuid as Owner,
                       (case when json ? 'previous' then (json -> 'values' || (json -> 'previous')) ->> 'owner_id' else json ->> 'owner' end)::uuid as PreviousOwner,
                       coalesce(json -> 'values' ->> 'owning_unit_id', json ->> 'unit')::uuid as Unit,
                       (case when json ? 'previous' then (json -> 'values' || (json -> 'previous')) ->> 'owning_unit_id' else json ->> 'unit' end)::uuid as PreviousUnit,
                       case when @WithValues then (json -> 'values')::text end as Values
                from {_schema}._outbox, lateral (select payload::jsonb as json) read
                where (xid >= @next::xid8 or xid = any(@running::xid8[])) and pg_visible_in_snapshot(xid, coalesce(@to::pg_snapshot, s.snapshot))
                  and id > @After and (@entities::text[] is null or entity = any(@entities))
                order by id limit @Limit) o on true
            order by o.id
            """;
        var from = position.From;
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(text, new
        {
            next = from.Next.ToString(System.Globalization.CultureInfo.InvariantCulture),
            running = from.Running.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
            to = position.To?.ToString(),
            position.After,
            entities = query.Entities?.ToArray(),
            query.WithValues,
            query.Limit,
        }, cancellationToken: ct))).AsList();
        var now = Known(rows[0].Snapshot);
        if (position.Lineage != rows[0].Lineage || from.Next > now.Next || position.To?.Next > now.Next || ulong.Parse(rows[0].Trimmed, System.Globalization.CultureInfo.InvariantCulture) >= from.Oldest) throw Gone();
        var to = position.To ?? now;
        RecordChange[] changes = [.. rows.Where(row => row.Id is not null).Select(row => row.ToChange())];
        var hasMore = changes.Length == query.Limit;
        var start = position with { To = to };
        return new ChangePage([.. changes], start, hasMore ? start with { After = changes[^1].Id } : new ChangePosition(position.Lineage, to), hasMore);
    }

    /// <summary>Forgets some of the events that were given to all receivers before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most events to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Events forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct) => database.InTransactionAsync((transaction, ct) => transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition($"""
        with gone as (delete from {_schema}._outbox where id in (select id from {_schema}._outbox where not pending and at < @before order by id limit @limit) returning xid),
             noted as (update {_schema}._outbox_trimmed set xid = newest from (select xid as newest from gone order by xid desc limit 1) one where newest > _outbox_trimmed.xid)
        select count(*) from gone
        """, new { before, limit }, transaction, cancellationToken: ct)), null, ct);

    private static ChangeSnapshot Known(string text) => ChangeSnapshot.TryParse(text) ?? throw new InvalidOperationException($"PostgreSQL gave the snapshot '{text}'.");

    private static XrmException Gone() => new("changes_gone", 410, "The changes since then are not kept any more. Read what you need anew, and follow the changes from there.");

    private sealed record Row
    {
        public required string Snapshot { get; init; }
        public required string Lineage { get; init; }
        public required string Trimmed { get; init; }
        public long? Id { get; init; }
        public DateTime At { get; init; }
        public string Event { get; init; } = "";
        public string Entity { get; init; } = "";
        public Guid RecordId { get; init; }
        public long Version { get; init; }
        public string[] Changed { get; init; } = [];
        public Guid? Owner { get; init; }
        public Guid? PreviousOwner { get; init; }
        public Guid? Unit { get; init; }
        public Guid? PreviousUnit { get; init; }
        public string? Values { get; init; }

        public RecordChange ToChange() => new(Id!.Value, At, Event, Entity, RecordId, Version, Changed, Owner, PreviousOwner, Unit, PreviousUnit, Values);
    }
}
