using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.Uses;

/// <summary>Something that packages define and other places of packages name.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, unique among those of its kind: <c>contract</c>, <c>contract.status</c>, <c>contract.status.active</c>, a role, a script's file.</param>
public sealed record Element(ElementKind Kind, string Name)
{
    /// <summary>An entity.</summary>
    public static Element OfEntity(string entity) => new(ElementKind.Entity, entity);

    /// <summary>A field.</summary>
    public static Element OfField(Field field) => new(ElementKind.Field, field.ToString());

    /// <summary>An option of a choice.</summary>
    /// <param name="field">The choice.</param>
    /// <param name="value">The stored value, as text.</param>
    public static Element OfOption(Field field, string value) => new(ElementKind.Option, $"{field}.{value}");

    /// <summary>A role.</summary>
    public static Element OfRole(string role) => new(ElementKind.Role, role);

    /// <summary>A script under <c>rules/</c>.</summary>
    public static Element OfScript(string file) => new(ElementKind.Script, file);

    /// <summary>Whether who names this depends on the other: on the thing itself, or for an option on its field.</summary>
    public bool IsOrBelongsTo(Element other) => this == other
        || (Kind == ElementKind.Option && other.Kind == ElementKind.Field && Name.StartsWith(other.Name + ".", StringComparison.Ordinal));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>Kinds of things that packages define and name.</summary>
public enum ElementKind
{
    /// <summary>A record type.</summary>
    Entity,

    /// <summary>A field of an entity.</summary>
    Field,

    /// <summary>An option of a choice.</summary>
    Option,

    /// <summary>A role.</summary>
    Role,

    /// <summary>A script of a rule.</summary>
    Script,
}
