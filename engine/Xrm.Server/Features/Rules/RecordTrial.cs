using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Features.Rules;

/// <summary>Tries one rule or formula on one record after the other.</summary>
internal sealed class RecordTrial(RuleVariant variant, Operation operation, SavePipeline pipeline, Caller caller, DateTime utcNow)
{
    private const string Place = "trial";

    /// <summary>What the rule is to believe happens.</summary>
    /// <exception cref="XrmException">400: there is no such operation.</exception>
    public static Operation OperationOf(RuleVariant variant, string? asked) => asked switch
    {
        "create" => Operation.Create,
        "update" => Operation.Update,
        "delete" => Operation.Delete,
        null when variant.Rule is { OnUpdate: false } rule => rule.OnCreate ? Operation.Create : Operation.Delete,
        null => Operation.Update,
        _ => throw XrmException.Invalid([new FieldError("operation", "unknown", "The operation is create, update or delete.")]),
    };

    /// <summary>Tries a record.</summary>
    /// <returns>What would become of it; null where nothing would.</returns>
    public async Task<SampleView?> RunAsync(RecordTransaction records, RecordValues values, CancellationToken ct)
    {
        var unit = new SaveUnit(records, caller, utcNow) { Trace = new RuleTrace(), Cause = new SaveCause("trial", "dry-run") };
        var save = new SaveContext(unit, operation, variant.Entity, values.Id) { Previous = operation == Operation.Create ? null : values, Values = new RecordValues(values) };
        return variant.Rule is { } rule ? await TryAsync(rule, save, values, ct) : await ComputeAsync(variant.Field!, save, values, ct);
    }

    private async Task<SampleView?> TryAsync(Rule rule, SaveContext save, RecordValues values, CancellationToken ct)
    {
        var records = save.Unit.Records;
        // Other records that a script changes must be as they were when the next record comes.
        if (rule.Decision is null) await records.SaveAsync(Place, ct);
        XrmException? stopped = null;
        try
        {
            await pipeline.TryAsync(rule, save, ct);
        }
        catch (XrmException exception) when (exception.Status < 500)
        {
            stopped = exception;
        }
        if (rule.Decision is null) await records.RollbackToAsync(Place, ct);
        if (stopped is not null) return Sample(values, RuleActivity.IsFailure(stopped) ? "failed" : "refused", [], stopped.Errors, save, stopped.Message);
        if (save.Errors.Count > 0) return Sample(values, "refused", [], [.. save.Errors], save, null);
        var changes = TracedChange.Between(variant.Entity, values, save.Values).Select(ChangeView.Of).ToImmutableArray();
        return changes.IsEmpty ? null : Sample(values, "changed", changes, [], save, null);
    }

    private async Task<SampleView?> ComputeAsync(Field field, SaveContext save, RecordValues values, CancellationToken ct)
    {
        var column = field.Column!;
        var before = await BeforeAsync(field, save.Unit, values, ct);
        var formula = variant.Published.Formulas[field.Formula!];
        var after = await save.Unit.Related.WithAsync(() => formula.Evaluate(new RecordScope(save)), ct);
        return RecordValues.Same(before, after) ? null : Sample(values, "changed", [ChangeView.Of(new TracedChange(field, column.Name, before, after))], [], save, null);
    }

    /// <summary>The value as it is: the stored one, or what the formula in force gives.</summary>
    private async Task<object?> BeforeAsync(Field field, SaveUnit unit, RecordValues values, CancellationToken ct)
    {
        var present = variant.Present.Model.FindEntity(variant.Entity.Name)!;
        var known = present.FindField(field.Name)!;
        if (variant.Present.HasValues(known)) return values.Get(field.Column!.Name);
        var records = new RecordTransaction(await unit.Records.BeginAsync(ct), unit.Records.Schema, variant.Present);
        var save = new SaveContext(new SaveUnit(records, caller, utcNow), Operation.Update, present, values.Id) { Previous = values, Values = new RecordValues(values) };
        return await save.Unit.Related.WithAsync(() => variant.Present.Formulas[known.Formula!].Evaluate(new RecordScope(save)), ct);
    }

    private SampleView Sample(RecordValues values, string outcome, ImmutableArray<ChangeView> changes, ImmutableArray<FieldError> errors, SaveContext save, string? detail) => new(
        values.Id, variant.Entity.Primary.Column is { } title ? values.Get(title.Name)?.ToString() : null, outcome, changes, errors, [.. save.Messages], detail);
}
