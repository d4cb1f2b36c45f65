using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Workflows;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Workflow = Xrm.Metadata.Compiled.Workflow;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Adds a run for each workflow that the change starts. The runs exist when the transaction commits, and not before.</summary>
internal sealed class StartWorkflows(WorkflowRunStore runs) : ISaveStep
{
    // Two workflows that start each other would go on for ever.
    private const int LongestChain = 10;

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.Unit.PublishesEvents || Depth(save.Unit) > LongestChain) return;
        foreach (var workflow in save.Unit.Published.Model.Workflows)
            if (workflow.Entity == save.Entity && Starts(workflow, save) && await HoldsAsync(workflow.When, save, ct))
                await AddAsync(save.Unit, workflow, save.Id, ct);
    }

    /// <summary>Adds a run of a workflow about a record.</summary>
    public async Task<Guid> AddAsync(SaveUnit unit, Workflow workflow, Guid recordId, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(unit.UtcNow);
        var definition = JsonSerializer.Serialize(workflow.Source, SourceJson.Options);
        await unit.Records.FlushAsync(ct);
        await runs.AddAsync(unit.Records.Transaction, id, workflow.Source.Name, definition, workflow.Entity.Name, recordId,
            workflow.Source.Steps.IsDefaultOrEmpty ? "" : "0", Depth(unit), unit.Caller.UserId, ct);
        return id;
    }

    /// <summary>Whether a condition is true for a record on its way; true where there is none.</summary>
    public static async Task<bool> HoldsAsync(Expression? when, SaveContext save, CancellationToken ct) =>
        when is null || await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[when].IsTrue(new RecordScope(save)), ct);

    private static int Depth(SaveUnit unit) => unit.Cause is { Kind: "workflow" } cause ? cause.Depth + 1 : 0;

    private static bool Starts(Workflow workflow, SaveContext save)
    {
        var trigger = workflow.Source.Trigger;
        return save.Operation switch
        {
            Operation.Create => trigger.On.Contains("create"),
            Operation.Delete => trigger.On.Contains("delete"),
            Operation.Update => trigger.On.Contains("update") && (trigger.Fields.IsDefaultOrEmpty || trigger.Fields.Any(name => save.IsChanged(save.Entity.FindField(name)!))),
            _ => false,
        };
    }
}
