using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>One attribute of an entity after inheritance, groups and references are resolved.</summary>
internal sealed record CdmAttribute
{
    /// <summary>Name as a resolved document would say it, e.g. <c>primaryContactId</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The data type as used: a name, or an object with a name and traits. Undefined where unsaid.</summary>
    public JsonElement DataType { get; init; }

    public string? Purpose { get; init; }

    /// <summary>Attribute whose value decides which options of this one make sense.</summary>
    public string? CorrelatedWith { get; init; }

    public string? Label { get; init; }

    public string? Description { get; init; }

    public string? SourceName { get; init; }

    public string? MaximumLength { get; init; }

    public string? MinimumValue { get; init; }

    public string? MaximumValue { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>The attribute has a default.</summary>
    public bool HasDefault { get; init; }

    public ImmutableArray<CdmTrait> Traits { get; init; } = [];

    /// <summary>Points to a record.</summary>
    public bool IsReference { get; init; }

    /// <summary>Entities that a reference can point to; empty for any.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>The reference can be to several kinds, even if one alone is named.</summary>
    public bool IsPolymorphic { get; init; }

    /// <summary>How far up the attribute is inherited from; 0 for the entity's own.</summary>
    public int Distance { get; init; }

    /// <summary>Came from an optional inner object, such as the second address of an account.</summary>
    public bool IsInlined { get; init; }

    /// <summary><c>none</c>, <c>recommended</c>, <c>required</c> or <c>systemrequired</c>; null where unsaid.</summary>
    public string? Level => Traits.FirstOrDefault(trait => trait.Name == "is.requiredAtLevel")?.Text;

    /// <summary>Reads what all attributes have, be they plain ones or the key of a reference.</summary>
    public static CdmAttribute Read(JsonElement json, string name)
    {
        var traits = CdmTrait.In(json, "appliedTraits");
        var purpose = json.TryGetProperty("purpose", out var said) ? said : default;
        return new CdmAttribute
        {
            Name = name,
            DataType = json.TryGetProperty("dataType", out var type) ? type : default,
            Purpose = CdmJson.Reference(purpose, "purposeReference"),
            CorrelatedWith = CdmTrait.In(purpose, "appliedTraits").FirstOrDefault(trait => trait.Name == "is.correlatedWith")?.Text,
            Label = CdmJson.Text(json, "displayName") ?? Localized(traits, "is.localized.displayedAs"),
            Description = CdmJson.Text(json, "description") ?? Localized(traits, "is.localized.describedAs"),
            SourceName = CdmJson.Text(json, "sourceName"),
            MaximumLength = CdmJson.Text(json, "maximumLength"),
            MinimumValue = CdmJson.Text(json, "minimumValue"),
            MaximumValue = CdmJson.Text(json, "maximumValue"),
            IsReadOnly = CdmJson.Is(json, "isReadOnly"),
            HasDefault = json.TryGetProperty("defaultValue", out _),
            Traits = traits,
        };
    }

    /// <summary>This attribute where an inherited one of the same name is there: what it does not say stays as inherited.</summary>
    public CdmAttribute Over(CdmAttribute inherited) => this with
    {
        DataType = DataType.ValueKind == JsonValueKind.Undefined ? inherited.DataType : DataType,
        Purpose = Purpose ?? inherited.Purpose,
        CorrelatedWith = CorrelatedWith ?? inherited.CorrelatedWith,
        Label = Label ?? inherited.Label,
        Description = Description ?? inherited.Description,
        SourceName = SourceName ?? inherited.SourceName,
        MaximumLength = MaximumLength ?? inherited.MaximumLength,
        MinimumValue = MinimumValue ?? inherited.MinimumValue,
        MaximumValue = MaximumValue ?? inherited.MaximumValue,
        IsReadOnly = IsReadOnly || inherited.IsReadOnly,
        Traits = [.. Traits, .. inherited.Traits.Where(trait => Traits.All(own => own.Name != trait.Name))],
    };

    internal static string? Localized(ImmutableArray<CdmTrait> traits, string name) => traits.FirstOrDefault(trait => trait.Name == name)?.Localized;
}
