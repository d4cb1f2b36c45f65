using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Localization;

namespace Xrm.Server.Features.Data.History;

/// <summary>What people call the values of a history: labels of options, names of the records that lookups point to. Names of records that the caller may not see are not told.</summary>
internal sealed class HistoryNames(RecordReader reader, QueryContext context, Texts texts)
{
    private readonly Dictionary<Guid, string> _names = [];

    /// <summary>Learns the names of all records that these values point to, with one query for each kind of record.</summary>
    public async Task LearnAsync(IEnumerable<(Field Field, Column Column, JsonElement Value)> values, CancellationToken ct)
    {
        var wanted = values.Where(value => value.Field.Targets.Length > 0 && value.Column.Type is ColumnType.Uuid or ColumnType.UuidList)
            .SelectMany(value => Ids(value.Value).SelectMany(id => value.Field.Targets.Select(target => (target, id)))).Distinct().GroupBy(pair => pair.target, pair => pair.id);
        foreach (var kind in wanted)
            foreach (var portion in kind.Where(id => !_names.ContainsKey(id)).Chunk(200)) await LearnAsync(kind.Key, portion, ct);
    }

    /// <summary>What stands for a value; null where the value speaks for itself, or its record is not to be seen.</summary>
    public string? Text(Field field, Column column, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return null;
        if (value.ValueKind == JsonValueKind.Array)
        {
            var items = value.EnumerateArray().Select(item => Text(field, column, item) ?? item.ToString()).ToList();
            return items.Count == 0 ? null : string.Join(", ", items);
        }
        if (column.Part.Length == 0 && field.Options.FirstOrDefault(option => option.Value.ToString() == value.ToString()) is { } option) return texts.Option(field, option);
        return field.Targets.Length > 0 && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? _names.GetValueOrDefault(id) : null;
    }

    private async Task LearnAsync(Entity target, Guid[] ids, CancellationToken ct)
    {
        if (target.Primary.Column is not { } primary || !context.Caller.Can(target, Operation.Read) || !context.Caller.CanReadField(target.Primary)) return;
        var query = new DataQuery
        {
            Select = [new NameNode("id", 1), new NameNode(primary.Name, 1)],
            Filter = new InNode(new PathNode(["id"], 1), [.. ids.Select(id => new LiteralNode(LiteralKind.Uuid, id, 1))], 1),
            Top = ids.Length,
            PageSize = ids.Length,
        };
        try
        {
            foreach (var row in await reader.RowsAsync(QueryPlan.For(target.Plural, query, context), ct))
                if (row["id"] is Guid id && row[primary.Name] is { } name)
                    _names[id] = target.Primary.Options.FirstOrDefault(option => option.Value.ToString() == name.ToString()) is { } option ? texts.Option(target.Primary, option) : Convert.ToString(name, CultureInfo.InvariantCulture)!;
        }
        catch (XrmException refused) when (refused.Status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound)
        {
            // Then there are no names: what the caller may not read is told by its id alone.
        }
    }

    private static IEnumerable<Guid> Ids(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.TryGetGuid(out var id) => [id],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Ids),
        _ => [],
    };
}
