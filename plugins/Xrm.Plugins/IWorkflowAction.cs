using System.Collections.Immutable;

namespace Xrm.Plugins;

/// <summary>A step type for workflows.</summary>
public interface IWorkflowAction
{
    /// <summary>Takes the step.</summary>
    /// <param name="call">What the workflow's author wrote, computed.</param>
    /// <param name="ct">Ends when the server stops.</param>
    /// <remarks>
    /// Runs in the background inside the step's transaction. After an exception the step is tried again with growing
    /// pauses, so an effect on another system can happen twice: use <see cref="WorkflowActionCall.StepId"/> to prevent that there.
    /// </remarks>
    Task RunAsync(WorkflowActionCall call, CancellationToken ct);
}

/// <summary>One step of one run of a workflow.</summary>
/// <param name="StepId">The same in every try of this step of this run, and unlike every other.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Entity">Name of the record's entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Values">The step's <c>values</c>, formulas computed.</param>
public sealed record WorkflowActionCall(string StepId, string Workflow, string Entity, Guid RecordId, ImmutableSortedDictionary<string, object?> Values);
