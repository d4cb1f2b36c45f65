using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes rows of a summary: a value that was reached through lookups stands in an object for each of them.</summary>
internal sealed class SummaryWriter
{
    private readonly ImmutableArray<Property> _properties;

    public SummaryWriter(ImmutableArray<SummaryColumn> columns) =>
        _properties = Build([.. columns.Select((column, index) => (column.Path.AsSpan().ToArray(), index, column.Shown.Type))], 0);

    /// <summary>Writes the current row of the reader.</summary>
    public void Write(Utf8JsonWriter writer, NpgsqlDataReader reader) => Write(writer, reader, _properties);

    private static void Write(Utf8JsonWriter writer, NpgsqlDataReader reader, ImmutableArray<Property> properties)
    {
        writer.WriteStartObject();
        foreach (var property in properties)
        {
            writer.WritePropertyName(property.Name);
            if (property.Properties.IsEmpty) ColumnJson.Write(writer, reader, property.Ordinal, property.Type);
            else Write(writer, reader, property.Properties);
        }
        writer.WriteEndObject();
    }

    private static ImmutableArray<Property> Build(ImmutableArray<(string[] Path, int Ordinal, ColumnType Type)> columns, int depth) =>
        [.. columns.GroupBy(column => column.Path[depth]).Select(group => group.First().Path.Length == depth + 1
            ? new Property(group.Key, group.First().Ordinal, group.First().Type, [])
            : new Property(group.Key, -1, default, Build([.. group], depth + 1)))];

    private sealed record Property(string Name, int Ordinal, ColumnType Type, ImmutableArray<Property> Properties);
}
