using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Data;

/// <summary>
/// Removes for good what has lain in the recycle bin for long, as whoever may delete it could: with its parts, files, rules, history and
/// events. What stands in the way of others, or is refused by a rule, stays, and is tried again the next time.
/// </summary>
internal sealed class RecycleBinPurge(Database database, RecordCommands commands, RecurringWork recurring, CurrentModel current, Retention kept, TimeProvider time, ILogger<RecycleBinPurge> log) : ICleanUp
{
    /// <summary>Records of one transaction: few, because they are locked until its end.</summary>
    private const int Most = 50;

    private const int FoundAtOnce = 1_000;

    // What stays because others are in the way is looked at again each time.
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public string What => "records in the recycle bin";

    public async Task<bool> RunAsync(CancellationToken ct)
    {
        if (kept.RecycleBin > TimeSpan.Zero) await recurring.RunIfDueAsync("recycle_bin", Interval, PurgeAsync, ct);
        return false;
    }

    private async Task PurgeAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow().UtcDateTime - kept.RecycleBin;
        Outcome outcome;
        var purged = 0;
        do
        {
            outcome = new Outcome();
            foreach (var entity in current.Value.Model.Entities.Where(entity => entity.HasRecycleBin)) await PurgeAsync(entity, before, outcome, ct);
            purged += outcome.Purged;
        }
        // What was in the way of a record may have gone after it.
        while (outcome.Purged > 0 && outcome.Refused > 0);
        if (purged > 0) log.LogInformation("{Records} records that had lain in the recycle bin for {Days} days were removed for good.", purged, kept.RecycleBin.TotalDays);
        if (outcome.Last is { } refusal) log.LogInformation("{Records} records stay in the recycle bin, the last one because: {Reason}", outcome.Refused, refusal.Message);
    }

    private async Task PurgeAsync(Entity entity, DateTime before, Outcome outcome, CancellationToken ct)
    {
        var published = current.Value;
        // A publish may have taken it away meanwhile.
        if (published.Model.FindEntity(entity.Name) is not { HasRecycleBin: true } now) return;
        var contents = new BinContents(now, [.. PrepareDelete.Owners(now)]);
        Guid? position = null;
        List<Guid> found;
        do
        {
            found = await database.InRecordTransactionAsync((records, ct) => RecycleBin.ExpiredAsync(records, contents, before, position, FoundAtOnce, ct), published, null, ct);
            foreach (var portion in found.Chunk(Most))
                await database.InRecordTransactionAsync((records, ct) => PurgeAsync(records, contents, before, portion, outcome, ct), published, null, ct);
            if (found.Count > 0) position = found[^1];
        }
        while (found.Count == FoundAtOnce);
    }

    private async Task<bool> PurgeAsync(RecordTransaction records, BinContents contents, DateTime before, Guid[] portion, Outcome outcome, CancellationToken ct)
    {
        var ids = await RecycleBin.TakeExpiredAsync(records, contents, before, portion, ct);
        var refused = await EachRecord.RunAsync(records, ids, (id, ct) => PurgeAsync(records, contents.Entity, id, ct), ct);
        // One may have gone together with another that it belonged to.
        var kept = refused.Where(one => one.Refusal.Code != "record_not_found").ToList();
        outcome.Purged += ids.Count - kept.Count;
        outcome.Refused += kept.Count;
        if (kept.Count > 0) outcome.Last = kept[^1].Refusal;
        return true;
    }

    private Task PurgeAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct)
    {
        var unit = new SaveUnit(records, Caller.System, time.GetUtcNow().UtcDateTime) { Cause = new SaveCause("clean_up", "recycle_bin") };
        return commands.PurgeAsync(unit, entity, RecordKey.OfId(entity, id), null, ct);
    }

    private sealed class Outcome
    {
        public int Purged { get; set; }

        public int Refused { get; set; }

        public XrmException? Last { get; set; }
    }
}
