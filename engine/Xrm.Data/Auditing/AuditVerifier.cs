using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Xrm.Data.Auditing;

/// <summary>Computes the chain anew and compares it with what is stored, entry by entry. Writes nothing.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class AuditVerifier(Database database)
{
    /// <summary>An entry that is sealed so much later than its time, though there were seals meanwhile, was not written at that time.</summary>
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromDays(1);

    private const int SealsAtOnce = 500;
    private const int BetweenProgress = 10_000;

    private readonly string _schema = $"\"{database.Schema}\"";

    /// <summary>Proves the chain, as one moment shows it.</summary>
    /// <param name="head">Hash of any seal that somebody has remembered elsewhere, in hexadecimal digits; null for none. A chain that was written anew, or cut off, does not have it.</param>
    /// <param name="progress">Told of how many of how many entries were compared.</param>
    /// <param name="ct">Cancels the proof.</param>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task<AuditReport> VerifyAsync(string? head, Action<long, long> progress, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var proof = new AuditProof(database.Schema, await RetainedAsync(transaction, ct), await ErasedAsync(transaction, ct), head);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) from {_schema}._audit_digest", null, transaction, cancellationToken: ct));
        while (await SealsAsync(transaction, proof.Number, ct) is { Count: > 0 } seals)
        {
            await ProveAsync(transaction, seals, proof, () => progress(proof.Entries, total), ct);
        }
        await AddOrphansAsync(transaction, proof, ct);
        await AddUnsealedAsync(transaction, proof, ct);
        return proof.Report();
    }

    private async Task ProveAsync(NpgsqlTransaction transaction, List<AuditSeal> seals, AuditProof proof, Action progress, CancellationToken ct)
    {
        var next = 0;
        await foreach (var (seal, entry, now, isErased) in EntriesAsync(transaction, seals[0].Number, seals[^1].Number, ct))
        {
            while (next < seals.Count && seals[next].Number <= seal) proof.Begin(seals[next++]);
            // What belongs to a seal that is gone is told with all such.
            if (proof.Number == seal) proof.Compare(entry, now, isErased);
            if (proof.Entries % BetweenProgress == 0) progress();
        }
        while (next < seals.Count) proof.Begin(seals[next++]);
        proof.End();
    }

    private async Task<List<AuditSeal>> SealsAsync(NpgsqlTransaction transaction, long after, CancellationToken ct) => (await transaction.Connection!.QueryAsync<AuditSeal>(new CommandDefinition(
        $"select {AuditSeals.Columns} from {_schema}._audit_seal where number > @after order by number limit {SealsAtOnce}", new { after }, transaction, cancellationToken: ct))).AsList();

    /// <summary>What seals remember, each with the digest that the entry has now; null where it is gone.</summary>
    private async IAsyncEnumerable<(long Seal, SealedEntry Entry, byte[]? Now, bool IsErased)> EntriesAsync(NpgsqlTransaction transaction, long first, long last, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select d.seal, d.at, d.id, d.entity, d.record_id, d.digest, case when a.id is not null then {AuditDigest.OfEntry} end, a.erased is not null and (a.changes is null)
            from {_schema}._audit_digest d left join {_schema}._audit a on a.at = d.at and a.id = d.id
            where d.seal between $1 and $2 order by d.seal, d.at, d.id
            """, transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return (reader.GetInt64(0), ReadEntry(reader, 1), reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6), reader.GetBoolean(7));
    }

    /// <summary>Seals that were removed while what they remember stayed.</summary>
    private async Task AddOrphansAsync(NpgsqlTransaction transaction, AuditProof proof, CancellationToken ct)
    {
        var orphans = await transaction.Connection!.QueryAsync<(long Seal, long Entries)>(new CommandDefinition(
            $"select seal, count(*) from {_schema}._audit_digest d where not exists (select from {_schema}._audit_seal s where s.number = d.seal) group by seal order by seal", null, transaction, cancellationToken: ct));
        foreach (var (seal, entries) in orphans) proof.AddOrphan(seal, entries);
    }

    /// <summary>Entries that no seal knows: they are new, or were put in where the seal has passed already.</summary>
    private async Task AddUnsealedAsync(NpgsqlTransaction transaction, AuditProof proof, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select a.at, a.id, a.entity, a.record_id, {AuditDigest.OfEntry}, coalesce(pg_visible_in_snapshot(a.xid, $1::pg_snapshot), false) and $2 = (select system_identifier from pg_control_system())::text
            from {_schema}._audit a where not exists (select from {_schema}._audit_digest d where d.at = a.at and d.id = a.id) order by a.at, a.id
            """, transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)proof.Last?.Snapshot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)proof.Last?.Lineage ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) proof.AddUnsealed(ReadEntry(reader, 0), !reader.IsDBNull(5) && reader.GetBoolean(5));
    }

    private static SealedEntry ReadEntry(NpgsqlDataReader reader, int from) => new(reader.GetDateTime(from), reader.GetGuid(from + 1),
        reader.IsDBNull(from + 2) ? null : reader.GetString(from + 2), reader.IsDBNull(from + 3) ? null : reader.GetGuid(from + 3), reader.GetFieldValue<byte[]>(from + 4));

    /// <summary>Up to when entries of an entity were removed after their time, as the audit itself tells it.</summary>
    private async Task<Dictionary<string, DateTime>> RetainedAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var rows = await transaction.Connection!.QueryAsync<(string Entity, string Before)>(new CommandDefinition(
            $"select entity, max(changes::json ->> 'before') from {_schema}._audit where operation = @Retention and entity is not null and changes is not null group by entity", new { AuditOperations.Retention }, transaction, cancellationToken: ct));
        return rows.Where(row => row.Before is not null).ToDictionary(row => row.Entity, row => DateTime.Parse(row.Before, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal), StringComparer.Ordinal);
    }

    /// <summary>Records, and single entries, of which something was erased, as the audit itself tells it.</summary>
    private async Task<HashSet<Guid>> ErasedAsync(NpgsqlTransaction transaction, CancellationToken ct) => [.. await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition($"""
        select json_array_elements_text(coalesce(changes::json -> 'records', '[]'))::uuid from {_schema}._audit where operation = @Erasure and changes is not null
        union select json_array_elements_text(coalesce(changes::json -> 'entries', '[]'))::uuid from {_schema}._audit where operation = @Erasure and changes is not null
        """, new { AuditOperations.Erasure }, transaction, cancellationToken: ct))];

    internal static bool IsDatedBack(DateTime at, DateTime previousSeal) => at < previousSeal - LongestTransaction;
}
