using System.Collections.Immutable;

namespace Xrm.Metadata.Merging;

/// <summary>The fields that the engine adds to every entity.</summary>
internal static class SystemFields
{
    /// <summary>In the order in which they come last in the entity.</summary>
    /// <param name="entity">The entity as written.</param>
    /// <param name="entityExists">Whether an entity of that name is there; the fields point to users and business units where they are.</param>
    public static ImmutableArray<Source.Field> Of(Source.Entity entity, Func<string, bool> entityExists)
    {
        var fields = ImmutableArray.CreateBuilder<Source.Field>();
        if (entity.Ownership == "user")
        {
            fields.Add(new Source.Field { Name = "owner", Type = "owner", Label = "Owner" });
            fields.Add(Reference("owning_unit", "Owning unit", "business_unit", entityExists));
        }
        fields.Add(new Source.Field { Name = "created_at", Type = "datetime", Label = "Created at" });
        fields.Add(Reference("created_by", "Created by", "user", entityExists));
        fields.Add(new Source.Field { Name = "modified_at", Type = "datetime", Label = "Modified at" });
        fields.Add(Reference("modified_by", "Modified by", "user", entityExists));
        if (entity.Features.Contains("recycleBin"))
        {
            fields.Add(new Source.Field { Name = "deleted_at", Type = "datetime", Label = "Deleted at", Hidden = true });
            fields.Add(Reference("deleted_by", "Deleted by", "user", entityExists) with { Hidden = true });
        }
        fields.Add(new Source.Field { Name = "id", Type = "uuid", Label = "Id", Hidden = true });
        fields.Add(new Source.Field { Name = "version", Type = "integer", Label = "Version", Hidden = true });
        return fields.ToImmutable();
    }

    /// <summary>Names that no declared field or column may have, in any entity.</summary>
    public static ImmutableArray<string> Reserved { get; } =
    [
        "id", "version", "created_at", "created_by", "created_by_id", "modified_at", "modified_by", "modified_by_id",
        "owner", "owner_id", "owner_type", "owning_unit", "owning_unit_id", "deleted_at", "deleted_by", "deleted_by_id",
    ];

    private static Source.Field Reference(string name, string label, string target, Func<string, bool> entityExists) => entityExists(target)
        ? new Source.Field { Name = name, Label = label, Type = "lookup", Target = target }
        : new Source.Field { Name = name, Label = label, Type = "uuid" };
}
