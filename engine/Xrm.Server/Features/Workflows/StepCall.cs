using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Data.Workflows;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Server.Features.Workflows;

/// <summary>One step of one run, with the means to evaluate its formulas over the run's record.</summary>
internal sealed class StepCall(WorkflowRun run, ImmutableArray<Step> steps, Step step, Entity? entity, RecordTransaction records, DateTime utcNow)
{
    public WorkflowRun Run => run;

    public Step Step => step;

    /// <summary>Entity of the run's record.</summary>
    /// <exception cref="StepFailedException">The run is about no record.</exception>
    public Entity Entity => entity ?? throw new StepFailedException("The run is about no record.", isFinal: true);

    /// <summary>The run is about a record.</summary>
    public bool HasRecord => entity is not null;

    public RecordTransaction Records => records;

    public DateTime UtcNow => utcNow;

    /// <summary>Where a run goes on after this step.</summary>
    public string Next => StepPath.After(steps, run.Position);

    /// <summary>Where a run goes on inside this condition.</summary>
    public string Into(bool answer) => StepPath.Into(steps, run.Position, answer);

    /// <summary>A save by this step: in the run's transaction, by the system, with the run as its cause.</summary>
    public SaveUnit NewUnit() => new(records, Caller.System, utcNow) { Cause = new SaveCause("workflow", run.Id.ToString(), run.Depth) { Chain = run.Way } };

    /// <summary>Binds a formula of the step to the model in force, which may be a later one than the run began with.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="property">Where it stands in the step, e.g. <c>values.due_on.formula</c>.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="field">Field that the value goes to; null for none.</param>
    /// <exception cref="StepFailedException">The formula does not fit the model any more.</exception>
    public Formula Bind(string text, string property, FormulaUse use, Field? field = null)
    {
        var problems = new List<Problem>();
        var location = new SourceLocation("", $"workflows/{run.Workflow}.json", $"{StepPath.ToJsonPath(run.Position)}.{property}");
        return records.Published.Formulas.BindOne(text, Entity, location, use, problems, field)
            ?? throw new StepFailedException($"The formula of {property} does not fit the published model any more: {problems[0].Message}", isFinal: true);
    }

    /// <summary>Evaluates formulas over the stored record, or over its last values where its deletion began the run.</summary>
    /// <exception cref="RecordGoneException">The record is not there any more.</exception>
    public async Task<ImmutableArray<object?>> EvaluateAsync(IReadOnlyList<Formula> formulas, CancellationToken ct)
    {
        var context = new QueryContext(records.Published, Caller.System, utcNow);
        var values = await FormulaValues.ReadAsync(await records.BeginAsync(ct), records.Schema, context, new FormulaRecord(Entity, run.RecordId, run.DeletedRecord), formulas, ct);
        return values.IsDefault ? throw new RecordGoneException() : values;
    }
}

/// <summary>The record of a run was deleted: there is nothing left to do.</summary>
internal sealed class RecordGoneException() : Exception("The record does not exist any more.");

/// <summary>How a run goes on.</summary>
/// <param name="Position">The next step; empty for the end.</param>
/// <param name="NotBefore">UTC time before which it is not taken; null for at once.</param>
internal sealed record StepOutcome(string Position, DateTime? NotBefore = null);

/// <summary>One type of step.</summary>
internal interface IWorkflowStep
{
    /// <summary>Name of the type in workflow files.</summary>
    string Type { get; }

    /// <summary>Takes the step in the run's transaction.</summary>
    /// <exception cref="StepFailedException">It cannot be taken.</exception>
    Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct);
}
