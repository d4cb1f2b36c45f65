using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Turns one resolved entity into an entity of a package.</summary>
/// <param name="source">Name in the source.</param>
/// <param name="attributes">Its resolved attributes.</param>
/// <param name="fields">Converts one attribute.</param>
/// <param name="currencyCode">Field of the converted currency with its ISO code; null where there is no such entity.</param>
/// <param name="log">The findings.</param>
internal sealed class EntityConverter(string source, ImmutableArray<CdmAttribute> attributes, FieldConverter fields, string? currencyCode, ConversionLog log)
{
    private static readonly ImmutableArray<string> TextTypes = ["text", "multiline", "email", "phone", "url"];

    /// <summary>The entity.</summary>
    /// <param name="name">Its new name and plural.</param>
    /// <param name="label">What people call it; null where unsaid.</param>
    /// <param name="description">What it is for; null where unsaid.</param>
    public Entity Convert((string Name, string Plural) name, string? label, string? description)
    {
        var hasOwner = SystemAttributes.HasOwner(attributes);
        var (ordinary, converted) = ConvertOrdinary(name.Name, hasOwner);
        converted = WithMoney(ordinary, WithHierarchy(name.Name, ordinary, WithParents(ordinary, converted)));
        for (var i = 0; i < ordinary.Count; i++) log.Place(source, ordinary[i].Name, $"{name.Name}.{converted[i].Name}");
        var kept = Enumerable.Range(0, ordinary.Count).Where(i => !IsBaseAmount(name.Name, ordinary[i], ordinary, converted))
            .OrderBy(i => ordinary[i].Distance).Select(i => converted[i]).ToList();
        var primary = Primary(kept, ordinary, converted);
        return new Entity
        {
            Name = name.Name,
            Plural = name.Plural,
            Label = label,
            PluralLabel = label is null ? null : Words.ToPlural(label),
            Description = description,
            Ownership = hasOwner ? "user" : null,
            Primary = primary,
            Fields = [.. kept.Select(field => field.Name == primary ? AsTitle(field, ordinary[converted.IndexOf(field)]) : field).OrderByDescending(field => field.Name == primary)],
        };
    }

    private (List<CdmAttribute> Ordinary, List<Field> Converted) ConvertOrdinary(string name, bool hasOwner)
    {
        var ordinary = new List<CdmAttribute>();
        foreach (var attribute in attributes)
        {
            if (SystemAttributes.FieldOf(attribute, hasOwner) is { } system) log.Place(source, attribute.Name, $"{name}.{system}");
            else ordinary.Add(attribute);
        }
        // Base amounts last, so that the money they belong to keeps its name.
        ordinary = [.. ordinary.OrderBy(attribute => SourceOf(attribute) is not null)];
        return (ordinary, CdmNames.OfFields(source, [.. ordinary.Select(fields.Convert)]));
    }

    // The choice that options depend on, by its new name.
    private List<Field> WithParents(List<CdmAttribute> ordinary, List<Field> converted) => [.. converted.Select((field, i) =>
    {
        if (field.Options is null || (field.Parent is null && field.Options.Inline.All(option => option.When.IsEmpty))) return field;
        var place = ordinary.FindIndex(attribute => attribute.Name.Equals(field.Parent, StringComparison.OrdinalIgnoreCase));
        if (place >= 0 && converted[place].Type == "choice") return field with { Parent = converted[place].Name };
        log.Lose(source, ordinary[i].Name, "is.correlatedWith", "The attribute that the values depend on is no choice of this entity: all values are offered.");
        return field with { Parent = null, Options = new Options(null, [.. field.Options.Inline.Select(option => option with { When = [] })]) };
    })];

    // The one self reference that is called parent makes a hierarchy. Nothing can require a parent of all: the first record has none.
    private List<Field> WithHierarchy(string name, List<CdmAttribute> ordinary, List<Field> converted)
    {
        var selves = converted.Where(field => field is { Type: "lookup", Target: { } target } && target == name).ToList();
        var parents = selves.Where(field => field.Name.StartsWith("parent", StringComparison.Ordinal)).ToList();
        foreach (var field in selves.Where(field => field.Required is not null))
            log.Lose(source, ordinary[converted.IndexOf(field)].Name, "is.requiredAtLevel", "A required reference to the same entity, which the first record cannot have: recommended.");
        return [.. converted.Select(field => !selves.Contains(field) ? field
            : (parents is [var only] && only == field ? field with { Type = "parent", Target = null } : field) with { Required = null, Recommended = field.Recommended || field.Required is not null })];
    }

    // Money is in the currency of the record, where the record says one.
    private List<Field> WithMoney(List<CdmAttribute> ordinary, List<Field> converted)
    {
        var place = currencyCode is null ? -1 : ordinary.FindIndex(attribute => attribute.IsReference && attribute.Targets is ["Currency"]);
        return place < 0 ? converted : [.. converted.Select(field => field.Type == "money" ? field with { Currency = $"{converted[place].Name}.{currencyCode}" } : field)];
    }

    // An amount in the base currency is a column of its money field here.
    private bool IsBaseAmount(string name, CdmAttribute attribute, List<CdmAttribute> ordinary, List<Field> converted)
    {
        if (SourceOf(attribute) is not { } of) return false;
        var place = ordinary.FindIndex(each => each.Name.Equals(of, StringComparison.OrdinalIgnoreCase));
        if (place >= 0 && converted[place].Type == "money")
        {
            log.Place(source, attribute.Name, $"{name}.{converted[place].Name}_{MoneyType.BasePart}");
            return true;
        }
        log.Lose(source, attribute.Name, "is.calculationOf", $"Computed from {of} in the source; an ordinary field here.");
        return false;
    }

    private static string? SourceOf(CdmAttribute attribute) => attribute.Traits.FirstOrDefault(trait => trait.Name == "is.calculationOf")?.Text;

    // What stands for a record is one line.
    private Field AsTitle(Field field, CdmAttribute attribute)
    {
        if (field.Type != "multiline") return field;
        if (field.MaxLength is not { } length || length > TypeConverter.LongestTitle)
            log.Lose(source, attribute.Name, "maximumLength", $"The text stands for the record, which takes one line of at most {TypeConverter.LongestTitle} characters.");
        return field with { Type = "text", MaxLength = Math.Min(field.MaxLength ?? TypeConverter.LongestTitle, TypeConverter.LongestTitle) };
    }

    private string Primary(List<Field> kept, List<CdmAttribute> ordinary, List<Field> converted)
    {
        var texts = kept.Where(field => TextTypes.Contains(field.Type)).ToList();
        var named = ordinary.FindIndex(attribute => attribute.Purpose == "namedBy");
        if (named >= 0 && texts.Contains(converted[named])) return converted[named].Name;
        var own = Words.ToName(source, CdmNames.LongestField);
        foreach (var wanted in new[] { "name", "full_name", own + "_name", "title", "subject", own })
            if (texts.FirstOrDefault(field => field.Name == wanted) is { } found) return found.Name;
        return (texts.FirstOrDefault(field => field.Required is not null && field.Name.EndsWith("name", StringComparison.Ordinal))
            ?? texts.FirstOrDefault(field => field.Name.EndsWith("name", StringComparison.Ordinal))
            ?? texts.FirstOrDefault(field => field.Type == "text")
            ?? texts.FirstOrDefault(field => field.Required is not null)
            ?? kept.FirstOrDefault(field => field is { Type: "lookup", Required: not null })
            ?? kept.FirstOrDefault(field => field.Type is "lookup" or "choice"))?.Name ?? "id";
    }
}
