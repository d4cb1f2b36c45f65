using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Sets fields of the record, through the pipeline that every save takes.</summary>
internal sealed class SetStep(RecordCommands commands) : IWorkflowStep
{
    public string Type => "set";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var body = await StepValues.ToBodyAsync(call, call.Entity, ct);
        await commands.UpdateAsync(call.NewUnit(), call.Entity, call.Run.RecordId, body, version: null, ct);
        return new StepOutcome(call.Next);
    }
}
