using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Refuses what the caller's roles do not grant.</summary>
internal sealed class CheckRights : ISaveStep
{
    private const string OwnerColumn = "owner_id";

    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save is { Entity.IsSettings: true, Operation: not Operation.Update, Unit.Cause: not { Kind: SaveCause.Settings } }) throw Single(save);
        if (!Reaches(save.Unit.Caller, save.Operation, save.Entity, save.Previous ?? save.Values, save.Shares))
            throw XrmException.Forbidden($"You may not {save.Operation.ToString().ToLowerInvariant()} this {save.Entity.Label}.");
        if (save.Operation == Operation.Update && save.Entity.IsUserOwned && save.IsChanged(OwnerColumn)) CheckGivingAway(save);
        return Task.CompletedTask;
    }

    /// <summary>Settings are one record, which the publish makes.</summary>
    private static XrmException Single(SaveContext save) => new("settings_single", 409,
        $"{save.Entity.Label} is always exactly one record, which can be neither created nor deleted. Change the one that is there: GET /api/data/{save.Entity.Plural} gives it with its id.");

    /// <summary>To give a record away is a right of its own: it may put the record out of the caller's reach.</summary>
    private static void CheckGivingAway(SaveContext save)
    {
        if (Reaches(save.Unit.Caller, Operation.Assign, save.Entity, save.Previous!, save.Shares)) return;
        throw XrmException.Forbidden($"You may not give this {save.Entity.Label} to somebody else: none of your roles grants assign for it.", save.Path + OwnerColumn);
    }

    /// <summary>Refuses an action that the caller may not run.</summary>
    /// <exception cref="XrmException">403.</exception>
    public static void MayRun(Caller caller, ScriptAction action)
    {
        if (!caller.MayRun(action)) throw XrmException.Forbidden($"None of your roles may run {action.Label}.");
    }

    /// <summary>Whether the caller's right reaches a record.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="operation">What is to be done.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="shares">What shares of the record let the caller do.</param>
    public static bool Reaches(Caller caller, Operation operation, Entity entity, RecordValues record, ShareRights shares)
    {
        var reach = caller.Reach(entity, operation);
        var (owner, unit) = Ownership(entity, record);
        return reach.Includes(owner, unit, shares);
    }

    /// <summary>Owner and owning unit of a record; null where it has none.</summary>
    public static (Guid? Owner, Guid? Unit) Ownership(Entity entity, RecordValues record) =>
        (entity.IsUserOwned ? record.Get(OwnerColumn) as Guid? : null, entity.OwningUnit is { } unit ? record.Get(unit.Name) as Guid? : null);
}
