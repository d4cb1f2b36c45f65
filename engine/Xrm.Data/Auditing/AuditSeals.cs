using System.Runtime.CompilerServices;
using Npgsql;

namespace Xrm.Data.Auditing;

/// <summary>Reads seals and what they remember.</summary>
internal static class AuditSeals
{
    /// <summary>The columns of a seal.</summary>
    public const string Columns = "number, snapshot, lineage, entries, total, sealed_at as SealedAt, hash";

    /// <summary>The hash that a seal has to have.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction; null for none.</param>
    /// <param name="schema">Schema of the organisation, quoted.</param>
    /// <param name="before">Hash of the seal before; empty for the first.</param>
    /// <param name="seal">The seal; its own hash is not looked at.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<byte[]> HashAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string schema, byte[] before, AuditSeal seal, CancellationToken ct)
    {
        using var hash = AuditDigest.Begin(before, seal);
        await foreach (var entry in EntriesAsync(connection, transaction, schema, seal.Number, ct)) AuditDigest.Add(hash, entry);
        return hash.GetHashAndReset();
    }

    private static async IAsyncEnumerable<SealedEntry> EntriesAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string schema, long seal, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select at, id, entity, record_id, digest from {schema}._audit_digest where seal = $1 order by at, id", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = seal });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new SealedEntry(reader.GetDateTime(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetFieldValue<byte[]>(4));
    }
}
