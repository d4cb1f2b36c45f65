using System.Collections.Immutable;
using Xrm.Data.Privacy;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Privacy;

/// <summary>What is to become of a record of a person who is erased.</summary>
/// <param name="Record">The record.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Reason">Why it stays, or is not deleted; null where the package's word is followed.</param>
/// <param name="Until">UTC time until which it stays; null for ever, or where it does not.</param>
internal sealed record PlannedErasure(PersonRecord Record, Erasure Fate, string? Reason, DateTime? Until);

/// <summary>Decides what becomes of the records of a person: what their entities say, what law requires, and what hangs on these.</summary>
internal static class ErasurePlan
{
    /// <summary>The plan, the person first.</summary>
    /// <param name="records">The records, each behind the one through which it leads to the person.</param>
    /// <param name="now">UTC time.</param>
    public static ImmutableArray<PlannedErasure> Of(ImmutableArray<PersonRecord> records, DateTime now)
    {
        var planned = new Dictionary<Guid, PlannedErasure>();
        foreach (var record in records)
        {
            var own = Decide(record, now);
            // What is a part of something that has to stay stays with it: a contract without its lines proves nothing.
            if (own.Fate != Erasure.Keep && record.Entity.Privacy?.Source.Keep is null && record.Through is { } owner && planned.GetValueOrDefault(owner) is { Fate: Erasure.Keep } kept && IsPart(record, kept.Record))
                own = own with { Fate = Erasure.Keep, Reason = kept.Reason, Until = kept.Until };
            planned[record.Id] = own;
        }
        foreach (var record in records.Reverse())
        {
            var one = planned[record.Id];
            if (one.Fate == Erasure.Delete || record.Through is not { } owner || planned.GetValueOrDefault(owner) is not { Fate: Erasure.Delete } above || (one.Fate == Erasure.Anonymise && IsPart(record, above.Record))) continue;
            planned[owner] = above with { Fate = Erasure.Anonymise, Reason = $"A {record.Entity.Label} that stays refers to it." };
        }
        return [.. records.Select(record => planned[record.Id])];
    }

    private static PlannedErasure Decide(PersonRecord record, DateTime now)
    {
        var privacy = record.Entity.Privacy;
        if (privacy?.Source.Keep is { } keep)
        {
            var until = privacy.Kept is { } time && record.KeptFrom is { } from ? time.After(from.ToUniversalTime()) : (DateTime?)null;
            if (until is null || until > now) return new PlannedErasure(record, Erasure.Keep, keep.Reason, until);
        }
        var fate = privacy?.Erasure is Erasure.Delete || record.IsDeleted ? Erasure.Delete : Erasure.Anonymise;
        return new PlannedErasure(record, fate, null, null);
    }

    private static bool IsPart(PersonRecord record, PersonRecord owner) => owner.Entity.Fields.Any(field => field.Type.Name == "children" && field.Child == record.Entity);
}
