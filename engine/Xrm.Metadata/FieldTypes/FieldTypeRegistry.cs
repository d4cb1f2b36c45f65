using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The field types of the engine, found by name.</summary>
public sealed class FieldTypeRegistry(IEnumerable<FieldType> types)
{
    private readonly FrozenDictionary<string, FieldType> _byName = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The types that come with the engine.</summary>
    public static FieldTypeRegistry Default { get; } = new([]);

    /// <summary>All types, by name.</summary>
    public ImmutableArray<FieldType> All => [.. _byName.Values.OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The type of that name; null where there is none.</summary>
    public FieldType? Find(string name) => _byName.GetValueOrDefault(name);
}
