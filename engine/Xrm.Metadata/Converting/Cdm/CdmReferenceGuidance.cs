using System.Globalization;
using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>How an attribute that is an entity becomes attributes: a key, the names, how often.</summary>
/// <param name="member">The attribute.</param>
/// <param name="entity">What its property <c>entity</c> says: a name, or an object with a name or with several options.</param>
internal sealed class CdmReferenceGuidance(JsonElement member, JsonElement entity)
{
    private const string DefaultRenameFormat = "{a}{M}";

    /// <summary>The guidance as written; undefined where there is none.</summary>
    public JsonElement Json { get; } = CdmJson.Object(member, "resolutionGuidance") ?? default;

    /// <summary>The attribute that holds the id; null where the entity's attributes are taken over instead.</summary>
    public JsonElement? Key => CdmJson.Object(CdmJson.Object(Json, "entityByReference") ?? default, "foreignKeyAttribute");

    /// <summary>Name of the referenced entity (of an inner object); of a choice of entities, the name of that choice.</summary>
    public string EntityName => CdmJson.Reference(Referenced, "entityName") ?? "";

    /// <summary>Ordinals of an inner object that is there a fixed number of times; null for others.</summary>
    public IEnumerable<int>? Expansion => CdmJson.Object(Json, "expansion") is { } expansion
        ? Enumerable.Range(Number(expansion, "startingOrdinal"), Number(expansion, "maximumExpansion"))
        : null;

    private JsonElement Referenced => entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty("entityReference", out var reference) ? reference : entity;

    /// <summary>The reference as one attribute.</summary>
    public CdmAttribute Reference(int? ordinal)
    {
        var key = CdmAttribute.Read(Key!.Value, Rename(CdmJson.Text(Key.Value, "name") ?? "id", ordinal));
        var isChoice = Referenced.ValueKind == JsonValueKind.Object;
        return key with
        {
            IsReference = true,
            IsPolymorphic = isChoice,
            Targets = isChoice ? [.. CdmJson.List(Referenced, "hasAttributes").Select(OptionName).OfType<string>()] : [Identified ?? EntityName],
            Purpose = CdmJson.Text(member, "purpose") ?? key.Purpose,
        };
    }

    /// <summary>The name of an attribute in the entity that holds the reference.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="ordinal">Which of several; null for one alone.</param>
    public string Rename(string name, int? ordinal)
    {
        var attribute = CdmJson.Text(member, "name") ?? "";
        return (CdmJson.Text(Json, "renameFormat") ?? DefaultRenameFormat)
            .Replace("{a}", attribute, StringComparison.Ordinal).Replace("{A}", Capital(attribute), StringComparison.Ordinal)
            .Replace("{o}", ordinal?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{m}", name, StringComparison.Ordinal).Replace("{M}", Capital(name), StringComparison.Ordinal);
    }

    // The entity whose id is kept, where that is not the one that is referenced: "Address/(resolvedAttributes)/customerAddressId".
    private string? Identified => CdmTrait.In(entity, "appliedTraits").FirstOrDefault(trait => trait.Name == "is.identifiedBy")?.Text?.Split('/')[0];

    private static string? OptionName(JsonElement option) => option.TryGetProperty("entity", out var each)
        ? CdmJson.Reference(each.ValueKind == JsonValueKind.Object && each.TryGetProperty("entityReference", out var reference) ? reference : each, "entityName")
        : null;

    private static int Number(JsonElement json, string property) => int.TryParse(CdmJson.Text(json, property), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;

    private static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
