using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Workflows;
using Xrm.Metadata.Source;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Features.Workflows.Steps;
using Xrm.Server.Plugins;

namespace Xrm.Server.Features.Workflows;

/// <summary>
/// Takes the steps of workflow runs, each in a transaction that also moves the run on: a crash between two steps resumes with
/// the second, a crash within a step leaves nothing of it behind.
/// </summary>
internal sealed class WorkflowRunner(Database database, WorkflowRunStore runs, CurrentModel current, WorkflowSteps steps, ILoggerFactory logs)
    : BackgroundLoop(steps.Time, logs.CreateLogger<WorkflowRunner>())
{
    private readonly ILogger _log = logs.CreateLogger<WorkflowRunner>();

    protected override TimeSpan IdlePause => TimeSpan.FromMilliseconds(500);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var published = current.Value;
        WorkflowRun? run = null;
        try
        {
            await database.InTransactionAsync(async (transaction, ct) =>
            {
                run = await runs.TakeAsync(transaction, ct);
                if (run is null) return false;
                var records = new RecordTransaction(transaction, database.Schema, published);
                var outcome = await TakeStepAsync(run, records, ct);
                await records.EndAsync(ct);
                var state = outcome.Position == StepPath.End ? "succeeded" : outcome.NotBefore is null ? "running" : "waiting";
                await runs.MoveAsync(transaction, run.Id, state, outcome.Position, outcome.NotBefore, null, ct);
                return true;
            }, published.Model, ct);
        }
        catch (Exception exception) when (run is not null && !ct.IsCancellationRequested && exception is not XrmException { Status: 503 })
        {
            await FailAsync(run, exception, ct);
        }
        return run is not null;
    }

    private async Task<StepOutcome> TakeStepAsync(WorkflowRun run, RecordTransaction records, CancellationToken ct)
    {
        var definition = JsonSerializer.Deserialize<Workflow>(run.Definition, SourceJson.Options)!;
        var step = StepPath.Find(definition.Steps, run.Position);
        // A workflow without steps is over when it begins.
        if (step is null) return new StepOutcome(StepPath.End);
        var entity = run.Entity.Length == 0 ? null : records.Published.Model.FindEntity(run.Entity) ?? throw new StepFailedException($"There is no entity '{run.Entity}' any more.", isFinal: true);
        var call = new StepCall(run, definition.Steps, step, entity, records, steps.Time.GetUtcNow().UtcDateTime);
        return await steps.Find(step.Type).RunAsync(call, ct);
    }

    private async Task FailAsync(WorkflowRun run, Exception exception, CancellationToken ct)
    {
        if (exception is RecordGoneException or XrmException { Code: "record_not_found" })
        {
            await runs.CancelAsync(run.Id, ct);
            return;
        }
        var isFinal = exception is StepFailedException { IsFinal: true } or XrmException { Status: >= 400 and < 500 };
        var message = exception is StepFailedException or XrmException ? exception.Message : $"The step failed unexpectedly ({exception.GetType().Name}); the server's log has the details.";
        _log.LogWarning(exception, "Workflow {Workflow}, run {Run}, step {Step} failed (try {Try}).", run.Workflow, run.Id, run.Position, run.Attempts + 1);
        await runs.FailedAsync(run.Id, $"{StepPath.ToJsonPath(run.Position)}: {message}", isFinal ? null : RetrySchedule.PauseAfter(run.Attempts + 1), ct);
    }
}

/// <summary>The step types, found by name.</summary>
internal sealed class WorkflowSteps(IEnumerable<IWorkflowStep> steps, PluginHost plugins, TimeProvider time)
{
    private readonly Dictionary<string, IWorkflowStep> _byType = steps.ToDictionary(step => step.Type, StringComparer.Ordinal);

    /// <summary>The clock of the runs.</summary>
    public TimeProvider Time => time;

    /// <summary>The step type of that name, be it the engine's or a plugin's.</summary>
    /// <exception cref="StepFailedException">There is none.</exception>
    public IWorkflowStep Find(string type) => _byType.GetValueOrDefault(type)
        ?? (plugins.FindAction(type) is { } action ? new PluginStep(type, action) : throw new StepFailedException($"There is no step type '{type}': is its plugin installed?", isFinal: false));
}
