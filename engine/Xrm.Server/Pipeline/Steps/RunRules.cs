using System.Collections.Frozen;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline.Insight;
using Xrm.Server.Pipeline.Scripts;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Runs the entity's rules, scripts and decisions, in their order. What one changes, the next sees, formulas included.</summary>
internal sealed class RunRules(RunScript scripts, RunDecision decisions, RuleActivity activity) : ISaveStep
{
    private const string After = "after";

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        // A rule must not meet values that are refused anyway.
        if (save.Errors.Count > 0) return;
        if (save.Action is { Action: var action })
        {
            if (!await StartWorkflows.HoldsAsync(action.When, save, ct)) throw new XrmException("action_not_offered", 409, $"{action.Label} is not possible in the present state of this {save.Entity.Label}: it needs {action.When!.Text}.");
            if (save.Unit.Trace is null && (await activity.OffAsync(save, ct)).Contains(RuleKey.Of(action))) throw SwitchedOff(action);
            await activity.RunAsync(Watched.Of(action), save, () => scripts.RunAsync(action.Script, save, ct));
            if (save.Errors.Count > 0) return;
        }
        if (save.Entity.Rules.IsEmpty) return;
        var off = await activity.OffAsync(save, ct);
        foreach (var each in save.Entity.Rules)
        {
            var rule = save.Unit.Trace?.InForce(each) ?? each;
            if (await ObstacleAsync(rule, save, off, ct) is { } obstacle)
            {
                // What follows the save is told of when it does.
                if (obstacle != After) save.Unit.Trace?.Skip(rule, save, obstacle);
            }
            else await activity.RunAsync(Watched.Of(rule), save, () => RunAsync(rule, save, ct));
        }
    }

    /// <summary>The refusal of an action that is switched off.</summary>
    public static XrmException SwitchedOff(ScriptAction action) =>
        new("action_switched_off", 409, $"{action.Label} is switched off for the time being, since it did harm. Ask an administrator when it will be back.");

    /// <summary>Why a rule does not run; null where it does.</summary>
    private static async ValueTask<string?> ObstacleAsync(Rule rule, SaveContext save, FrozenSet<RuleKey> off, CancellationToken ct)
    {
        if (!Applies(rule, save)) return save.Operation == Operation.Update && rule.OnUpdate ? "fields" : "event";
        if (off.Count > 0 && off.Contains(RuleKey.Of(rule)) && save.Unit.Trace?.IsTried(rule) != true) return "off";
        if (rule.IsAfter) return After;
        if (rule.Decision is not null) return null;
        // What one rule refuses, no script needs to look at; messages of other decisions are told together.
        if (save.Errors.Count > 0) return "refused";
        return await StartWorkflows.HoldsAsync(rule.When, save, ct) ? null : "condition";
    }

    /// <summary>Runs one rule, whatever its events.</summary>
    public Task RunAsync(Rule rule, SaveContext save, CancellationToken ct) =>
        rule.Decision is { } decision ? decisions.RunAsync(rule, decision, save, ct) : scripts.RunAsync(rule.Script!, save, ct);

    /// <summary>Whether what happens to a record is what a rule waits for; its condition aside.</summary>
    public static bool Applies(Rule rule, SaveContext save) => save.Operation switch
    {
        Operation.Create => rule.OnCreate,
        Operation.Delete => rule.OnDelete,
        _ => (rule.OnUpdate && (rule.Fields.IsEmpty || rule.Fields.Any(field => save.IsChanged(field) || save.Sets.ContainsKey(field))))
            || (rule.OnTransition && save.Transition is { } transition && (rule.Transitions.IsEmpty || rule.Transitions.Contains(transition.Name))),
    };
}
