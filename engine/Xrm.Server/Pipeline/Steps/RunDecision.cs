using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Runs a rule without a script: its condition once, then the actions of the one side or of the other, in order. The designer does the same in forms.</summary>
internal sealed class RunDecision(ComputeValues compute)
{
    public async Task RunAsync(Rule rule, Decision decision, SaveContext save, CancellationToken ct)
    {
        var formulas = save.Unit.Published.Formulas;
        var holds = decision.When is not { } when || await save.Unit.Related.WithAsync(() => formulas[when].IsTrue(new RecordScope(save)), ct);
        var writes = false;
        foreach (var action in holds ? decision.Then : decision.Else)
        {
            if (action.Message is not null) Tell(action, save);
            else if (save.Operation != Operation.Delete) writes |= await ApplyAsync(rule, decision, action, save, ct);
        }
        if (writes) await compute.RunAsync(save, ct);
    }

    private static void Tell(DecisionAction action, SaveContext save)
    {
        var message = save.Unit.Texts.Find($"entity.{save.Entity.Name}.rule.{action.Message}") ?? action.Message!;
        var property = action.Fields is [var field] ? field.Column?.Name ?? field.Name : null;
        if (action.Kind == DecisionKind.Error) save.Fail(property, "rule_refused", message);
        else save.Tell(action.Kind == DecisionKind.Info ? SaveMessage.Info : SaveMessage.Warning, property, message);
    }

    private static async Task<bool> ApplyAsync(Rule rule, Decision decision, DecisionAction action, SaveContext save, CancellationToken ct)
    {
        var demands = save.Demands ??= new RuleDemands();
        switch (action.Kind)
        {
            case DecisionKind.Require:
                demands.Required.UnionWith(action.Fields);
                return false;
            case DecisionKind.Lock:
                demands.Locked.UnionWith(action.Fields);
                return false;
            case DecisionKind.Limit:
                demands.Limits.Add(new DemandedOptions(action, decision.When));
                return false;
            case DecisionKind.Clear:
                foreach (var field in action.Fields) Clear(field, save, demands);
                return true;
            case DecisionKind.Set:
                await WriteAsync(rule, action, save, demands, ct);
                return true;
            case DecisionKind.Default when IsOpen(action.Fields[0], save):
                await WriteAsync(rule, action, save, demands, ct);
                return true;
            default:
                return false;
        }
    }

    private static void Clear(Field field, SaveContext save, RuleDemands demands)
    {
        demands.Written.Add(field);
        foreach (var column in field.Columns.Where(column => !column.Computed)) save.Values[column.Name] = null;
    }

    /// <summary>The field is empty, and not because the client has just said so.</summary>
    private static bool IsOpen(Field field, SaveContext save) => CheckFields.IsEmpty(save, field) && !field.Columns.Any(column => save.Given.Contains(column.Name));

    private static async Task WriteAsync(Rule rule, DecisionAction action, SaveContext save, RuleDemands demands, CancellationToken ct)
    {
        var (field, column) = (action.Fields[0], action.Fields[0].Column!);
        var formula = save.Unit.Published.Formulas[action.To!];
        var value = await save.Unit.Related.WithAsync(() => formula.Evaluate(new RecordScope(save)), ct);
        var read = ForeignValues.Read(field, column, value);
        demands.Written.Add(field);
        if (read.Ok) save.Values[column.Name] = read.Value;
        else save.Fail(column.Name, "rule_value", $"{field.Label}: the rule {rule.Name} gives it a value that it cannot hold. {read.Message}");
    }
}
