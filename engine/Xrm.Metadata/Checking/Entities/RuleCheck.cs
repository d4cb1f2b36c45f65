using System.Collections.Immutable;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Rules have a script or actions; each action does one thing, with fields that take it. Formulas are checked with all others.</summary>
internal static class RuleCheck
{
    public static IEnumerable<Problem> Of(Merged merged) =>
        from entity in merged.Draft.Entities
        where !entity.IsGeneratedLink
        from rule in entity.Rules
        from problem in Shape(rule.Value, rule.Origin, entity).Concat(Actions(rule.Value, rule.Origin, entity, merged.Model.FindEntity(entity.Name)))
        select problem;

    private static IEnumerable<Problem> Shape(Source.Rule rule, Origin at, DraftEntity entity)
    {
        if (rule.Script is not null)
        {
            if (!rule.Then.IsEmpty || !rule.Else.IsEmpty)
                yield return Wrong(at.At(".script"), $"The rule {rule.Name} has a script, and actions beside it.", "Take out script, or then and else.");
            foreach (var problem in Transitions(rule, at, entity)) yield return problem;
            if (rule.On.IsEmpty) yield return Wrong(at.At(), $"The rule {rule.Name} does not say when its script runs.", "Add on, for instance [\"create\", \"update\"].");
            yield break;
        }
        if (rule.On.Contains("transition") || rule.Timing == "after") yield return Wrong(at.At(rule.Timing == "after" ? ".timing" : ".on"), $"The rule {rule.Name} has no script: its actions are done before create and update.", "Name a script, or leave this out.");
        if (rule.Then.IsEmpty) yield return Wrong(at.At(), $"The rule {rule.Name} does nothing.", "Add then with at least one action, or script with the name of a file.");
        if (rule.When is null && !rule.Else.IsEmpty) yield return Wrong(at.At(".else"), "Without a condition, else never happens.", "Add when, or take out else.");
    }

    private static IEnumerable<Problem> Transitions(Source.Rule rule, Origin at, DraftEntity entity)
    {
        var known = entity.Source.Lifecycle?.Transitions.Select(each => each.Name).ToList() ?? [];
        if (rule.On.Contains("transition") && known.Count == 0)
            yield return Wrong(at.At(".on"), $"{entity.Name} has no transitions.", "Give it a lifecycle, or take transition out of on.");
        if (!rule.Transitions.IsEmpty && !rule.On.Contains("transition"))
            yield return Wrong(at.At(".transitions"), $"The rule {rule.Name} does not run on transitions.", "Add transition to on, or take out transitions.");
        foreach (var (i, name) in rule.Transitions.Index())
            if (known.Count > 0 && !known.Contains(name)) yield return new Problem(ProblemCodes.TransitionUnknown, at.At($".transitions[{i}]"), $"{entity.Name} has no transition {name}.", Unknown.Remedy(name, known, "Name one of its transitions."));
    }

    private static IEnumerable<Problem> Actions(Source.Rule rule, Origin at, DraftEntity entity, Compiled.Entity? compiled) =>
        new[] { (rule.Then, At: at.Part(".then")), (rule.Else, At: at.Part(".else")) }
            .SelectMany(branch => branch.Item1.SelectMany((action, i) => Action(action, branch.At.Part($"[{i}]"), entity, compiled, rule.On.Contains("delete"))));

    private static IEnumerable<Problem> Action(RuleAction action, Origin at, DraftEntity entity, Compiled.Entity? compiled, bool onDelete)
    {
        var verbs = Verbs(action).ToList();
        if (verbs is not [var verb])
            return [Wrong(at.At(), verbs.Count == 0 ? "The action does nothing." : $"The action does several things: {string.Join(", ", verbs)}.",
                verbs.Count == 0 ? "Give one of require, lock, show, hide, limit, set, default, clear, message." : "Make an action of each.")];
        var unnecessary = Companions(action).Where(companion => companion.Verbs.All(each => each != verb))
            .Select(companion => Wrong(at.At($".{companion.Name}"), $"{verb} takes no {companion.Name}.", $"Take out {companion.Name}."));
        var deleting = onDelete && verb != "message" ? new[] { Wrong(at.At($".{verb}"), $"When a record is deleted, {verb} has no meaning.", "Take delete out of on; for deletions write a rule of its own, with messages.") } : [];
        return Needs(action, verb, at).Concat(unnecessary).Concat(deleting).Concat(FieldsOf(action, verb, at).SelectMany(each => FieldOf(each.Name, each.At, verb, entity, compiled)))
            .Concat(verb == "limit" && compiled?.FindField(action.Limit!) is { } limited ? Limited(limited, action, at) : []);
    }

