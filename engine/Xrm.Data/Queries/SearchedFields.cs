using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Which values of an entity search looks at.</summary>
public static class SearchedFields
{
    /// <summary>The entity has indexes for search, and is among those that are searched together.</summary>
    /// <param name="entity">The entity.</param>
    public static bool AreIndexed(Entity entity) => entity.Features.Contains("search");

    /// <summary>
    /// The primary field, automatic numbers, addresses of e-mail and all fields that ask for it, as far as they are texts or lists of texts;
    /// by the names of their columns, so that the order of fields on screen does not matter.
    /// </summary>
    internal static ImmutableArray<(Field Field, Column Column)> Of(Entity entity) =>
    [
        .. entity.Fields
            .Where(field => field == entity.Primary || field.Source.Search || field.Type.Name is "autonumber" or "email")
            .Where(field => field.Column?.Type is ColumnType.Text or ColumnType.TextList)
            .Select(field => (field, field.Column!))
            .OrderBy(pair => pair.Item2.Name, StringComparer.Ordinal),
    ];
}
