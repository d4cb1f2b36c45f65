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
        if (!Reaches(save.Unit.Caller, save.Operation, save.Entity, save.Previous ?? save.Values))
            throw XrmException.Forbidden($"You may not {save.Operation.ToString().ToLowerInvariant()} this {save.Entity.Label}.");
        if (save.Operation == Operation.Update && save.Entity.IsUserOwned && save.IsChanged(OwnerColumn)) CheckGivingAway(save);
        return Task.CompletedTask;
    }

    /// <summary>Who may work with their own records alone cannot put them out of their own reach, nor into the hands of others.</summary>
    private static void CheckGivingAway(SaveContext save)
    {
        if (Reaches(save.Unit.Caller, Operation.Read, save.Entity, save.Values) && Reaches(save.Unit.Caller, Operation.Update, save.Entity, save.Values)) return;
        throw XrmException.Forbidden($"You may not give this {save.Entity.Label} away: your rights reach your own records only. Ask somebody who may change all of them.", save.Path + OwnerColumn);
    }

    /// <summary>Whether the caller's right reaches a record.</summary>
    public static bool Reaches(Caller caller, Operation operation, Entity entity, RecordValues record) => caller.Depth(entity, operation) switch
    {
        Depth.Organisation => true,
        Depth.Own => entity.IsUserOwned && record.Get(OwnerColumn) is Guid owner && owner == caller.UserId,
        _ => false,
    };
}
