using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Formulas;
using Xrm.Plugins;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Takes a step that a plugin offers. The one place that calls its code, and names it where it fails.</summary>
internal sealed class PluginStep(string type, IWorkflowAction action) : IWorkflowStep
{
    public string Type => type;

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var stepId = $"{call.Run.Id:N}:{call.Run.Position}";
        var arguments = new WorkflowActionCall(stepId, call.Run.Workflow, call.Entity.Name, call.Run.RecordId, await ValuesAsync(call, ct));
        try
        {
            await action.RunAsync(arguments, ct);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && ct.IsCancellationRequested))
        {
            throw new StepFailedException($"The plugin's step '{type}' failed: {exception.Message}", isFinal: false, exception);
        }
        return new StepOutcome(call.Next);
    }

    private static async Task<ImmutableSortedDictionary<string, object?>> ValuesAsync(StepCall call, CancellationToken ct)
    {
        var formulas = call.Step.Values.Select(pair => (pair.Key, Text: StepValues.FormulaOf(pair.Value))).Where(pair => pair.Text is not null)
            .Select(pair => (pair.Key, Formula: call.Bind(pair.Text!, $"values.{pair.Key}.formula", FormulaUse.Computed))).ToList();
        var computed = await call.EvaluateAsync([.. formulas.Select(pair => pair.Formula)], ct);
        var values = call.Step.Values.ToImmutableSortedDictionary(pair => pair.Key, pair => Constant(pair.Value)).ToBuilder();
        for (var index = 0; index < formulas.Count; index++) values[formulas[index].Key] = computed[index];
        return values.ToImmutable();
    }

    private static object? Constant(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => json.Clone(),
    };
}
