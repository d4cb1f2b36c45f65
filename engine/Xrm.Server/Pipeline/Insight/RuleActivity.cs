using System.Collections.Frozen;
using Xrm.Data.Errors;
using Xrm.Data.Rules;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Insight;

/// <summary>Watches over the runs of rules: leaves out those that are switched off, counts the others, and tells a trace of them.</summary>
internal sealed class RuleActivity(RuleSwitches switches, RuleCounts counts, TimeProvider time)
{
    private static readonly FrozenSet<RuleKey> None = FrozenSet<RuleKey>.Empty;

    /// <summary>What must not run in a save. Package tests run all: they are about the package, and a correction of a rule must be publishable.</summary>
    public ValueTask<FrozenSet<RuleKey>> OffAsync(SaveContext save, CancellationToken ct) =>
        save.Unit.Cause?.Kind == SaveCause.Test ? new(None) : switches.OffAsync(ct);

    /// <summary>Runs a rule, or the action of a save.</summary>
    /// <param name="what">What runs.</param>
    /// <param name="save">The save.</param>
    /// <param name="run">Runs it.</param>
    public async Task RunAsync(Watched what, SaveContext save, Func<Task> run)
    {
        var entry = save.Unit.Trace?.Begin(what, save);
        var (started, errors) = (time.GetTimestamp(), save.Errors.Count);
        XrmException? stopped = null;
        try
        {
            await run();
        }
        catch (XrmException exception)
        {
            stopped = exception;
            throw;
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            entry?.End(save, took, stopped);
            if (save.Unit.Trace is null && save.Unit.Cause?.Kind != SaveCause.Test) Note(what.Key, took, save.Errors.Count > errors, stopped);
        }
    }

    /// <summary>Whether something is switched off now, for what runs in no save.</summary>
    public async ValueTask<bool> IsOffAsync(RuleKey key, CancellationToken ct) => (await switches.OffAsync(ct)).Contains(key);

    /// <summary>Runs what runs in no save: a rule whose save is over, an action about no record, a schedule.</summary>
    /// <param name="key">What runs.</param>
    /// <param name="run">Runs it; says whether it has refused what happened.</param>
    /// <exception cref="ScriptException">The script went wrong.</exception>
    public async Task RunAloneAsync(RuleKey key, Func<Task<bool>> run)
    {
        var started = time.GetTimestamp();
        try
        {
            var isRefused = await run();
            counts.Note(key, new RuleRun(time.GetElapsedTime(started), isRefused, null, 0));
        }
        catch (ScriptException wrong)
        {
            counts.Note(key, new RuleRun(time.GetElapsedTime(started), false, wrong.Message, wrong.Line));
            throw;
        }
    }

    private void Note(RuleKey key, TimeSpan took, bool isRefused, XrmException? stopped)
    {
        var isFailure = stopped is not null && IsFailure(stopped);
        var line = (stopped?.InnerException as ScriptException)?.Line ?? 0;
        counts.Note(key, new RuleRun(took, isRefused || (stopped is not null && !isFailure), isFailure ? stopped!.Message : null, line));
    }

    /// <summary>The rule itself is wrong, as opposed to what it works with.</summary>
    public static bool IsFailure(XrmException stopped) => stopped.Code.StartsWith("rule_", StringComparison.Ordinal) && stopped.Code is not ("rule_refused_elsewhere" or "rule_removed_record");
}
