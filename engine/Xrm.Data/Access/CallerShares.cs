using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>What of changed records is shared with somebody who follows changes.</summary>
/// <param name="database">The database.</param>
/// <param name="published">The model in force.</param>
/// <param name="caller">Who follows; most have nothing shared with them, and ask nothing.</param>
public sealed class CallerShares(Database database, PublishedModel published, Caller caller)
{
    /// <summary>What shares let the caller do now, by entity and record; records that are not shared are missing.</summary>
    /// <param name="records">Names of entities, and ids of records.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task<ImmutableDictionary<(string Entity, Guid Id), ShareRights>> FindAsync(IEnumerable<(string Entity, Guid Id)> records, CancellationToken ct)
    {
        var found = ImmutableDictionary.CreateBuilder<(string, Guid), ShareRights>();
        if (caller.SharesWith.IsEmpty) return found.ToImmutable();
        foreach (var group in records.GroupBy(record => record.Entity, record => record.Id))
        {
            if (published.Model.FindEntity(group.Key) is not { IsUserOwned: true } entity) continue;
            var rights = await database.InRecordTransactionAsync((transaction, ct) => RecordShares.WithCallerAsync(transaction, caller, entity, [.. group.Distinct()], ct), published, caller.TimeLimit, ct);
            foreach (var (id, right) in rights) found.Add((group.Key, id), right);
        }
        return found.ToImmutable();
    }
}
