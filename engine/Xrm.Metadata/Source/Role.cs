using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>roles/NAME.json</c>: what people of one role may do. What no role grants is denied.</summary>
public sealed record Role
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the role.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call the role.</summary>
    public string? Label { get; init; }

    /// <summary>What the role is for.</summary>
    public string? Description { get; init; }

    /// <summary>Rights per entity name; <c>*</c> stands for every entity.</summary>
    public ImmutableSortedDictionary<string, Rights> Entities { get; init; } = ImmutableSortedDictionary<string, Rights>.Empty;
}

/// <summary>What a role may do with records of one entity: <c>none</c> (default), <c>own</c> (records that the user owns) or <c>organisation</c> (all). Giving a record to another owner takes <c>organisation</c> for <c>read</c> and <c>update</c>.</summary>
public sealed record Rights
{
    /// <summary>Make new records.</summary>
    [AllowedValues("none", "own", "organisation")]
    public string Create { get; init; } = "none";

    /// <summary>See records.</summary>
    [AllowedValues("none", "own", "organisation")]
    public string Read { get; init; } = "none";

    /// <summary>Change records.</summary>
    [AllowedValues("none", "own", "organisation")]
    public string Update { get; init; } = "none";

    /// <summary>Delete records.</summary>
    [AllowedValues("none", "own", "organisation")]
    public string Delete { get; init; } = "none";
}
