using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Data.Auditing;

/// <summary>What the chain is made of: digests of entries, and hashes of seals over them.</summary>
internal static class AuditDigest
{
    /// <summary>
    /// SQL for the digest of an entry, under the alias <c>a</c>: SHA-256 over its columns as a JSON array, which tells apart whatever differs. What was said of a
    /// record stands in it as a salted digest of its own, so that it can be erased and the rest still be proved. Entries of early versions have no salt: once
    /// something was erased from one, its digest cannot be computed, and is empty. The time is in microseconds, so that it does not depend on settings of the connection.
    /// </summary>
    public const string OfEntry = """
        case when octet_length(a.erased) = 0 then ''::bytea
        when a.salt is null and a.erased is null then
          sha256(convert_to(json_build_array('xrm-audit-1', a.id, (extract(epoch from a.at) * 1000000)::bigint, a.entity, a.record_id, a.operation,
            a.by_user, a.cause::text, a.changes, a.source, a.address)::text, 'UTF8'))
        else
          sha256(convert_to(json_build_array('xrm-audit-2', a.id, (extract(epoch from a.at) * 1000000)::bigint, a.entity, a.record_id, a.operation,
            a.by_user, a.cause::text, encode(coalesce(case when a.changes is null then a.erased end, sha256(convert_to(a.salt::text || coalesce(a.changes, '~'), 'UTF8'))), 'hex'), a.source, a.address)::text, 'UTF8'))
        end
        """;

    /// <summary>Begins the hash of a seal.</summary>
    /// <param name="before">Hash of the seal before; empty for the first.</param>
    /// <param name="seal">The seal.</param>
    public static IncrementalHash Begin(byte[] before, AuditSeal seal)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Text(hash, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"xrm-audit-seal-1\n{seal.Number}\n{seal.Snapshot}\n{seal.Lineage}\n{Microseconds(seal.SealedAt)}\n{seal.Entries}\n{seal.Total}\n"));
        return hash;
    }

    /// <summary>Adds an entry to the hash of its seal.</summary>
    public static void Add(IncrementalHash hash, SealedEntry entry)
    {
        Span<byte> fixedPart = stackalloc byte[16 + sizeof(long) + 16 + 1];
        entry.Id.TryWriteBytes(fixedPart, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(fixedPart[16..], Microseconds(entry.At));
        (entry.RecordId ?? Guid.Empty).TryWriteBytes(fixedPart[24..], bigEndian: true, out _);
        fixedPart[40] = (byte)((entry.RecordId is null ? 0 : 1) | (entry.Entity is null ? 0 : 2));
        hash.AppendData(fixedPart);
        hash.AppendData(entry.Digest);
        // Names hold no line breaks, so that where one ends is where the next entry begins.
        Text(hash, $"{entry.Entity}\n");
    }

    private static long Microseconds(DateTime at) => (at.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static void Text(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}

/// <summary>A link of the chain.</summary>
internal sealed record AuditSeal
{
    /// <summary>Counts from 1 without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>Which transactions were over (<c>pg_snapshot</c>): it covers those that the seal before did not see.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The database system in whose numbers of transactions the snapshot speaks.</summary>
    public required string Lineage { get; init; }

    /// <summary>Number of entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Number of entries of this seal and of all before.</summary>
    public required long Total { get; init; }

    /// <summary>UTC time.</summary>
    public required DateTime SealedAt { get; init; }

    /// <summary>SHA-256 over the hash before, this seal and the digests of its entries.</summary>
    public byte[] Hash { get; init; } = [];
}

/// <summary>What a seal remembers of an entry.</summary>
/// <param name="At">UTC time.</param>
/// <param name="Id">Id of the entry.</param>
/// <param name="Entity">Name of the entity as it was then; null for none.</param>
/// <param name="RecordId">The record; null for none.</param>
/// <param name="Digest">SHA-256 over the entry.</param>
internal sealed record SealedEntry(DateTime At, Guid Id, string? Entity, Guid? RecordId, byte[] Digest);
