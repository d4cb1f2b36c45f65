using Xrm.Metadata.Compiled;

namespace Xrm.Data.Access;

/// <summary>Says which entities have records that somebody reads because they are of their business unit.</summary>
internal static class UnitRights
{
    /// <summary>Whether a role of the model lets people read what is of their unit, and no more.</summary>
    /// <param name="model">The model.</param>
    /// <param name="entity">One of its entities.</param>
    public static bool AreReadByUnit(Model model, Entity entity) => entity.OwningUnit is not null
        && model.Roles.Values.Any(role => Caller.RightsOf(role, entity)?.DepthOf(Operation.Read) is Depth.Unit or Depth.UnitAndBelow);
}
