using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>manifest.json</c>: what a package is and what it builds on.</summary>
public sealed record Manifest
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Version of the metadata format that the package is written in. The reader of version n reads n-1.</summary>
    [Range(1, 1)]
    public required int FormatVersion { get; init; }

    /// <summary>Name of the package; also the name of its folder.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Semantic version of the package, e.g. <c>1.4.0</c>.</summary>
    [RegularExpression(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$")]
    public required string Version { get; init; }

    /// <summary>What people call the package.</summary>
    public string? Label { get; init; }

    /// <summary>What the package is for, in a sentence or two.</summary>
    public string? Description { get; init; }

    /// <summary>Packages that must be published with or before this one, with the accepted version: <c>{ "core": "^1.0" }</c>.</summary>
    public ImmutableSortedDictionary<string, string> DependsOn { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where money finds its base currency and its exchange rates. One package of an organisation may say it.</summary>
    public Currencies? Currencies { get; init; }

    /// <summary>Language in which the organisation's records are mostly written, as a BCP 47 tag, e.g. <c>de</c>: search then knows the forms of its words. One package of an organisation may say it.</summary>
    [RegularExpression("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    public string? Language { get; init; }

    /// <summary>Time zone of the organisation, by its IANA name, e.g. <c>Europe/Berlin</c>: what <c>today()</c> is, and which day a moment belongs to. One package of an organisation may say it; <c>UTC</c> where none does.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>Where the engine finds exchange rates: in records of an ordinary entity.</summary>
public sealed record Currencies
{
    /// <summary>ISO 4217 code that base amounts are kept in, e.g. <c>EUR</c>.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public required string Base { get; init; }

    /// <summary>Entity whose records are exchange rates.</summary>
    public required string Entity { get; init; }

    /// <summary>Text or choice field of that entity with the ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Date field of that entity: the rate holds from this day on.</summary>
    public required string ValidFrom { get; init; }

    /// <summary>Decimal field of that entity: units of the currency for one unit of the base currency.</summary>
    public required string Rate { get; init; }
}
