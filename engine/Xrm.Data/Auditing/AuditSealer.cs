using System.Data;
using System.Globalization;
using Dapper;
using Npgsql;
using Xrm.Data.Changes;

namespace Xrm.Data.Auditing;

/// <summary>
/// Seals what was committed since the last seal, a link of the chain for all nodes together. Saves know nothing of it and wait for nobody: which
/// entries are new follows from the snapshots of two seals, as it does in the feed of changes. See decision 20.
/// </summary>
public sealed class AuditSealer(Database database, TimeProvider time)
{
    /// <summary>First half of the advisory lock's key; the other half is the organisation.</summary>
    private const int LockKey = 0x58_52_4D_0A;

    private const string Lineage = "(select system_identifier from pg_control_system())::text";

    private readonly string _schema = $"\"{database.Schema}\"";

    /// <summary>Makes a seal where there is something to seal and no other node is at it.</summary>
    /// <param name="ct">Cancels it; nothing is sealed then.</param>
    /// <returns>Number of entries that were sealed.</returns>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task<long> SealAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        // Taken before the snapshot: who waits for nobody must not seal what somebody else has just sealed.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_lock({LockKey}, hashtext(@Schema))", new { database.Schema }, cancellationToken: ct))) return 0;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            var sealedNow = await SealAsync(transaction, ct);
            await transaction.CommitAsync(ct);
            return sealedNow;
        }
        finally
        {
            await connection.ExecuteAsync(new CommandDefinition($"select pg_advisory_unlock({LockKey}, hashtext(@Schema))", new { database.Schema }, cancellationToken: CancellationToken.None));
        }
    }

    private async Task<long> SealAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var connection = transaction.Connection!;
        var (snapshot, lineage) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition($"select pg_current_snapshot()::text, {Lineage}", null, transaction, cancellationToken: ct));
        var last = await connection.QuerySingleOrDefaultAsync<AuditSeal>(new CommandDefinition($"select {AuditSeals.Columns} from {_schema}._audit_seal order by number desc limit 1", null, transaction, cancellationToken: ct));
        var number = (last?.Number ?? 0) + 1;
        var digested = last is null || last.Lineage == lineage ? await DigestAsync(transaction, number, last, snapshot, ct) : await DigestRestoredAsync(transaction, number, ct);
        if (digested == 0) return 0;
        var now = time.GetUtcNow().UtcDateTime;
        var seal = new AuditSeal { Number = number, Snapshot = snapshot, Lineage = lineage, Entries = digested, Total = (last?.Total ?? 0) + digested, SealedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) };
        var hash = await AuditSeals.HashAsync(connection, transaction, _schema, last?.Hash ?? [], seal, ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"insert into {_schema}._audit_seal (number, snapshot, lineage, entries, total, sealed_at, hash) values (@Number, @Snapshot, @Lineage, @Entries, @Total, @SealedAt, @Hash)", seal with { Hash = hash }, transaction, cancellationToken: ct));
        return digested;
    }

    /// <summary>Digests what the snapshot sees and the one of the last seal did not, found by the index on the transaction.</summary>
    private Task<int> DigestAsync(NpgsqlTransaction transaction, long number, AuditSeal? last, string snapshot, CancellationToken ct)
    {
        var from = last is null ? null : ChangeSnapshot.TryParse(last.Snapshot) ?? throw new InvalidOperationException($"The seal {last.Number} has the snapshot '{last.Snapshot}'.");
        return DigestAsync(transaction, $"where (a.xid >= @next::xid8 or a.xid = any(@running::xid8[])) and a.xid < pg_snapshot_xmax(@snapshot::pg_snapshot) and pg_visible_in_snapshot(a.xid, @snapshot::pg_snapshot)", new
        {
            number,
            snapshot,
            next = Text(from?.Next ?? 0),
            running = (from?.Running ?? []).Select(Text).ToArray(),
        }, ct);
    }

    /// <summary>
    /// In a database that was copied by its rows, numbers of transactions begin anew: what has no digest is new, and what was written by the old
    /// numbers must not meet the new ones.
    /// </summary>
    private async Task<int> DigestRestoredAsync(NpgsqlTransaction transaction, long number, CancellationToken ct)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition($"update {_schema}._audit set xid = '3'", null, transaction, cancellationToken: ct));
        return await DigestAsync(transaction, $"where not exists (select from {_schema}._audit_digest d where d.at = a.at and d.id = a.id)", new { number }, ct);
    }

    private Task<int> DigestAsync(NpgsqlTransaction transaction, string condition, object arguments, CancellationToken ct) => transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
        insert into {_schema}._audit_digest (seal, at, id, entity, record_id, digest)
        select @number, a.at, a.id, a.entity, a.record_id, {AuditDigest.OfEntry} from {_schema}._audit a {condition}
        """, arguments, transaction, cancellationToken: ct));

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
