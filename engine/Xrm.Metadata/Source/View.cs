using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>views/ENTITY.NAME.json</c>: a list of records.</summary>
public sealed record View
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the view, <c>ENTITY.NAME</c> like its file.</summary>
    [RegularExpression(Names.QualifiedPattern)]
    public required string Name { get; init; }

    /// <summary>Entity whose records it lists.</summary>
    public required string Entity { get; init; }

    /// <summary>What people call the view.</summary>
    public string? Label { get; init; }

    /// <summary>Opened first where an entity has several views.</summary>
    public bool Default { get; init; }

    /// <summary>Columns: field names, which may reach through one lookup with a dot (<c>account.industry</c>).</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Formula that a record must fulfil to be listed.</summary>
    public string? Filter { get; init; }

    /// <summary>Sort order.</summary>
    public ImmutableArray<Sort> Sort { get; init; } = [];
}
