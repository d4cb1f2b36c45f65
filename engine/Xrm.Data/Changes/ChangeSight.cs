using System.Collections.Immutable;
using Dapper;
using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Changes;

/// <summary>Whether somebody may know of a change.</summary>
/// <param name="Before">They could see the record before it.</param>
/// <param name="After">They can see it since.</param>
public readonly record struct Sight(bool Before, bool After);

/// <summary>Says which changes somebody who follows them may know of.</summary>
/// <param name="database">The organisation's database.</param>
/// <param name="published">The model in force.</param>
/// <param name="caller">Who follows.</param>
/// <param name="time">The clock.</param>
public sealed class ChangeSight(Database database, PublishedModel published, Caller caller, TimeProvider time)
{
    /// <summary>What of some changes can be known, by their number; of entities that the model does not have, nothing.</summary>
    /// <param name="changes">The changes, in their order.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task<IReadOnlyDictionary<long, Sight>> FindAsync(ImmutableArray<RecordChange> changes, CancellationToken ct)
    {
        var found = new Dictionary<long, Sight>();
        foreach (var group in changes.GroupBy(change => change.Entity))
        {
            if (published.Model.FindEntity(group.Key) is not { } entity) continue;
            var reach = caller.Reach(entity, Operation.Read);
            if (reach.Filtered.IsEmpty) await ByOwnerAsync(entity, reach, [.. group], found, ct);
            else await ByValuesAsync(entity, [.. group], found, ct);
        }
        return found;
    }

    private async Task ByOwnerAsync(Entity entity, Reach reach, RecordChange[] changes, Dictionary<long, Sight> found, CancellationToken ct)
    {
        // Most have nothing shared with them, and ask nothing.
        var shares = caller.SharesWith.IsEmpty ? ImmutableDictionary<Guid, ShareRights>.Empty : await database.InRecordTransactionAsync(
            (records, ct) => RecordShares.WithCallerAsync(records, caller, entity, [.. changes.Select(change => change.RecordId).Distinct()], ct), published, caller.TimeLimit, ct);
        foreach (var change in changes)
        {
            var shared = shares.GetValueOrDefault(change.RecordId);
            found[change.Id] = new Sight(
                change.Event != "created" && reach.Includes(change.PreviousOwner, change.PreviousUnit, shared),
                change.Event != "deleted" && reach.Includes(change.Owner, change.Unit, shared));
        }
    }

    /// <summary>Where roles have filters, the database is asked about the rows as they were and as they became.</summary>
    private async Task ByValuesAsync(Entity entity, RecordChange[] changes, Dictionary<long, Sight> found, CancellationToken ct)
    {
        var plans = new DeltaPlans(new QueryContext(published, caller, time.GetUtcNow().UtcDateTime), entity, new DataQuery());
        await using var connection = await database.OpenAsync(ct);
        var text = $"""
            select id, (json -> 'values')::text as After, (json -> 'values' || coalesce(json -> 'previous', '[]'))::text as Before, json ? 'previous' as IsKnown
            from "{database.Schema}"._outbox, lateral (select payload::jsonb as json) read where id = any(@ids) and json ? 'values'
            """;
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(text, new { ids = changes.Select(change => change.Id).ToArray() }, cancellationToken: ct))).ToDictionary(row => row.Id);
        // A record is among the rows of one statement once.
        foreach (var round in changes.GroupBy(change => change.RecordId).SelectMany(group => group.Index()).GroupBy(change => change.Index, change => change.Item))
        {
            var known = round.Where(change => rows.TryGetValue(change.Id, out var row) && (row.IsKnown || change.Event != "updated")).ToArray();
            var before = await SeenAsync(connection, plans, known.Where(change => change.Event != "created").Select(change => rows[change.Id].Before), ct);
            var after = await SeenAsync(connection, plans, known.Where(change => change.Event != "deleted").Select(change => rows[change.Id].After), ct);
            foreach (var change in known) found[change.Id] = new Sight(before.Contains(change.RecordId), after.Contains(change.RecordId));
            // What follows from other records leaves no values behind.
            var unknown = round.Except(known).ToArray();
            var now = unknown.Length == 0 ? [] : await DeltaPlans.IdsAsync(plans.Seen(unknown.Select(change => change.RecordId)), connection, database.Schema, ct);
            foreach (var change in unknown) found[change.Id] = new Sight(now.Contains(change.RecordId), now.Contains(change.RecordId));
        }
    }

    private async Task<HashSet<Guid>> SeenAsync(NpgsqlConnection connection, DeltaPlans plans, IEnumerable<string> rows, CancellationToken ct) =>
        string.Join(',', rows) is { Length: > 0 } some ? await DeltaPlans.IdsAsync(plans.SeenBefore($"[{some}]"), connection, database.Schema, ct) : [];

    private sealed record Row
    {
        public required long Id { get; init; }
        public required string After { get; init; }
        public required string Before { get; init; }
        public required bool IsKnown { get; init; }
    }
}
