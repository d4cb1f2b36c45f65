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

    /// <summary>Names of packages that people of the role may change and publish: all of them but their roles.</summary>
    public ImmutableArray<string> Designs { get; init; } = [];
}

/// <summary>
/// What a role may do with records of one entity, and with which: <c>none</c> (default), <c>own</c> (records that the user owns), <c>team</c>
/// (also those that a team of the user owns), <c>unit</c> (also those of the user's business unit), <c>unitAndBelow</c> (also those of the units
/// below it) or <c>organisation</c> (all). Records that nobody owns know only <c>none</c> and <c>organisation</c>.
/// </summary>
public sealed record Rights
{
    /// <summary>Make new records.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Create { get; init; } = "none";

    /// <summary>See records.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Read { get; init; } = "none";

    /// <summary>Change records.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Update { get; init; } = "none";

    /// <summary>Delete records.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Delete { get; init; } = "none";

    /// <summary>Give records to another owner, beyond one's own reach too. What may be given is what may be changed as well.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Assign { get; init; } = "none";

    /// <summary>Share records with people and teams: let them do what one may do oneself with a record, as far as their roles grant it for their own records.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Share { get; init; } = "none";

    /// <summary>Take records out of the system in bulk: as CSV, and as a whole. What is exported must be readable as well.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Export { get; init; } = "none";

    /// <summary>Make records in bulk, from a file. What is imported must be permitted by <c>create</c> as well.</summary>
    [AllowedValues("none", "own", "team", "unit", "unitAndBelow", "organisation")]
    public string Import { get; init; } = "none";

    /// <summary>See the records of those who report to the user, directly or through others, whatever the depth of <c>read</c> is.</summary>
    public bool ReadReports { get; init; }

    /// <summary>
    /// Formula that a record must fulfil for all these rights: <c>region == user.region</c>. What is changed or deleted must fulfil it before, and what
    /// is created afterwards. Not for <c>*</c>.
    /// </summary>
    public string? Filter { get; init; }
}
