using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace Xrm.Data.Auditing;

/// <summary>A proof under way: it is told of seals and entries in their order, and notes what does not fit.</summary>
internal sealed class AuditProof(string organisation, IReadOnlyDictionary<string, DateTime> retained, IReadOnlySet<Guid> erased, string? head)
{
    private const int MostFindings = 1_000;

    private readonly ImmutableArray<AuditFinding>.Builder _findings = ImmutableArray.CreateBuilder<AuditFinding>();
    private readonly SortedDictionary<string, long> _expired = new(StringComparer.Ordinal);
    private readonly byte[]? _head = head is null ? null : Hex(head);
    private IncrementalHash? _hash;
    private AuditSeal? _before;
    private bool _hasGap;
    private bool _hasHead;
    private long _entriesOfSeal;
    private long _found;
    private long _unsealed;
    private long _erased;

    /// <summary>The seal that is looked at, or was last.</summary>
    public AuditSeal? Last { get; private set; }

    /// <summary>Its number; 0 before the first.</summary>
    public long Number => Last?.Number ?? 0;

    /// <summary>Entries that were compared.</summary>
    public long Entries { get; private set; }

    /// <summary>Comes to the next seal.</summary>
    public void Begin(AuditSeal seal)
    {
        End();
        _hasGap = seal.Number != Number + 1;
        if (_hasGap)
            Add(AuditFinding.SealRemoved, Number + 1, null, seal.Number == Number + 2 ? $"Seal {Number + 1} is missing." : $"The seals {Number + 1} to {seal.Number - 1} are missing.");
        (_before, Last, _entriesOfSeal) = (Last, seal, 0);
        _hash = AuditDigest.Begin(_before?.Hash ?? [], seal);
    }

    /// <summary>Compares an entry of the seal with what is there now.</summary>
    /// <param name="entry">What the seal remembers.</param>
    /// <param name="now">The digest that the entry has now; null where it is gone.</param>
    /// <param name="isErased">What it said of a record is gone.</param>
    public void Compare(SealedEntry entry, byte[]? now, bool isErased)
    {
        AuditDigest.Add(_hash!, entry);
        Entries++;
        _entriesOfSeal++;
        if (now is null && IsExpired(entry)) _expired[entry.Entity!] = _expired.GetValueOrDefault(entry.Entity!) + 1;
        else if (now is null) Add(AuditFinding.EntryRemoved, Number, entry, $"{Name(entry)} was removed.");
        else if (isErased && !erased.Contains(entry.Id) && !(entry.RecordId is { } record && erased.Contains(record)))
            Add(AuditFinding.EntryChanged, Number, entry, $"{Name(entry)} was emptied, and no erasure tells of it.");
        // Of entries from before there was a salt, nothing can be computed any more.
        else if (isErased && now.Length == 0) _erased++;
        else if (isErased && now.AsSpan().SequenceEqual(entry.Digest)) _erased++;
        else if (!now.AsSpan().SequenceEqual(entry.Digest)) Add(AuditFinding.EntryChanged, Number, entry, $"{Name(entry)} was changed after it was sealed.");
        if (_before is { } before && AuditVerifier.IsDatedBack(entry.At, before.SealedAt))
            Add(AuditFinding.EntryAdded, Number, entry, $"{Name(entry)} was added later: it was not there when seal {before.Number} was made at {Time(before.SealedAt)}.");
    }

    /// <summary>Ends the seal that is looked at.</summary>
    public void End()
    {
        if (_hash is null || Last is not { } seal) return;
        var hash = _hash.GetHashAndReset();
        _hash.Dispose();
        _hash = null;
        if (_head is not null && seal.Hash.AsSpan().SequenceEqual(_head)) _hasHead = true;
        if (hash.AsSpan().SequenceEqual(seal.Hash)) return;
        if (_entriesOfSeal != seal.Entries)
            Add(AuditFinding.SealChanged, seal.Number, null, $"Seal {seal.Number} of {Time(seal.SealedAt)} covers {seal.Entries} entries, but {_entriesOfSeal} are remembered.");
        else if (!_hasGap)
            Add(AuditFinding.SealChanged, seal.Number, null, $"Seal {seal.Number} of {Time(seal.SealedAt)} does not follow from its entries and the seal before: one of them was changed.");
    }

    /// <summary>Notes what is remembered for a seal that is not there.</summary>
    public void AddOrphan(long seal, long entries) => Add(AuditFinding.SealRemoved, seal, null, $"Seal {seal} was removed: {entries} entries are remembered for it.");

