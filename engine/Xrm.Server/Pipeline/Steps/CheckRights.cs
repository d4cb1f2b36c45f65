using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Refuses what the caller's roles do not grant.</summary>
internal sealed class CheckRights : ISaveStep
{
    private const string OwnerColumn = "owner_id";

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save is { Entity.IsSettings: true, Operation: not Operation.Update, Unit.Cause: not { Kind: SaveCause.Settings } }) throw Single(save);
        if (save.IsNew) CheckCreated(save);
        else if (!await save.Unit.Rights.ReachesAsync(save.Operation, save.Entity, save.Previous!, save.Shares, ct)) throw Refused(save, save.Operation);
        if (save.Operation == Operation.Update && save.Entity.IsUserOwned && save.IsChanged(OwnerColumn)) await CheckGivingAwayAsync(save, ct);
    }

    /// <summary>By owner and unit. What else a role demands of a new record is looked at when it has all its values, by <see cref="CheckRowFilters"/>.</summary>
    private static void CheckCreated(SaveContext save)
    {
        var (owner, unit) = RecordRights.Ownership(save.Entity, save.Values);
        foreach (var operation in ToCreate(save))
        {
            var reach = save.Unit.Caller.Reach(save.Entity, operation);
            if (!reach.Includes(owner, unit, ShareRights.None) && reach.FiltersFor(owner, unit).IsEmpty) throw Refused(save, operation);
        }
    }

    /// <summary>The rights that a new record needs: what comes from an imported file must be within both.</summary>
    public static ImmutableArray<Operation> ToCreate(SaveContext save) => save.Unit.IsImport ? [Operation.Create, Operation.Import] : [Operation.Create];

    private static XrmException Refused(SaveContext save, Operation operation) => XrmException.Forbidden($"You may not {operation.ToString().ToLowerInvariant()} this {save.Entity.Label}.");

    /// <summary>Settings are one record, which the publish makes.</summary>
    private static XrmException Single(SaveContext save) => new("settings_single", 409,
        $"{save.Entity.Label} is always exactly one record, which can be neither created nor deleted. Change the one that is there: GET /api/data/{save.Entity.Plural} gives it with its id.");

    /// <summary>To give a record away is a right of its own: it may put the record out of the caller's reach.</summary>
    private static async Task CheckGivingAwayAsync(SaveContext save, CancellationToken ct)
    {
        if (await save.Unit.Rights.ReachesAsync(Operation.Assign, save.Entity, save.Previous!, save.Shares, ct)) return;
        throw XrmException.Forbidden($"You may not give this {save.Entity.Label} to somebody else: none of your roles grants assign for it.", save.Path + OwnerColumn);
    }

    /// <summary>Refuses an action that the caller may not run.</summary>
    /// <exception cref="XrmException">403.</exception>
    public static void MayRun(Caller caller, ScriptAction action)
    {
        if (!caller.MayRun(action)) throw XrmException.Forbidden($"None of your roles may run {action.Label}.");
    }
}
