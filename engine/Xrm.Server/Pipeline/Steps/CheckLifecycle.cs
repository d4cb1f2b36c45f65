using Xrm.Data.Access;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>The state of a record changes by its transitions only, each from its states, under its condition, by its roles.</summary>
internal sealed class CheckLifecycle : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Entity.Lifecycle is not { } lifecycle || save.Operation == Operation.Delete) return;
        var column = lifecycle.Field.Column!;
        if (save.Transition is { } transition) await CheckAsync(save, transition, ct);
        else if (save.Given.Contains(column.Name) && !save.Unit.Caller.IsSystem && !IsUntouched(save))
            save.Fail(column.Name, "state_by_transition", $"{lifecycle.Field.Label} changes by these actions only: {string.Join(", ", lifecycle.Transitions.Select(one => one.Label))}.");
    }

    /// <summary>A client that sends back what it got, or the state that a new record has anyway, changes nothing.</summary>
    private static bool IsUntouched(SaveContext save)
    {
        var field = save.Entity.Lifecycle!.Field;
        var before = save.IsNew && field.DefaultValue is { } first ? field.Type.Read(first, field, field.Column!).Value : save.Previous?.Get(field.Column!.Name);
        return Equals(save.Values.Get(field.Column!.Name), before);
    }

    private static async Task CheckAsync(SaveContext save, Metadata.Compiled.Transition transition, CancellationToken ct)
    {
        if (!save.Unit.Caller.HasAny(transition.Roles)) throw XrmException.Forbidden($"You may not use {transition.Label}.");
        var state = save.Previous!.Get(save.Entity.Lifecycle!.Field.Column!.Name)?.ToString();
        if (state is null || !transition.From.Contains(state))
            throw new XrmException("transition_not_possible", 409, $"{transition.Label} is not possible in the state {state ?? "(none)"}; it is in: {string.Join(", ", transition.From)}.");
        if (transition.When is not { } when) return;
        // The condition speaks of the record as it is, not as the transition will make it.
        var column = save.Entity.Lifecycle.Field.Column!.Name;
        var next = save.Values[column];
        save.Values[column] = save.Previous.Get(column);
        var allowed = await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[when].IsTrue(new RecordScope(save)), ct);
        save.Values[column] = next;
        if (!allowed) throw new XrmException("transition_not_possible", 409, $"{transition.Label} is not possible: it needs {when.Text}.");
    }
}
