using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Access;

/// <summary>The entity that a request names.</summary>
internal static class AskedEntity
{
    /// <exception cref="XrmException">404: there is none of that name.</exception>
    public static Entity Find(Model model, string name)
    {
        if (model.FindEntity(name) is { } entity) return entity;
        var near = Names.Nearest(name, model.Entities.Select(entity => entity.Name));
        throw new XrmException("entity_unknown", 404, $"There is no entity {(name.Length > 63 ? name[..63] : name)}.{(near is null ? "" : $" Did you mean {near}?")}");
    }
}
