using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Privacy;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Privacy;

/// <summary>
/// Erases what nobody may keep any longer: records whose retention is over, and what had to stay when its person was erased and need not any more.
/// </summary>
internal sealed class PrivacyUpkeep(Database database, ErasureSteps steps, PersonTraces traces, CurrentModel current, TimeProvider time, ILogger<PrivacyUpkeep> log)
{
    /// <summary>Records of one transaction: few, because they are locked until its end.</summary>
    private const int Most = 20;

    /// <summary>Does all that is due.</summary>
    /// <param name="ct">Cancels it; what is erased by then stays so.</param>
    /// <returns>Number of records that were erased.</returns>
    public async Task<long> RunAsync(CancellationToken ct)
    {
        var erased = 0L;
        foreach (var entity in current.Value.Model.Entities.Where(entity => entity.Privacy?.RetainedFor is not null))
        {
            Guid? after = Guid.Empty;
            while (after is { } start)
            {
                (after, var count) = await database.InRecordTransactionAsync((records, ct) => RetainAsync(records, entity.Name, start, ct), current.Value, null, ct);
                erased += count;
            }
        }
        foreach (var (entity, id) in await traces.KeptAsync(ct)) erased += await ReleaseAsync(entity, id, ct);
        if (erased > 0) log.LogInformation("{Records} records were erased after their time.", erased);
        return erased;
    }

    private async Task<(Guid?, int)> RetainAsync(RecordTransaction records, string name, Guid after, CancellationToken ct)
    {
        // A publish may have changed it meanwhile.
        if (records.Published.Model.FindEntity(name) is not { Privacy: { RetainedFor: { } period, RetainedFrom: { } from } privacy } entity) return (null, 0);
        var transaction = await records.BeginAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        var due = await PersonRecords.ExpiredAsync(transaction, records.Schema, records.Published, (from, period.Before(now)), after, Most, ct);
        // What law requires to stay longer, stays.
        var wanted = ErasurePlan.Of([.. due.Select(record => record with { Through = null })], now).Where(one => one.Fate != Erasure.Keep).Select(one => (one.Record, one.Record.IsDeleted ? Erasure.Delete : privacy.Retained)).ToList();
        var done = await EraseAsync(records, entity, wanted, "retention", ct);
        return (due.Count < Most ? null : due[^1].Id, done);
    }

    private async Task<int> ReleaseAsync(string name, Guid id, CancellationToken ct)
    {
        var published = current.Value;
        if (published.Model.FindEntity(name) is not { } entity) return 0;
        try
        {
            return await database.InRecordTransactionAsync(async (records, ct) =>
            {
                var transaction = await records.BeginAsync(ct);
                var plan = ErasurePlan.Of(await PersonRecords.FindAsync(transaction, records.Schema, published, entity, id, ct), time.GetUtcNow().UtcDateTime);
                // The person was erased then, and what was not kept with them.
                var free = plan.Where(one => one.Fate != Erasure.Keep && one.Record.Id != id && one.Record.Entity.Privacy?.Source.Keep is not null).Select(one => (one.Record, one.Fate)).ToList();
                var done = 0;
                foreach (var group in free.GroupBy(one => one.Record.Entity)) done += await EraseAsync(records, group.Key, [.. group], "kept", ct);
                if (!plan.Any(one => one.Fate == Erasure.Keep)) await traces.NoteErasedAsync(transaction, name, id, Caller.System.UserId, hasKept: false, ct);
                return done;
            }, published, null, ct);
        }
        catch (XrmException gone) when (gone.Status is 404 or 409)
        {
            return 0;
        }
    }

    private async Task<int> EraseAsync(RecordTransaction records, Entity entity, IReadOnlyList<(PersonRecord Record, Erasure Fate)> wanted, string cause, CancellationToken ct)
    {
        var erased = new List<Guid>();
        foreach (var (record, fate) in wanted)
        {
            if (await steps.EraseAsync(records, entity, record.Id, fate, cause, ct) is { } refused)
            {
                log.LogWarning("The {Entity} {Id} cannot be erased after its time: {Reason}", entity.Name, record.Id, refused.Message);
                continue;
            }
            erased.Add(record.Id);
            await traces.NoteErasedAsync(await records.BeginAsync(ct), entity.Name, record.Id, Caller.System.UserId, hasKept: false, ct);
        }
        if (erased.Count > 0) await steps.NoteAsync(records, entity.Name, null, new { cause, records = erased }, ct);
        return erased.Count;
    }
}

/// <summary>Does it once a day, on one node.</summary>
internal sealed class PrivacyUpkeepService(PrivacyUpkeep upkeep, RecurringWork recurring, TimeProvider time, ILogger<PrivacyUpkeepService> log) : BackgroundLoop(time, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    private TimeSpan _pause;

    protected override TimeSpan IdlePause => _pause;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        _pause = await recurring.RunIfDueAsync("privacy upkeep", Interval, upkeep.RunAsync, ct);
        return false;
    }
}
