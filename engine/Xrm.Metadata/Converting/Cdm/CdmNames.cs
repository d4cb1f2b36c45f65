using System.Collections.Frozen;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Names of converted entities and fields.</summary>
internal static class CdmNames
{
    /// <summary>Leaves room for the endings of columns and for a number.</summary>
    public const int LongestField = 48;

    private const int LongestEntity = 50;

    /// <summary>Name and plural of each entity by its name in the source.</summary>
    public static FrozenDictionary<string, (string Name, string Plural)> OfEntities(IEnumerable<string> entities, string prefix)
    {
        var names = new UniqueNames([]);
        var plurals = new UniqueNames([]);
        return entities.ToFrozenDictionary(entity => entity, entity =>
        {
            var name = names.Take(Words.ToName(prefix + entity, LongestEntity), each => [each]);
            return (name, plurals.Take(Words.ToPlural(name), each => [each]));
        }, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The fields with names such that no two have a column in common and none takes a name of the engine.</summary>
    public static List<Field> OfFields(string entity, IReadOnlyList<Field> fields)
    {
        var names = new UniqueNames(SystemFields.Reserved);
        return [.. fields.Select(field => field with { Name = names.Take(Free(entity, field), name => Needs(field with { Name = name })) })];
    }

    private static string Free(string entity, Field field) =>
        Needs(field).Any(SystemFields.Reserved.Contains) ? Words.ToName($"{entity}_{field.Name}", LongestField) : field.Name;

    private static IEnumerable<string> Needs(Field field) =>
        FieldTypeRegistry.Default.Find(field.Type)!.Columns(field, field.Options?.Inline ?? []).Select(column => column.Name).Append(field.Name).Distinct();
}
