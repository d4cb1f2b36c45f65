using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>
/// Tries scripts that run in no save: those that follow one, actions about no record, schedules. Whoever asks for it undoes it; other servers are not called, and a
/// trace, where there is one, tells what happened.
/// </summary>
internal sealed class ScriptTrial(ScriptEngine scripts, ScriptServices services, SavePipeline pipeline, TimeProvider time)
{
    private const string RunKey = "trial";
    private const int MostFollowing = 50;
    private static readonly TimeSpan WaitingTime = TimeSpan.FromSeconds(10);

    /// <summary>Runs the rules that follow the saves of a trace, and those that follow what these save.</summary>
    /// <exception cref="XrmException">One went wrong; the save is over all the same.</exception>
    public async Task FollowAsync(SaveUnit unit, CancellationToken ct)
    {
        for (var count = 0; count < MostFollowing && unit.Trace!.Following.TryDequeue(out var next); count++)
        {
            var (rule, save) = next;
            await RunAsync(Watched.Of(rule), rule.Script!, unit, save, call => call with
            {
                Record = save.Operation == Operation.Delete ? save.Previous ?? save.Values : save.Values,
                Previous = save.Previous,
                Operation = save.Operation.ToString().ToLowerInvariant(),
                Transition = save.Transition?.Name,
                IsAfter = true,
            }, ct);
        }
    }

    /// <summary>Runs an action about no record.</summary>
    /// <returns>What it gives.</returns>
    public Task<ScriptOutcome> ActAsync(ScriptAction action, System.Text.Json.JsonElement parameters, SaveUnit unit, CancellationToken ct) =>
        RunAsync(Watched.Of(action), action.Script, unit, null, call => call with { Operation = "action", Parameters = parameters }, ct);

    /// <summary>Runs what a schedule says, be it switched off or not.</summary>
    /// <returns>What it warns of and logs.</returns>
    /// <exception cref="XrmException">It has refused or went wrong.</exception>
    public Task<ScriptOutcome> KeepTimeAsync(Schedule schedule, SaveUnit unit, CancellationToken ct) =>
        RunAsync(Watched.Of(schedule), schedule.Script, unit, null, call => call with { Operation = "schedule", IsAfter = true }, ct);

    private async Task<ScriptOutcome> RunAsync(Watched what, Script script, SaveUnit unit, SaveContext? save, Func<ScriptCall, ScriptCall> happened, CancellationToken ct)
    {
        var host = new ScriptHost(script, unit, null, services, pipeline.RunAsync) { RunKey = what.Key.Kind == RuleKey.OfActions ? null : RunKey };
        var call = new ScriptCall(new RecordValues(), null, ScriptCallers.Of(unit.Caller), unit.UtcNow, host) { WaitingTime = WaitingTime };
        var entry = unit.Trace?.Begin(what, save);
        var started = time.GetTimestamp();
        XrmException? stopped = null;
        var (errors, messages) = (ImmutableArray<FieldError>.Empty, ImmutableArray<SaveMessage>.Empty);
        try
        {
            var outcome = await scripts.RunAsync(script, happened(call) with { Trace = unit.Trace?.Script() }, ct);
            errors = [.. outcome.Failures.Select(failure => new FieldError(null, "rule_refused", failure.Message))];
            messages = [.. outcome.Warnings.Select(warning => new SaveMessage(SaveMessage.Warning, null, warning.Message))];
            if (!errors.IsEmpty) throw XrmException.Invalid([.. errors]);
            await unit.Records.FlushAsync(ct);
            return outcome;
        }
        catch (ScriptHostException refused) when (refused.InnerException is XrmException inner)
        {
            throw stopped = ScriptRefusals.Of(refused, inner);
        }
        catch (ScriptException wrong)
        {
            throw stopped = new XrmException(wrong.Code, 422, wrong.Message, inner: wrong);
        }
        catch (XrmException refused)
        {
            stopped = refused;
            throw;
        }
        finally
        {
            entry?.End((errors, messages), time.GetElapsedTime(started), stopped);
        }
    }
}
