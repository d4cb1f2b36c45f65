using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.OpenApi;

/// <summary>What a caller may do with the records of one entity, at least with some of them.</summary>
internal sealed record EntityRights(bool Create, bool Read, bool Update, bool Delete)
{
    public static EntityRights Of(Caller caller, Entity entity) => new(
        Has(caller, entity, Operation.Create), Has(caller, entity, Operation.Read), Has(caller, entity, Operation.Update), Has(caller, entity, Operation.Delete));

    private static bool Has(Caller caller, Entity entity, Operation operation) => caller.Depth(entity, operation) != Depth.None;
}
