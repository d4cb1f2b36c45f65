using System.Collections.Immutable;

namespace Xrm.Server.Features.Search;

/// <summary>What a search in many entities found.</summary>
/// <param name="Value">The records, those that fit best first.</param>
/// <param name="Entities">How many of each entity, in the model's order; those with none are left out.</param>
internal sealed record SearchAnswer(ImmutableArray<FoundRecord> Value, ImmutableArray<FoundEntity> Entities)
{
    /// <summary>Nothing has the words: these records have words like them. Null where they have them.</summary>
    public bool? IsSimilar { get; init; }

    /// <summary>Names of entities that took too long, or were too many; null for none.</summary>
    public ImmutableArray<string>? Incomplete { get; init; }
}

/// <summary>A record that was found.</summary>
/// <param name="Entity">Name of its entity.</param>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its primary field; null where the caller may not see it, or where it is empty.</param>
/// <param name="Subtitle">The field beneath the title as text; null for none.</param>
/// <param name="Found">Where the words stand; null where no field shows them.</param>
internal sealed record FoundRecord(string Entity, string Collection, Guid Id, string? Title, string? Subtitle, FoundText? Found);

/// <summary>Where the words stand.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Text">The text of the field, or a part of it.</param>
/// <param name="Matches">Where the words stand in that.</param>
internal sealed record FoundText(string Field, string Label, string Text, ImmutableArray<SearchMatch> Matches);

/// <summary>How many records of an entity were found.</summary>
/// <param name="Entity">Its name.</param>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Label">What people call its records.</param>
/// <param name="Count">How many, up to 100.</param>
/// <param name="HasMore">There are more.</param>
internal sealed record FoundEntity(string Entity, string Collection, string Label, int Count, bool HasMore);
