namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Attributes that every record has here anyway: they become the engine's own fields.</summary>
internal static class SystemAttributes
{
    /// <summary>True where records belong to a user or team.</summary>
    public static bool HasOwner(IEnumerable<CdmAttribute> attributes) => attributes.Any(IsOwner);

    /// <summary>The engine's field that carries the attribute; null where it is an ordinary one.</summary>
    public static string? FieldOf(CdmAttribute attribute, bool hasOwner) => attribute switch
    {
        { Purpose: "identifiedBy" } => "id",
        { Name: "createdOn" } => "created_at",
        { Name: "modifiedOn" } => "modified_at",
        { Name: "createdBy" } when PointsToUser(attribute) => "created_by",
        { Name: "modifiedBy" } when PointsToUser(attribute) => "modified_by",
        { Name: "versionNumber" } => "version",
        { Name: "ownerId" } when IsOwner(attribute) => "owner",
        { Name: "owningBusinessUnit" } when hasOwner => "owning_unit",
        { Name: "owningUser" or "owningTeam" } when hasOwner => "owner",
        _ => null,
    };

    private static bool IsOwner(CdmAttribute attribute) => attribute is { Name: "ownerId", IsReference: true, IsPolymorphic: true };

    private static bool PointsToUser(CdmAttribute attribute) => !attribute.IsReference || attribute.Targets is ["User"];
}
