using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Creates a record, through the pipeline that every save takes.</summary>
internal sealed class CreateStep(RecordCommands commands) : IWorkflowStep
{
    public string Type => "create";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var entity = call.Records.Published.Model.FindEntity(call.Step.Entity ?? "")
            ?? throw new StepFailedException($"There is no entity '{call.Step.Entity}' any more.", isFinal: true);
        var body = await StepValues.ToBodyAsync(call, entity, ct);
        await commands.CreateAsync(call.NewUnit(), entity, body, ct);
        return new StepOutcome(call.Next);
    }
}
