using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.OpenApi;

/// <summary>What a caller may do with the records of one entity, at least with some of them.</summary>
internal sealed record EntityRights(bool Create, bool Read, bool Update, bool Delete, bool Import)
{
    public static EntityRights Of(Caller caller, Entity entity) => new(
        !entity.IsSettings && caller.Can(entity, Operation.Create), caller.Can(entity, Operation.Read), caller.Can(entity, Operation.Update), !entity.IsSettings && caller.Can(entity, Operation.Delete),
        !entity.IsSettings && caller.Can(entity, Operation.Create) && caller.Can(entity, Operation.Import));
}