    /// <summary>Notes an entry that no seal knows.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isLate">Its transaction was over when the last seal was made, which would have covered it.</param>
    public void AddUnsealed(SealedEntry entry, bool isLate)
    {
        if (!isLate) _unsealed++;
        else Add(AuditFinding.EntryAdded, null, entry, $"{Name(entry)} was added: no seal knows it.");
    }

    /// <summary>What was found.</summary>
    public AuditReport Report()
    {
        if (_head is not null && !_hasHead)
            Add(AuditFinding.HeadMissing, null, null, $"No seal has the hash {Convert.ToHexStringLower(_head)}: the chain was written anew, or its end was cut off.");
        return new AuditReport(organisation, Last is null ? null : Convert.ToHexStringLower(Last.Hash), Number, Last?.SealedAt, Entries, _unsealed, _expired.ToImmutableSortedDictionary(StringComparer.Ordinal), _findings.ToImmutable(), _found) { Erased = _erased };
    }

    private bool IsExpired(SealedEntry entry) => entry is { Entity: { } entity, RecordId: not null } && retained.TryGetValue(entity, out var before) && entry.At < before;

    private void Add(string kind, long? seal, SealedEntry? entry, string message)
    {
        _found++;
        if (_findings.Count < MostFindings) _findings.Add(new AuditFinding(kind, seal, entry?.At, entry?.Id, entry?.Entity, entry?.RecordId, message));
    }

    private string Name(SealedEntry entry) =>
        $"{organisation}, {entry.At.ToString("yyyy-MM", CultureInfo.InvariantCulture)}, {(Number == 0 ? "not sealed" : $"seal {Number}")}: the entry {entry.Id:D} of {Time(entry.At)}{(entry.RecordId is { } record ? $" about {entry.Entity} {record:D}" : entry.Entity is { } entity ? $" about {entity}" : "")}";

    private static string Time(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="Errors.XrmException">400: it is no hash.</exception>
    private static byte[] Hex(string text)
    {
        try
        {
            if (text.Trim() is { Length: 2 * SHA256.HashSizeInBytes } digits) return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            // Said below.
        }
        throw new Errors.XrmException("invalid_hash", 400, $"'{text}' is no hash of a seal: it has 64 hexadecimal digits, as xrm audit verify prints them.");
    }
}

/// <summary>What a proof of the chain has found.</summary>
/// <param name="Organisation">Schema of the organisation.</param>
/// <param name="Head">Hash of the last seal in hexadecimal digits, to be remembered elsewhere; null where nothing is sealed yet.</param>
/// <param name="Seals">Number of the last seal.</param>
/// <param name="SealedAt">UTC time of the last seal; null for none.</param>
/// <param name="Entries">Entries that seals know.</param>
/// <param name="Unsealed">Entries that are too new to be sealed.</param>
/// <param name="Expired">How many entries were removed after their time, by entity.</param>
/// <param name="Findings">What does not fit, the first of them.</param>
/// <param name="Found">How many there are.</param>
public sealed record AuditReport(
    string Organisation, string? Head, long Seals, DateTime? SealedAt, long Entries, long Unsealed, ImmutableSortedDictionary<string, long> Expired, ImmutableArray<AuditFinding> Findings, long Found)
{
    /// <summary>Entries of which the values were erased, as the audit tells it.</summary>
    public long Erased { get; init; }

    /// <summary>Nothing was tampered with.</summary>
    public bool IsIntact => Found == 0;
}

/// <summary>Something that does not fit.</summary>
/// <param name="Kind">One of the constants of this record.</param>
/// <param name="Seal">Number of the seal; null where it concerns none.</param>
/// <param name="At">UTC time of the entry; null for none.</param>
/// <param name="EntryId">The entry; null for none.</param>
/// <param name="Entity">Name of the entity as it was then; null for none.</param>
/// <param name="RecordId">The record; null for none.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record AuditFinding(string Kind, long? Seal, DateTime? At, Guid? EntryId, string? Entity, Guid? RecordId, string Message)
{
    /// <summary>An entry is not as it was sealed.</summary>
    public const string EntryChanged = "entry_changed";

    /// <summary>An entry that was sealed is gone, and not after its time.</summary>
    public const string EntryRemoved = "entry_removed";

    /// <summary>An entry was put in later.</summary>
    public const string EntryAdded = "entry_added";

    /// <summary>A seal, or what it remembers, is not as it was.</summary>
    public const string SealChanged = "seal_changed";

    /// <summary>A seal is gone.</summary>
    public const string SealRemoved = "seal_removed";

    /// <summary>No seal has the hash that was remembered elsewhere.</summary>
    public const string HeadMissing = "head_missing";
}