    private static IEnumerable<string> Verbs(RuleAction action)
    {
        if (!action.Require.IsEmpty) yield return "require";
        if (!action.Lock.IsEmpty) yield return "lock";
        if (!action.Show.IsEmpty) yield return "show";
        if (!action.Hide.IsEmpty) yield return "hide";
        if (action.Limit is not null) yield return "limit";
        if (action.Set is not null) yield return "set";
        if (action.Default is not null) yield return "default";
        if (!action.Clear.IsEmpty) yield return "clear";
        if (action.Message is not null) yield return "message";
    }

    private static IEnumerable<(string Name, string[] Verbs)> Companions(RuleAction action)
    {
        if (action.To is not null) yield return ("to", ["set", "default"]);
        if (!action.Options.IsEmpty) yield return ("options", ["limit"]);
        if (action.Kind is not null) yield return ("kind", ["message"]);
        if (action.Field is not null) yield return ("field", ["message"]);
    }

    private static IEnumerable<Problem> Needs(RuleAction action, string verb, Origin at)
    {
        if (verb is "set" or "default" && action.To is null) yield return Wrong(at.At(), $"{verb} needs the value.", "Add to with a formula; a text stands in quotes of its own: \"'high'\".");
        if (verb == "limit" && action.Options.IsEmpty) yield return Wrong(at.At(), "limit needs the options that are left.", "Add options with at least one of them.");
        if (verb == "message" && string.IsNullOrWhiteSpace(action.Message)) yield return Wrong(at.At(".message"), "The message is empty.", "Write what the person is to know.");
    }

    private static IEnumerable<(string Name, SourceLocation At)> FieldsOf(RuleAction action, string verb, Origin at)
    {
        ImmutableArray<string> several = verb switch { "require" => action.Require, "lock" => action.Lock, "show" => action.Show, "hide" => action.Hide, "clear" => action.Clear, _ => [] };
        if (!several.IsEmpty) return several.Select((name, i) => (name, at.At($".{verb}[{i}]")));
        var (one, property) = verb switch { "limit" => (action.Limit, "limit"), "set" => (action.Set, "set"), "default" => (action.Default, "default"), _ => (action.Field, "field") };
        return one is null ? [] : [(one, at.At($".{property}"))];
    }

    private static IEnumerable<Problem> FieldOf(string name, SourceLocation at, string verb, DraftEntity entity, Compiled.Entity? compiled)
    {
        if (!entity.Has(name)) return [Unknown.Field(entity, name, at)];
        if (compiled?.FindField(name) is not { } field) return [];
        return verb switch
        {
            "set" or "default" or "clear" => Written(field, at, verb, compiled),
            "require" or "lock" when !field.IsWritable => [Wrong(at, $"{field} is computed: nobody fills it in.", "Take it out.")],
            _ => [],
        };
    }

    private static IEnumerable<Problem> Written(Field field, SourceLocation at, string verb, Compiled.Entity entity)
    {
        if (!field.IsWritable || field.Column is null) yield return Wrong(at, $"{field} cannot be written.", "Name a field that holds a value of its own.");
        else if (entity.Lifecycle?.Field == field) yield return Wrong(at, $"{field} changes by the transitions of the lifecycle only.", "Take it out.");
        else if (verb != "clear" && (field.IsPolymorphic || field.Column.Computed)) yield return Wrong(at, $"{field} is of several parts: no formula gives its value.", "Name a field with one value.");
    }

    private static IEnumerable<Problem> Limited(Field field, RuleAction action, Origin at)
    {
        if (field.Options.IsEmpty)
        {
            yield return Wrong(at.At(".limit"), $"{field} has no options.", "Name a field of the type choice or choices.");
            yield break;
        }
        var known = field.Options.Select(option => option.Value.ToString()).ToList();
        foreach (var (i, option) in action.Options.Select(option => option.ToString()).Index().Where(each => !known.Contains(each.Item)))
            yield return new Problem(ProblemCodes.OptionUnknown, at.At($".options[{i}]"), $"{option} is not an option of {field}.", Unknown.Remedy(option, known, $"Options are {string.Join(", ", known)}."));
    }

    private static Problem Wrong(SourceLocation location, string message, string remedy) => new(ProblemCodes.RuleWrong, location, message, remedy);
}
