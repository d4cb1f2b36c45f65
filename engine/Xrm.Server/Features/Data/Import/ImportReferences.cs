using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Data.Import;

/// <summary>
/// Finds the records that the lookups of a file name, many at once and with the rights of whoever imports: a record that they may not read is
/// not there.
/// </summary>
/// <param name="records">The transaction.</param>
/// <param name="context">Model, caller and time.</param>
internal sealed class ImportReferences(RecordTransaction records, QueryContext context)
{
    private const int MostAtOnce = 500;

    /// <summary>The fields of one text that name a record: those that are unique, and its title, as far as the caller may read them.</summary>
    /// <param name="target">The record's entity.</param>
    /// <param name="caller">Who names it.</param>
    public static IEnumerable<Field> NamedBy(Entity target, Caller caller) => target.Keys.Where(key => key.Fields.Length == 1).Select(key => key.Fields[0]).Append(target.Primary).Distinct()
        .Where(field => field is { Column.Type: ColumnType.Text } && caller.CanReadField(field));

    /// <summary>The records that texts name.</summary>
    /// <param name="target">Their entity.</param>
    /// <param name="by">The field that has the texts; null for the id, else what is unique, else the title.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>For each text that names something the id of the record; null where it names several.</returns>
    public async Task<IReadOnlyDictionary<string, Guid?>> FindAsync(Entity target, Field? by, IEnumerable<string> texts, CancellationToken ct)
    {
        var found = new Dictionary<string, Guid?>(StringComparer.Ordinal);
        if (!context.Caller.Can(target, Operation.Read)) return found;
        var wanted = texts.ToHashSet(StringComparer.Ordinal);
        if (by is null)
        {
            var written = wanted.Where(text => Guid.TryParseExact(text, "D", out _)).ToLookup(Guid.Parse);
            foreach (var id in await ExistingAsync(target, written.Select(group => group.Key), ct))
                foreach (var text in written[id]) found[text] = id;
        }
        foreach (var field in by is null ? NamedBy(target, context.Caller) : [by])
        {
            var named = await NamedAsync(target, field.Column!, [.. wanted.Where(text => !found.ContainsKey(text))], ct);
            foreach (var group in named.GroupBy(pair => pair.Text, pair => pair.Id, StringComparer.Ordinal)) found[group.Key] = group.Distinct().Count() == 1 ? group.First() : null;
        }
        return found;
    }

    /// <summary>Those of the records that the caller may read.</summary>
    public async Task<IReadOnlySet<Guid>> ExistingAsync(Entity target, IEnumerable<Guid> ids, CancellationToken ct)
    {
        var existing = new HashSet<Guid>();
        if (!context.Caller.Can(target, Operation.Read)) return existing;
        foreach (var some in ids.Distinct().Chunk(MostAtOnce))
            foreach (var row in await RowsAsync(target, "id", [.. some.Select(id => new LiteralNode(LiteralKind.Uuid, id, 1))], some.Length, ct)) existing.Add((Guid)row["id"]!);
        return existing;
    }

    private async Task<List<(string Text, Guid Id)>> NamedAsync(Entity target, Column column, string[] texts, CancellationToken ct)
    {
        var found = new List<(string, Guid)>();
        var waiting = new Stack<string[]>(texts.Chunk(MostAtOnce));
        while (waiting.TryPop(out var some))
        {
            // Two of a name are as good as a thousand: where many are found, fewer names are asked for at a time.
            var most = some.Length * 2;
            var rows = await RowsAsync(target, column.Name, [.. some.Select(text => new LiteralNode(LiteralKind.Text, text, 1))], most, ct);
            if (rows.Count < most || some.Length == 1) found.AddRange(rows.Select(row => ((string)row[column.Name]!, (Guid)row["id"]!)));
            else foreach (var half in some.Chunk((some.Length + 1) / 2)) waiting.Push(half);
        }
        return found;
    }

    private Task<List<Dictionary<string, object?>>> RowsAsync(Entity target, string column, ImmutableArray<LiteralNode> values, int most, CancellationToken ct)
    {
        var query = new DataQuery
        {
            Select = [.. new[] { "id", column }.Distinct().Select(name => new NameNode(name, 1))],
            Filter = new InNode(new PathNode([column], 1), values, 1),
            Top = most,
            IsWhole = true,
        };
        return RecordReader.ValuesAsync(QueryPlan.For(target.Plural, query, context), records, ct);
    }
}
