using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Data;

/// <summary>A way from a record to related ones of one kind.</summary>
/// <param name="Name">Name of the property.</param>
/// <param name="Target">Entity of the related records.</param>
/// <param name="Lookup">The lookup that leads to one record; null where there are many.</param>
internal sealed record NavigationProperty(string Name, Entity Target, Field? Lookup)
{
    /// <summary>Those of an entity that the caller may see, and whose records the caller may read.</summary>
    public static IEnumerable<NavigationProperty> Of(Entity entity, Caller caller) => All(entity, caller).Where(property => caller.Can(property.Target, Operation.Read));

    private static IEnumerable<NavigationProperty> All(Entity entity, Caller caller)
    {
        foreach (var field in entity.Fields.Where(field => caller.CanReadField(field) && !field.IsOfRecycleBin))
        {
            if (field.Child is not null) yield return new NavigationProperty(field.Name, field.FarSide is { } farSide ? farSide.Targets[0] : field.Child, null);
            else if (field.Column is not null && field.Targets.Length == 1 && !field.IsPolymorphic) yield return new NavigationProperty(field.Name, field.Targets[0], field);
        }
        foreach (var lookup in entity.IncomingLookups.Where(lookup => lookup.Source.Inverse is not null && caller.CanReadField(lookup)))
            yield return new NavigationProperty(lookup.Source.Inverse!.Name, lookup.Entity, null);
    }
}
