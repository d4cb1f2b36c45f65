using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>apps/NAME.json</c>: navigation for one kind of work.</summary>
public sealed record App
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the app.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call the app.</summary>
    public string? Label { get; init; }

    /// <summary>What the app is for.</summary>
    public string? Description { get; init; }

    /// <summary>Name of a Tabler icon.</summary>
    public string? Icon { get; init; }

    /// <summary>Name of a palette colour.</summary>
    public string? Color { get; init; }

    /// <summary>Roles that see the app; everybody where empty.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Groups of the navigation, in order.</summary>
    public ImmutableArray<NavigationGroup> Navigation { get; init; } = [];
}

/// <summary>A group of entries in an app's navigation.</summary>
public sealed record NavigationGroup
{
    /// <summary>Heading of the group; none where missing.</summary>
    public string? Label { get; init; }

    /// <summary>The entries, in order.</summary>
    public ImmutableArray<NavigationItem> Items { get; init; } = [];
}

/// <summary>An entry in an app's navigation: it opens a list of records.</summary>
public sealed record NavigationItem
{
    /// <summary>Entity to list.</summary>
    public required string Entity { get; init; }

    /// <summary>View to open; the entity's default view where missing.</summary>
    public string? View { get; init; }

    /// <summary>Text of the entry; the entity's plural label where missing.</summary>
    public string? Label { get; init; }
}
