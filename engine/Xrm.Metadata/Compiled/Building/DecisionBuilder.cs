using System.Collections.Immutable;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Builds rules without a script. What leads nowhere is left out; the checks tell of it.</summary>
internal static class DecisionBuilder
{
    public static Rule Build(Entity entity, Placed<Source.Rule> rule)
    {
        var (source, origin) = (rule.Value, rule.Origin);
        bool Runs(string on) => source.On.IsEmpty ? on != "delete" : source.On.Contains(on);
        var decision = new Decision(
            Located.Expression(source.When, origin.At(".when")), Actions(entity, source.Then, origin.Part(".then")), Actions(entity, source.Else, origin.Part(".else")));
        return new Rule(entity, source.Name, Runs("create"), Runs("update"), Runs("delete"), Fields(entity, source.Fields), origin.At()) { Decision = decision };
    }

    private static ImmutableArray<DecisionAction> Actions(Entity entity, ImmutableArray<Source.RuleAction> actions, Origin at) =>
        [.. actions.Select((action, i) => Action(entity, action, at.Part($"[{i}]"))).OfType<DecisionAction>()];

    private static DecisionAction? Action(Entity entity, Source.RuleAction action, Origin at) => action switch
    {
        { Require: { IsEmpty: false } fields } => new DecisionAction(DecisionKind.Require, Fields(entity, fields)),
        { Lock: { IsEmpty: false } fields } => new DecisionAction(DecisionKind.Lock, Fields(entity, fields)),
        { Show: { IsEmpty: false } fields } => new DecisionAction(DecisionKind.Show, Fields(entity, fields)),
        { Hide: { IsEmpty: false } fields } => new DecisionAction(DecisionKind.Hide, Fields(entity, fields)),
        { Clear: { IsEmpty: false } fields } => new DecisionAction(DecisionKind.Clear, Fields(entity, fields)),
        { Limit: { } field } => ForOne(DecisionKind.Limit, entity, field, found => found with { Options = action.Options }),
        { Set: { } field } => ForOne(DecisionKind.Set, entity, field, found => found with { To = Located.Expression(action.To, at.At(".to")) }),
        { Default: { } field } => ForOne(DecisionKind.Default, entity, field, found => found with { To = Located.Expression(action.To, at.At(".to")) }),
        { Message: { } message } => new DecisionAction(Kind(action.Kind), action.Field is { } field ? Fields(entity, [field]) : []) { Message = message },
        _ => null,
    };

    private static DecisionKind Kind(string? message) => message switch
    {
        "error" => DecisionKind.Error,
        "info" => DecisionKind.Info,
        _ => DecisionKind.Warning,
    };

    private static DecisionAction? ForOne(DecisionKind kind, Entity entity, string name, Func<DecisionAction, DecisionAction> complete) =>
        Fields(entity, [name]) is [var field] ? complete(new DecisionAction(kind, [field])) : null;

    private static ImmutableArray<Field> Fields(Entity entity, ImmutableArray<string> names) =>
        [.. names.Select(name => entity.Fields.FirstOrDefault(field => field.Name == name)).OfType<Field>()];
}
