using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Data.Formats;

/// <summary>Says of a record what it is and where it and its related records are.</summary>
/// <param name="root">URL of the data API.</param>
/// <param name="caller">Who asks.</param>
internal sealed class RecordLinks(string root, Caller caller)
{
    private readonly Dictionary<Entity, string[]> _navigations = [];

    /// <summary>Writes type, id and links of a record.</summary>
    /// <param name="writer">Where to, inside of the record's object.</param>
    /// <param name="entity">Its entity.</param>
    /// <param name="id">Its id.</param>
    /// <param name="withNavigations">Say where the related records are, too.</param>
    public void Write(Utf8JsonWriter writer, Entity entity, string id, bool withNavigations)
    {
        var url = $"{root}/{entity.Plural}({id})";
        writer.WriteString("@odata.type"u8, $"#Xrm.{entity.Name}");
        writer.WriteString("@odata.id"u8, url);
        writer.WriteString("@odata.editLink"u8, url);
        if (!withNavigations) return;
        foreach (var name in Navigations(entity)) writer.WriteString($"{name}@odata.navigationLink", $"{url}/{name}");
    }

    private string[] Navigations(Entity entity)
    {
        if (!_navigations.TryGetValue(entity, out var names)) _navigations.Add(entity, names = [.. NavigationProperty.Of(entity, caller).Select(property => property.Name)]);
        return names;
    }
}
