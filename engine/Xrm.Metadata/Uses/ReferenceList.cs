using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Uses;

/// <summary>Collects references, resolving names in the model. What leads nowhere is left out.</summary>
internal sealed class ReferenceList(Model model)
{
    private readonly List<Reference> _found = [];

    public Model Model => model;

    public IReadOnlyList<Reference> Found => _found;

    public void Add(Element element, SourceLocation location) => _found.Add(new Reference(element, location));

    public Entity? Entity(string? name, SourceLocation location)
    {
        if (name is null || model.FindEntity(name) is not { } entity) return null;
        Add(Element.OfEntity(name), location);
        return entity;
    }

    /// <summary>A field by its name, by that of a column of it, or by the other side of a lookup.</summary>
    public Field? Field(Entity? entity, string? name, SourceLocation location)
    {
        if (entity is null || name is null) return null;
        var field = entity.FindField(name) ?? entity.FindColumn(name)?.Field ?? entity.FindInverse(name);
        if (field is not null) Add(Element.OfField(field), location);
        if (field?.InverseOf is { } links) Add(Element.OfField(links), location);
        return field;
    }

    public void Fields(Entity? entity, IReadOnlyList<string> names, Origin at)
    {
        for (var i = 0; i < names.Count; i++) Field(entity, names[i], at.At($"[{i}]"));
    }

    /// <summary>Every field of a way such as <c>account.industry</c>.</summary>
    public void Path(Entity? entity, string? path, SourceLocation location)
    {
        foreach (var name in path?.Split('.') ?? []) entity = Field(entity, name, location) is { IsSingleLookup: true, Targets: [var target] } ? target : null;
    }

    public void Paths(Entity? entity, IReadOnlyList<string> paths, Origin at)
    {
        for (var i = 0; i < paths.Count; i++) Path(entity, paths[i], at.At($"[{i}]"));
    }

    public void Sorts(Entity? entity, IReadOnlyList<Source.Sort> sorts, Origin at)
    {
        for (var i = 0; i < sorts.Count; i++) Path(entity, sorts[i].Field, at.At($"[{i}].field"));
    }

    public void Roles(IReadOnlyList<string> roles, Origin at)
    {
        for (var i = 0; i < roles.Count; i++) Add(Element.OfRole(roles[i]), at.At($"[{i}]"));
    }

    /// <summary>An option of the field; nothing where it has no such option.</summary>
    public void Option(Field? field, string value, SourceLocation location)
    {
        if (field is not null && field.Options.Any(option => option.Value.ToString() == value)) Add(Element.OfOption(field, value), location);
    }

    /// <summary>Values by field name, as starter rows, steps and tests hold them.</summary>
    public void Values(Entity? entity, IEnumerable<KeyValuePair<string, JsonElement>> values, Origin at)
    {
        foreach (var (name, value) in values)
        {
            var place = at with { Path = JsonScan.Append(at.Path, name) };
            Value(Field(entity, name, place.At()), value, place);
        }
    }

    /// <summary>What a field's value names: options, the fields by which a record is found, the fields of children.</summary>
    public void Value(Field? field, JsonElement value, Origin at)
    {
        if (field is null || Checking.Values.IsFormula(value)) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String or JsonValueKind.Number:
                Option(field, value.ToString(), at.At());
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray()) Value(field, item, at.Part($"[{index++}]"));
                break;
            case JsonValueKind.Object:
                Values(Described(field, value, at), value.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value)), at);
                break;
            default: break;
        }
    }

    private Entity? Described(Field field, JsonElement value, Origin at)
    {
        if (value.TryGetProperty("$entity", out var kind)) return Entity(kind.ToString(), at.At(".$entity"));
        if (field.Child is not null && field.FarSide is null) return field.Child;
        return field.Targets is [var target] ? target : null;
    }
}
