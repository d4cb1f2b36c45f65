using System.Xml;
using Xrm.Formulas;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Waits for some time, or until a time that the record says. A time that is past or empty does not wait.</summary>
internal sealed class WaitStep : IWorkflowStep
{
    public string Type => "wait";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        if (call.Step.For is { } duration) return new StepOutcome(call.Next, call.UtcNow + XmlConvert.ToTimeSpan(duration));
        var until = call.Bind(call.Step.Until ?? "null", "until", FormulaUse.Computed);
        var value = (await call.EvaluateAsync([until], ct))[0];
        return new StepOutcome(call.Next, value switch
        {
            DateTime instant => instant,
            DateOnly day => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            _ => null,
        });
    }
}
