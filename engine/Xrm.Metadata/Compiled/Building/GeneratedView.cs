using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>The view of an entity for which no package has one: the primary field and the columns that tell most.</summary>
internal static class GeneratedView
{
    private const int MostColumns = 6;

    public static Source.View For(Entity entity)
    {
        var chosen = entity.Fields.Where(field => field != entity.Primary)
            .Select((field, position) => (field, worth: Worth(entity, field), position)).Where(each => each.worth > 0)
            .OrderByDescending(each => each.worth).ThenBy(each => each.position).Take(MostColumns - 1)
            .OrderBy(each => each.position).Select(each => each.field.Name);
        return new Source.View
        {
            Name = $"{entity.Name}.all",
            Entity = entity.Name,
            Label = $"All {entity.PluralLabel.ToLowerInvariant()}",
            Default = true,
            Columns = [entity.Primary.Name, .. chosen],
            Sort = entity.Source.DefaultSort.IsEmpty ? [new Source.Sort { Field = entity.Primary.Name }] : entity.Source.DefaultSort,
        };
    }

    private static int Worth(Entity entity, Field field)
    {
        if (field.Source.Hidden || field.Columns.IsEmpty) return 0;
        if (field.IsSystem) return field.Name == "owner" ? 45 : 0;
        if (field == entity.Lifecycle?.Field) return 100;
        if (field.Source.Access is not null || field.Source.Sensitive) return 0;
        return OfType(field) + (field.Source.Required?.Always == true ? 15 : 0) + (field.Name == entity.Source.Subtitle ? 20 : 0);
    }

    private static int OfType(Field field) => field.Type.Name switch
    {
        _ when FieldGroups.IsWide(field) => 0,
        "autonumber" => 75,
        "choice" => 70,
        "money" => 65,
        "lookup" or "parent" => 60,
        "email" or "phone" or "date" => 55,
        "datetime" => 50,
        "percent" or "rating" => 45,
        "address" or "url" or "secret" or "color" or "icon" or "uuid" => 5,
        _ when field.Type.Kind is ValueKind.Number or ValueKind.Float => 40,
        _ when field.Type.Kind == ValueKind.Boolean => 25,
        _ when field.Type.Kind == ValueKind.Text => 35,
        _ => 5,
    };
}
