using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Writes rows of a summary: a value that was reached through lookups stands in an object for each of them. What a row does not have, such as
/// the finer levels of a rolled-up group, is left out; null is a value.
/// </summary>
internal sealed class SummaryWriter
{
    private readonly ImmutableArray<Property> _properties;

    public SummaryWriter(ImmutableArray<SummaryColumn> columns) => _properties = Build(
        [.. columns.Select((column, index) => (Path: column.Path.AsSpan().ToArray(), index, column.Shown.Type, column.Presence)).Where(column => column.Path.Length > 0)], 0);

    /// <summary>Writes the current row of the reader.</summary>
    public void Write(Utf8JsonWriter writer, NpgsqlDataReader reader) => Write(writer, reader, _properties);

    private static void Write(Utf8JsonWriter writer, NpgsqlDataReader reader, ImmutableArray<Property> properties)
    {
        writer.WriteStartObject();
        foreach (var property in properties)
        {
            if (!IsPresent(reader, property)) continue;
            writer.WritePropertyName(property.Name);
            if (property.Properties.IsEmpty) ColumnJson.Write(writer, reader, property.Ordinal, property.Type);
            else Write(writer, reader, property.Properties);
        }
        writer.WriteEndObject();
    }

    private static bool IsPresent(NpgsqlDataReader reader, Property property) => property.Properties.IsEmpty
        ? property.Presence is not { } place || reader.GetBoolean(place)
        : property.Properties.Any(inner => IsPresent(reader, inner));

    private static ImmutableArray<Property> Build(ImmutableArray<(string[] Path, int Ordinal, ColumnType Type, int? Presence)> columns, int depth) =>
        [.. columns.GroupBy(column => column.Path[depth]).Select(group => group.First().Path.Length == depth + 1
            ? new Property(group.Key, group.First().Ordinal, group.First().Type, group.First().Presence, [])
            : new Property(group.Key, -1, default, null, Build([.. group], depth + 1)))];

    private sealed record Property(string Name, int Ordinal, ColumnType Type, int? Presence, ImmutableArray<Property> Properties);
}
