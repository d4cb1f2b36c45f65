using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Turns one attribute into a field.</summary>
/// <param name="entity">Entity in the source.</param>
/// <param name="types">Its data types.</param>
/// <param name="names">Names of the converted entities by those of the source.</param>
/// <param name="log">The findings.</param>
internal sealed class FieldConverter(string entity, CdmDataTypes types, IReadOnlyDictionary<string, string> names, ConversionLog log)
{
    private static readonly ImmutableArray<string> PersonTypes = ["firstName", "middleName", "lastName", "fullName", "governmentId"];
    private static readonly ImmutableArray<string> PlainTypes =
        ["string", "boolean", "integer", "bigInteger", "decimal", "double", "float", "dateTime", "date", "time", "guid", "entityId", "url", "email", "phone", "currency", "json", "partylist"];
    private static readonly ImmutableArray<string> KnownTraits =
    [
        "is.requiredAtLevel", "is.localized.displayedAs", "is.localized.describedAs", "is.CDS.standard", "is.CDS.lookup",
        "is.linkedEntity.identifier", "is.linkedEntity.name", "is.identifiedBy", "is.calculationOf",
    ];

    private static readonly ImmutableArray<string> KnownPurposes =
        ["hasA", "identifiedBy", "createdOn", "modifiedOn", "referencesOwner", "referencesCustomer", "representsStateWith", "representsCorrelatedStatusWith", "namedBy"];

    /// <summary>The field; its name is still that of the attribute alone.</summary>
    public Field Convert(CdmAttribute attribute)
    {
        var type = types.Resolve(attribute.DataType);
        var field = Common(attribute, type);
        field = attribute.IsReference ? Reference(field, attribute)
            : type.Is("listLookup") || type.Is("listLookupCorrelated") ? Choice(field, attribute, type, "choice", integers: true)
            : type.Is("listLookupString") || type.Is("listLookupWellKnown") ? Choice(field, attribute, type, "choice", integers: false)
            : type.Is("listLookupMultiple") ? Choice(field, attribute, type, "choices", integers: false)
            : new TypeConverter(attribute, type, Lose(attribute)).Convert(field);
        Remark(attribute, type);
        return field;
    }

    private Field Common(CdmAttribute attribute, CdmDataType type)
    {
        var required = attribute.Level is "required" or "systemrequired";
        if (required && attribute.IsInlined) log.Lose(entity, attribute.Name, "is.requiredAtLevel", "Required in an inner object that is itself optional: recommended.");
        return new Field
        {
            Name = Words.ToName(attribute.Name, CdmNames.LongestField),
            Type = "",
            Label = attribute.Label,
            Description = attribute.Description,
            Required = required && !attribute.IsInlined ? new Condition(true, null) : null,
            Recommended = attribute.Level == "recommended" || (required && attribute.IsInlined),
            Readonly = attribute.IsReadOnly ? new Condition(true, null) : null,
            Personal = PersonTypes.Any(type.Is) ? new Personal() : null,
            Sensitive = type.Is("governmentId"),
        };
    }

    private Field Reference(Field field, CdmAttribute attribute)
    {
        var name = field.Name.EndsWith("_id", StringComparison.Ordinal) ? field.Name[..^3] : field.Name;
        var known = attribute.Targets.Where(names.ContainsKey).Select(target => names[target]).ToImmutableArray();
        foreach (var missing in attribute.Targets.Where(target => !names.ContainsKey(target)))
            log.Lose(entity, attribute.Name, "entity", $"{missing} is not among the documents.");
        if (known.IsEmpty && !attribute.Targets.IsEmpty) return field with { Type = "uuid" };
        if (attribute.Traits.FirstOrDefault(trait => trait.Name == "is.CDS.lookup")?.Text == "multi")
            log.Lose(entity, attribute.Name, "is.CDS.lookup", "Style multi: the reference holds one record.");
        var lookup = field with { Name = name, Type = "lookup" };
        if (attribute.Targets.IsEmpty) return lookup with { Target = "*" };
        return attribute.IsPolymorphic && known.Length > 1 ? lookup with { Targets = known } : lookup with { Target = known[0] };
    }

    private Field Choice(Field field, CdmAttribute attribute, CdmDataType type, string name, bool integers)
    {
        var options = OptionConverter.Options(type, integers, Lose(attribute));
        if (!options.IsEmpty) return field with { Type = name, Options = new Options(null, options), Parent = attribute.CorrelatedWith };
        log.Lose(entity, attribute.Name, "dataType", "A list look-up without values: the field takes any.");
        return field with { Type = integers ? "integer" : "multiline" };
    }

    private Action<string, string> Lose(CdmAttribute attribute) => (property, reason) => log.Lose(entity, attribute.Name, property, reason);

    private void Remark(CdmAttribute attribute, CdmDataType type)
    {
        if (!attribute.IsReference && attribute.Traits.Any(trait => trait.Name == "is.CDS.lookup") && !type.Is("partylist"))
            log.Lose(entity, attribute.Name, "is.CDS.lookup", "A look-up that does not say what it points to: kept as an id.");
        if (attribute.HasDefault) log.Lose(entity, attribute.Name, "defaultValue", "Not carried over.");
        if (!attribute.IsReference && !PlainTypes.Contains(type.Name) && !type.Name.StartsWith("listLookup", StringComparison.Ordinal))
            log.Note(entity, attribute.Name, "dataType", $"{type.Name} says what the value means; label and limits are carried over.");
        if (attribute.Purpose is { } purpose && !KnownPurposes.Contains(purpose))
            log.Note(entity, attribute.Name, "purpose", $"{purpose} says what the value means.");
        foreach (var trait in attribute.Traits.Concat(type.Traits).Where(trait => trait.Name.StartsWith("means.", StringComparison.Ordinal)))
            log.Note(entity, attribute.Name, trait.Name, "Says what the value means.");
        foreach (var trait in attribute.Traits.Where(trait => !KnownTraits.Contains(trait.Name) && !trait.Name.StartsWith("means.", StringComparison.Ordinal)))
            log.Lose(entity, attribute.Name, trait.Name, "There is no counterpart.");
    }
}
