using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting;

/// <summary>What a conversion carried over and what it could not.</summary>
public sealed record ConversionReport
{
    /// <summary>Record types in the source.</summary>
    public int Entities { get; init; }

    /// <summary>Attributes of those, inherited ones included.</summary>
    public int Attributes { get; init; }

    /// <summary>Attributes of which something is missing in the package.</summary>
    public int AttributesWithLoss { get; init; }

    /// <summary>Share of attributes with any loss, in percent with one decimal.</summary>
    public decimal LossPercent => Attributes == 0 ? 0 : Math.Round(100m * AttributesWithLoss / Attributes, 1);

    /// <summary>Every property that is missing in the package or changed in it.</summary>
    public ImmutableArray<Finding> Losses { get; init; } = [];

    /// <summary>Words about meaning or origin that the package has no place for, while values, limits and behaviour are carried over.</summary>
    public ImmutableArray<Finding> Notes { get; init; } = [];

    /// <summary>Where each attribute is now: <c>Account.primaryContactId</c> to <c>account.primary_contact</c>.</summary>
    public ImmutableSortedDictionary<string, string> Places { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Definitions of the source that are no record types, with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Skipped { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Names of the entities in an order in which each can be created with its required fields alone.</summary>
    public ImmutableArray<string> CreationOrder { get; init; } = [];

    /// <summary>The report as JSON, with two-space indent and a final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SourceJson.Options) + "\n";
}

/// <summary>One property that was not carried over, or not as it was.</summary>
/// <param name="Entity">Entity in the source.</param>
/// <param name="Attribute">Attribute in the source; empty for the entity itself.</param>
/// <param name="Property">Property or trait, e.g. <c>maximumLength</c>.</param>
/// <param name="Reason">What is missing and what stands there instead.</param>
public sealed record Finding(string Entity, string Attribute, string Property, string Reason);
