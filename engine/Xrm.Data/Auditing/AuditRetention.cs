using System.Globalization;
using System.Text.Json;
using Dapper;

namespace Xrm.Data.Auditing;

/// <summary>Removes entries of records after the time that their entity keeps them. The digests stay, and the audit tells of it, so that the chain can still be proved.</summary>
public sealed class AuditRetention(Database database, AuditLog log, TimeProvider time)
{
    private const int AtATime = 1_000;

    private readonly string _schema = $"\"{database.Schema}\"";

    /// <summary>Removes the entries of an entity from before a time that are sealed, in portions.</summary>
    /// <param name="entity">Name of the entity now.</param>
    /// <param name="before">UTC time.</param>
    /// <param name="ct">Cancels it; what is removed by then stays so.</param>
    /// <returns>Number of entries removed.</returns>
    public async Task<long> RemoveAsync(string entity, DateTime before, CancellationToken ct)
    {
        var removed = 0L;
        foreach (var name in await NamesAsync(entity, before, ct))
        {
            // First of all it is told: what is gone without that was taken away.
            await log.NoteAsync(new AuditEvent(time.GetUtcNow().UtcDateTime, AuditOperations.Retention, null, AuditSources.System, null,
                JsonSerializer.Serialize(new { before = before.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) }))
            { Entity = name }, ct);
            DateTime? from = DateTime.UnixEpoch;
            while (from is { } start) (from, removed) = await RemovePortionAsync((entity, name), start, before, removed, ct);
        }
        return removed;
    }

    /// <summary>The names under which there are such entries.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(string entity, DateTime before, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition($"""
            select n.name from (select @entity as name union select formerly from {_schema}._audit_name where now = @entity) n
            where exists (select from {_schema}._audit a where a.entity = n.name and a.record_id is not null and a.at < @before and {_schema}._audit_entity(a.entity, a.at) = @entity)
            """, new { entity, before }, cancellationToken: ct))).AsList();
    }

    private Task<(DateTime?, long)> RemovePortionAsync((string Entity, string Name) what, DateTime from, DateTime before, long removed, CancellationToken ct) => database.InTransactionAsync(async (transaction, ct) =>
    {
        var gone = (await transaction.Connection!.QueryAsync<DateTime>(new CommandDefinition($"""
            delete from {_schema}._audit a using (
                select at, id from {_schema}._audit e
                where at >= @from and at < @before and entity = @Name and record_id is not null and {_schema}._audit_entity(entity, at) = @Entity
                  and exists (select from {_schema}._audit_seal s where s.number = (select max(number) from {_schema}._audit_seal) and pg_visible_in_snapshot(e.xid, s.snapshot::pg_snapshot))
                order by at limit {AtATime}) old
            where a.at = old.at and a.id = old.id returning a.at
            """, new { from, before, what.Name, what.Entity }, transaction, cancellationToken: ct))).AsList();
        return (gone.Count < AtATime ? (DateTime?)null : gone.Max(), removed + gone.Count);
    }, null, ct);
}
