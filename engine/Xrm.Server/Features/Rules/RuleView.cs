using System.Collections.Immutable;
using Xrm.Data.Rules;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Features.Rules;

/// <summary>A rule with what it has done.</summary>
/// <param name="Entity">Name of its entity; empty for none.</param>
/// <param name="EntityLabel">What people call one record.</param>
/// <param name="Name">Name, unique in the entity.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Package">Package that it belongs to.</param>
/// <param name="Kind"><c>script</c>, or <c>decision</c> for a rule without one; <c>action</c>, <c>schedule</c>, <c>form</c> for a script of forms, which runs in the browser and is not counted.</param>
/// <param name="File">File that the author wrote.</param>
/// <param name="On">Events.</param>
/// <param name="When">Condition of a rule with a script; null for none.</param>
/// <param name="IsAfter">It runs when a save is over.</param>
/// <param name="Fields">On update it runs only when one of these changes; always where empty.</param>
/// <param name="Runs">Runs since they are counted.</param>
/// <param name="Refusals">Of them, those that refused the save.</param>
/// <param name="Failures">Of them, those in which something went wrong.</param>
/// <param name="Slow">Of them, those that took longer than 100 ms.</param>
/// <param name="MeanMilliseconds">Mean time of a run; null where it never ran.</param>
/// <param name="LongestMilliseconds">Longest time of a run; null where it never ran.</param>
/// <param name="LastRunAt">UTC time; null where it never ran.</param>
/// <param name="LastFailure">What went wrong last; null where nothing did.</param>
/// <param name="Off">Who switched it off, and why; null where it is on.</param>
internal sealed record RuleView(
    string Entity, string EntityLabel, string Name, string Label, string Package, string Kind, string File, string? When, bool IsAfter, ImmutableArray<string> On, ImmutableArray<string> Fields,
    long Runs, long Refusals, long Failures, long Slow, double? MeanMilliseconds, double? LongestMilliseconds, DateTime? LastRunAt, RuleFailureView? LastFailure, RuleOffView? Off)
{
    /// <summary>Everything of a model that runs, with what is known of it.</summary>
    public static IEnumerable<RuleView> All(Model model, IReadOnlyDictionary<RuleKey, RuleCount> counts, IReadOnlyDictionary<RuleKey, RuleSwitch> off, Texts texts)
    {
        foreach (var entity in model.Entities)
        {
            foreach (var rule in entity.Rules)
                yield return Of(Watched.Of(rule), (entity, Names.ToLabel(rule.Name), rule.Location.Package)) with { When = rule.When?.Text, IsAfter = rule.IsAfter, On = [.. Events(rule)], Fields = [.. rule.Fields.Select(field => field.Name)] };
            foreach (var script in entity.FormScripts)
                yield return Of(new Watched(RuleKey.Of(entity, script), "form", $"rules/{script.Name}"), (entity, script.Name, entity.Package));
        }
        foreach (var action in model.Actions) yield return Of(Watched.Of(action), (action.Entity, texts.Find($"action.{action.Name}.label") ?? action.Label, action.Script.Location.Package)) with { When = action.When?.Text };
        foreach (var schedule in model.Schedules) yield return Of(Watched.Of(schedule), (null, texts.Find($"schedule.{schedule.Name}.label") ?? schedule.Label, schedule.Script.Location.Package));

        RuleView Of(Watched what, (Entity? Entity, string Label, string Package) about) =>
            RuleView.Of(what, (about.Entity is { } entity ? texts.Find($"entity.{entity.Name}.label") ?? entity.Label : "", about.Label, about.Package), counts.GetValueOrDefault(what.Key), off.GetValueOrDefault(what.Key));
    }

    private static RuleView Of(Watched what, (string Entity, string Label, string Package) about, RuleCount? count, RuleSwitch? off) => new(
        what.Key.Entity, about.Entity, what.Key.Name, about.Label, about.Package, what.Kind, what.File, null, false, [], [],
        count?.Runs ?? 0, count?.Refusals ?? 0, count?.Failures ?? 0, count?.Slow ?? 0, count is null ? null : count.TotalMilliseconds / count.Runs, count?.LongestMilliseconds, count?.LastRunAt,
        count?.LastFailureAt is { } at ? new RuleFailureView(count.LastFailure ?? "", count.LastFailureLine is > 0 and var line ? line : null, at) : null,
        off is null ? null : new RuleOffView(off.Reason, off.UserName, off.At));

    private static IEnumerable<string> Events(Rule rule)
    {
        if (rule.OnCreate) yield return "create";
        if (rule.OnUpdate) yield return "update";
        if (rule.OnDelete) yield return "delete";
    }
}

/// <param name="Message">What went wrong.</param>
/// <param name="Line">One-based line of the file; null where it is not known.</param>
/// <param name="At">UTC time.</param>
internal sealed record RuleFailureView(string Message, int? Line, DateTime At);

/// <param name="Reason">Why.</param>
/// <param name="By">Who did it; null where the user is gone.</param>
/// <param name="At">UTC time.</param>
internal sealed record RuleOffView(string Reason, string? By, DateTime At);
