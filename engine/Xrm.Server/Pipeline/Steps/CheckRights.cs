using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Refuses what the caller's roles do not grant.</summary>
internal sealed class CheckRights : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!Reaches(save.Unit.Caller, save.Operation, save.Entity, save.Previous ?? save.Values))
            throw XrmException.Forbidden($"You may not {save.Operation.ToString().ToLowerInvariant()} this {save.Entity.Label}.");
        return Task.CompletedTask;
    }

    /// <summary>Whether the caller's right reaches a record.</summary>
    public static bool Reaches(Caller caller, Operation operation, Entity entity, RecordValues record) => caller.Depth(entity, operation) switch
    {
        Depth.Organisation => true,
        Depth.Own => entity.IsUserOwned && record.Get("owner_id") is Guid owner && owner == caller.UserId,
        _ => false,
    };
}
