using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Jobs;
using Xrm.Data.Rules;
using Xrm.Data.Workflows;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Workflows;

/// <summary>Starts the runs of schedules. What was due while no server ran happens once, when one does.</summary>
internal sealed class ScheduleRunner(Database database, ScheduleStore schedules, WorkflowRunStore runs, RuleSwitches switches, CurrentModel current, TimeProvider time, ILogger<ScheduleRunner> log) : BackgroundLoop(time, log)
{
    private readonly TimeProvider _time = time;

    protected override TimeSpan IdlePause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var published = current.Value;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(published.Model.TimeZone);
        var off = await switches.OffAsync(ct);
        foreach (var schedule in published.Model.Schedules)
            await database.InTransactionAsync(async (transaction, ct) =>
            {
                var now = _time.GetUtcNow().UtcDateTime;
                if (schedule.Next(now, zone) is not { } next || !await schedules.TakeAsync(transaction, schedule.Name, now, next, ct)) return false;
                // One that takes longer than its pause is not started twice; what is due while it is switched off is left out.
                if (!off.Contains(RuleKey.Of(schedule)) && !await runs.IsRunningAsync(transaction, schedule.Name, ct)) await runs.AddAsync(transaction, NewRun(schedule, now), ct);
                return true;
            }, published.Model, ct);
        return false;
    }

    private static NewWorkflowRun NewRun(Schedule schedule, DateTime now) =>
        new(Guid.CreateVersion7(now), schedule.Name, StartScripts.Definition(schedule.Script, schedule.Name), ("", Guid.Empty), "0") { StartedBy = Caller.System.UserId };
}
