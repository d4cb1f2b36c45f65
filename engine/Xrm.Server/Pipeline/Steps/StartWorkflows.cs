using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Sql;
using Xrm.Data.Workflows;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Workflow = Xrm.Metadata.Compiled.Workflow;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Adds a run for each workflow that the change starts. The runs exist when the transaction commits, and not before.</summary>
internal sealed class StartWorkflows(WorkflowRunStore runs) : ISaveStep
{
    /// <summary>Two workflows that start each other would go on for ever.</summary>
    private const int LongestChain = 10;

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.Unit.PublishesEvents) return;
        foreach (var workflow in save.Duties.Workflows)
            if (Starts(workflow, save) && await HoldsAsync(workflow.When, save, ct))
                await AddAsync(save.Unit, workflow, save.Id, save.Operation == Operation.Delete ? Json(save) : null, ct);
    }

    /// <summary>Adds a run of a workflow about a record.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="workflow">The workflow.</param>
    /// <param name="recordId">Id of the record.</param>
    /// <param name="deletedRecord">JSON object with the values of a record that this transaction deletes; null for one that stays.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Id of the run.</returns>
    public async Task<Guid> AddAsync(SaveUnit unit, Workflow workflow, Guid recordId, string? deletedRecord, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(unit.UtcNow);
        var definition = JsonSerializer.Serialize(workflow.Source, SourceJson.Options);
        var position = workflow.Source.Steps.IsDefaultOrEmpty ? "" : "0";
        var run = new NewWorkflowRun(id, workflow.Source.Name, definition, (workflow.Entity.Name, recordId), position)
        {
            Depth = Depth(unit),
            Chain = unit.Cause?.Chain ?? [],
            StartedBy = unit.Caller.UserId,
            DeletedRecord = deletedRecord,
            Refusal = Refusal(unit, workflow.Source.Name),
        };
        await runs.AddAsync(await unit.Records.BeginAsync(ct), run, ct);
        return id;
    }

    /// <summary>Whether a condition is true for a record on its way; true where there is none.</summary>
    public static async Task<bool> HoldsAsync(Expression? when, SaveContext save, CancellationToken ct) =>
        when is null || await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[when].IsTrue(new RecordScope(save)), ct);

    private static string Json(SaveContext save) => JsonText.Write(writer => save.Table.Write(writer, save.Values));

    /// <summary>Why a run ends before it begins: too many led to it, one after the other. Null where it begins.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="name">The workflow or script that would follow.</param>
    public static string? Refusal(SaveUnit unit, string name)
    {
        if (Depth(unit) <= LongestChain) return null;
        var chain = unit.Cause!.Chain;
        // Where they go round in a circle, once round says it all.
        var circle = chain[Math.Max(chain.LastIndexOf(name), 0)..].Add(name);
        return $"Workflows and scripts lead to each other: {string.Join(" → ", circle)}. More than {LongestChain} ran one after the other; this one was not started. Give one of them a condition.";
    }

    public static int Depth(SaveUnit unit) => unit.Cause is { Kind: "workflow" or "script" } cause ? cause.Depth + 1 : 0;

    private static bool Starts(Workflow workflow, SaveContext save)
    {
        var trigger = workflow.Source.Trigger;
        return save.Operation switch
        {
            Operation.Create => trigger.On.Contains("create"),
            // What is purged started them when it went to the recycle bin.
            Operation.Delete => trigger.On.Contains("delete") && !save.WasRecycled,
            Operation.Update => trigger.On.Contains("update") && (trigger.Fields.IsDefaultOrEmpty || trigger.Fields.Any(name => save.IsChanged(save.Entity.FindField(name)!))),
            _ => false,
        };
    }
}
