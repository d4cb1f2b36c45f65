using Xrm.Formulas;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Chooses a branch.</summary>
internal sealed class ConditionStep : IWorkflowStep
{
    public string Type => "condition";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var when = call.Bind(call.Step.When ?? "false", "when", FormulaUse.Filter);
        var answer = await call.EvaluateAsync([when], ct);
        // SQL's null stands for false here.
        return new StepOutcome(call.Into(answer[0] is true));
    }
}
