using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Jobs;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Audit;

/// <summary>Makes the months of the audit ahead, and removes what its entities keep no longer. Once a day, on one node.</summary>
internal sealed class AuditUpkeep(AuditMonths months, AuditRetention retention, RecurringWork recurring, CurrentModel current, TimeProvider time, ILogger<AuditUpkeep> log) : BackgroundLoop(time, log)
{
    /// <summary>Jobs of plugins have theirs beside it, which are names of one word.</summary>
    private const string Name = "audit upkeep";

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time;
    private readonly ILogger _log = log;
    private TimeSpan _pause;

    protected override TimeSpan IdlePause => _pause;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        _pause = await recurring.RunIfDueAsync(Name, Interval, RunAsync, ct);
        return false;
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await months.MakeAsync(ct);
        foreach (var entity in current.Value.Model.Entities)
        {
            if (entity.AuditRetention is not { } kept) continue;
            var removed = await retention.RemoveAsync(entity.Name, kept.Before(_time.GetUtcNow().UtcDateTime), ct);
            if (removed > 0) _log.LogInformation("{Count} entries of the audit about {Entity} went after their time.", removed, entity.PluralLabel);
        }
    }
}
