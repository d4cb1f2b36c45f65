using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Resolves entities: inheritance, attribute groups, references, repeated inner objects, removed attributes.</summary>
/// <param name="documents">The documents.</param>
internal sealed class CdmResolver(CdmDocuments documents)
{
    private readonly Dictionary<string, ImmutableArray<CdmAttribute>> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _underway = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Entities that others contain as inner objects, as far as resolved.</summary>
    public HashSet<string> Contained { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Attributes of the entity, inherited ones first; none for an entity that is not there.</summary>
    /// <exception cref="InvalidDataException">Entities extend or contain one another in a circle.</exception>
    public ImmutableArray<CdmAttribute> Attributes(string entity)
    {
        if (_resolved.TryGetValue(entity, out var known)) return known;
        if (documents.Entity(entity) is not { } definition) return [];
        if (!_underway.Add(entity)) throw new InvalidDataException($"{entity} extends or contains itself.");
        var list = new AttributeList();
        if (BaseOf(definition) is { } inherited)
        {
            var avoided = Avoided(CdmJson.Object(definition, "extendsEntityResolutionGuidance") ?? default);
            foreach (var attribute in Attributes(inherited).Where(attribute => !avoided.Contains(attribute.Name))) list.Put(attribute with { Distance = attribute.Distance + 1 });
        }
        foreach (var member in CdmJson.List(definition, "hasAttributes")) Add(list, member);
        _underway.Remove(entity);
        return _resolved[entity] = list.ToImmutable();
    }

    /// <summary>Name of the entity that this definition extends; null where there is none.</summary>
    public static string? BaseOf(JsonElement definition) =>
        definition.TryGetProperty("extendsEntity", out var extended) ? CdmJson.Reference(extended, "entityReference") : null;

    private void Add(AttributeList list, JsonElement member)
    {
        if (member.ValueKind == JsonValueKind.String) AddGroup(list, member);
        else if (member.TryGetProperty("attributeGroupReference", out var group)) AddGroup(list, group);
        else if (member.TryGetProperty("entity", out var entity)) AddReference(list, member, entity);
        else if (CdmJson.Text(member, "name") is { } name)
        {
            if (CdmJson.Is(CdmJson.Object(member, "resolutionGuidance") ?? default, "removeAttribute")) list.Remove(name);
            else list.Put(CdmAttribute.Read(member, name));
        }
    }

    private void AddGroup(AttributeList list, JsonElement group)
    {
        var definition = group.ValueKind == JsonValueKind.Object ? group : documents.Group(CdmJson.Reference(group, "attributeGroupReference")!) ?? default;
        foreach (var member in CdmJson.List(definition, "members")) Add(list, member);
    }

    private void AddReference(AttributeList list, JsonElement member, JsonElement entity)
    {
        var guidance = new CdmReferenceGuidance(member, entity);
        if (guidance.Expansion is { } ordinals)
        {
            foreach (var ordinal in ordinals) AddInner(list, guidance, ordinal);
            return;
        }
        if (guidance.Key is null) AddInner(list, guidance, ordinal: null);
        else list.Put(guidance.Reference(ordinal: null));
    }

    // An inner object that is there a fixed number of times: its attributes become attributes of the outer entity.
    private void AddInner(AttributeList list, CdmReferenceGuidance guidance, int? ordinal)
    {
        if (guidance.Key is not null) list.Put(guidance.Reference(ordinal) with { IsInlined = true });
        Contained.Add(guidance.EntityName);
        var avoided = Avoided(guidance.Json);
        foreach (var inner in Attributes(guidance.EntityName).Where(inner => !avoided.Contains(inner.Name)))
            list.Put(inner with { Name = guidance.Rename(inner.Name, ordinal), IsInlined = inner.IsInlined || ordinal is not null, Distance = 0, SourceName = null });
    }

    private static HashSet<string> Avoided(JsonElement guidance) =>
        [.. CdmJson.List(CdmJson.Object(guidance, "selectsSubAttribute") ?? default, "selectsSomeAvoidNames").Select(name => name.GetString()!)];

    private sealed class AttributeList
    {
        private readonly List<CdmAttribute> _attributes = [];

        public void Put(CdmAttribute attribute)
        {
            var place = _attributes.FindIndex(each => each.Name.Equals(attribute.Name, StringComparison.OrdinalIgnoreCase));
            if (place < 0) _attributes.Add(attribute);
            else _attributes[place] = attribute.Over(_attributes[place]);
        }

        public void Remove(string name) => _attributes.RemoveAll(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

        public ImmutableArray<CdmAttribute> ToImmutable() => [.. _attributes];
    }
}
