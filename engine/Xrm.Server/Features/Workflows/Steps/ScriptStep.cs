using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Runs a script that follows a save, for the person who saved, or one whose time has come. What it changes is committed together with the end of the run, so that it happens once.</summary>
internal sealed class ScriptStep(ScriptEngine scripts, ScriptServices services, SavePipeline pipeline, CallerProvider callers, ILogger<ScriptStep> log) : IWorkflowStep
{
    // Time for other servers to answer.
    private static readonly TimeSpan WaitingTime = TimeSpan.FromSeconds(60);

    public string Type => StartScripts.StepType;

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        if (call.HasRecord) await FollowAsync(call, ct);
        else await KeepTimeAsync(call, ct);
        return new StepOutcome(call.Next);
    }

    /// <summary>Runs what follows a save.</summary>
    private async Task FollowAsync(StepCall call, CancellationToken ct)
    {
        var rule = call.Entity.Rules.FirstOrDefault(rule => rule.Name == call.Step.Name && rule.IsAfter)
            ?? throw new StepFailedException($"{call.Entity.Name} has no rule {call.Step.Name} any more that runs after a save.", isFinal: true);
        // It can be resumed when the rule is switched on again.
        if (await services.Activity.IsOffAsync(RuleKey.Of(rule), ct)) throw new StepFailedException($"The rule {rule.Entity.Name}.{rule.Name} is switched off.", isFinal: true);
        using var told = JsonDocument.Parse(call.Run.Event ?? throw new StepFailedException("What happened is not known any more.", isFinal: true));
        var previous = told.RootElement.TryGetProperty("previous", out var before) ? await RecordLoader.ReadWrittenAsync(call.Records, call.Entity, before.GetRawText(), ct) : null;
        var record = await RecordLoader.ReadWrittenAsync(call.Records, call.Entity, told.RootElement.GetProperty("record").GetRawText(), ct);
        var happened = Call(call, rule.Script!, await CallerAsync(call.Run.StartedBy, ct), record, previous) with
        {
            Operation = told.RootElement.GetProperty("operation").GetString()!,
            Transition = told.RootElement.GetProperty("transition").GetString(),
        };
        await RunAsync(rule.Script!, run => services.Activity.RunAloneAsync(RuleKey.Of(rule), run), happened, ct);
    }

    /// <summary>Runs what a schedule says.</summary>
    private async Task KeepTimeAsync(StepCall call, CancellationToken ct)
    {
        var schedule = call.Records.Published.Model.Schedules.FirstOrDefault(schedule => schedule.Name == call.Step.Name)
            ?? throw new StepFailedException($"There is no schedule {call.Step.Name} any more.", isFinal: true);
        if (await services.Activity.IsOffAsync(RuleKey.Of(schedule), ct)) throw new StepFailedException($"The schedule {schedule.Name} is switched off.", isFinal: true);
        await RunAsync(schedule.Script, run => services.Activity.RunAloneAsync(RuleKey.Of(schedule), run), Call(call, schedule.Script, Caller.System, new RecordValues(), null) with { Operation = "schedule" }, ct);
    }

    private ScriptCall Call(StepCall call, Script script, Caller caller, RecordValues record, RecordValues? previous)
    {
        var unit = new SaveUnit(call.Records, caller, call.UtcNow) { Cause = new SaveCause("script", script.FullName, call.Run.Depth) { Chain = call.Run.Way } };
        var host = new ScriptHost(script, unit, null, services, pipeline.RunAsync) { RunKey = call.Run.Id.ToString() };
        return new ScriptCall(record, previous, ScriptCallers.Of(caller), call.UtcNow, host) { IsAfter = true, WaitingTime = WaitingTime };
    }

    private async Task RunAsync(Script script, Func<Func<Task<bool>>, Task> counted, ScriptCall call, CancellationToken ct)
    {
        try
        {
            ScriptOutcome? outcome = null;
            await counted(async () => (outcome = await scripts.RunAsync(script, call, ct)).Failures.Length > 0);
            foreach (var line in outcome!.Log) log.LogInformation("{Script}, line {Line} of {File}: {Text}", script, line.Line, script.Location.File, line.Text);
            if (outcome.Failures is [var failure, ..]) throw new StepFailedException(failure.Message, isFinal: true);
        }
        catch (ScriptHostException stopped) when (stopped.InnerException is XrmException refused)
        {
            // Another server may answer later.
            throw new StepFailedException(ScriptRefusals.Of(stopped, refused).Message, isFinal: refused.Code != "rule_http" && refused.Status < 500, stopped);
        }
        catch (ScriptException wrong)
        {
            throw new StepFailedException(wrong.Message, isFinal: wrong.Code != "rule_time_limit", wrong);
        }
    }

    private async Task<Caller> CallerAsync(Guid? user, CancellationToken ct)
    {
        if (user is null || user == Caller.System.UserId) return Caller.System;
        try
        {
            return await callers.ForUserAsync(user.Value, ct);
        }
        catch (XrmException gone) when (gone.Status == 401)
        {
            throw new StepFailedException("Who saved is not active any more: the script has nobody's rights.", isFinal: true, gone);
        }
    }
}
