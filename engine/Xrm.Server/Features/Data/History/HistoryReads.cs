using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.History;

/// <summary>Tells the history of a record to somebody who may read it, as far as they may see its fields: old values are as secret as those of today.</summary>
internal sealed class HistoryReads(AuditReader audit, RecordReader reader, DataReads reads)
{
    private const int MostEntries = 200;

    /// <summary>The record of a request, with the values that the caller may see of it now.</summary>
    /// <exception cref="XrmException">404: there is no such record, neither in use nor in the recycle bin, or the caller may not see it.</exception>
    public async Task<HistoryOf> OpenAsync(HttpContext http, string collection, string id)
    {
        var (context, ct) = (await reads.ContextAsync(http), http.RequestAborted);
        var entity = context.Collection(collection);
        var key = RequestedRecord.Key(entity, id);
        var kept = EntityDuties.Of(context.Published, entity).Audited.Select(column => entity.FindColumn(column.Name)!.Value).Where(pair => context.Caller.CanReadField(pair.Field)).ToImmutableArray();
        var select = kept.Select(pair => new NameNode(pair.Column.Name, 1)).Prepend(new NameNode("id", 1)).DistinctBy(name => name.Name).ToImmutableArray();
        var isDeleted = false;
        var rows = await reader.RowsAsync(QueryPlan.ForKey(entity, key.Values, new DataQuery { Select = select }, context), ct);
        // Keys do not count what lies in the recycle bin: it goes by its id alone.
        if (rows.Count == 0 && entity.HasRecycleBin && key.Id is { } known)
        {
            var filter = new BinaryNode(BinaryOperator.Equal, new PathNode(["id"], 1), new LiteralNode(LiteralKind.Uuid, known, 1), 1);
            rows = await reader.RowsAsync(QueryPlan.For(entity.Plural, new DataQuery { Select = select, OnlyDeleted = true, Filter = filter }, context), ct);
            isDeleted = rows.Count > 0;
        }
        if (rows is not [var values]) throw key.NotFound();
        var columns = new HistoryColumns(entity, context.Caller, await audit.FieldNamesAsync(entity.Name, ct));
        return new HistoryOf((Guid)values["id"]!, entity, context, Texts.For(context.Published.Model, http.Request), columns, kept, values, isDeleted);
    }

    /// <summary>A page of entries, the newest first, and the place behind which there are more; null for the last page.</summary>
    public async Task<(ImmutableArray<HistoryEntry> Entries, AuditPlace? More)> PageAsync(HistoryOf record, AuditPlace? behind, int top, CancellationToken ct)
    {
        var limit = Math.Clamp(top, 1, MostEntries);
        var rows = await audit.HistoryAsync(record.Entity.Name, record.Id, behind, limit + 1, ct);
        var page = rows.Take(limit).Select(row => (Row: row, Changes: record.Columns.Read(row))).ToList();
        var names = new HistoryNames(reader, record.Context, record.Texts);
        await names.LearnAsync(page.SelectMany(entry => entry.Changes).SelectMany(change => new[] { (change.Field, change.Column, change.Before), (change.Field, change.Column, change.After) }), ct);
        // A change of which nothing may be seen is none.
        var entries = page.Where(entry => entry.Row.Operation != "update" || !entry.Changes.IsEmpty || record.Context.Caller.IsUnlimited).Select(entry => Describe(record, entry.Row, entry.Changes, names));
        return ([.. entries], rows.Count > limit ? rows[limit - 1].Place : null);
    }

    /// <summary>The record as it was after an entry.</summary>
    /// <exception cref="XrmException">404: its history has no such entry.</exception>
    public async Task<HistoryState> StateAsync(HistoryOf record, Guid entry, CancellationToken ct)
    {
        var row = await audit.FindAsync(record.Entity.Name, record.Id, entry, ct) ?? throw new XrmException("history_entry_unknown", 404, $"The history of this {record.Entity.Label} has no entry {entry}.");
        // Of what was deleted, the state before is meant.
        var since = await audit.SinceAsync(record.Entity.Name, record.Id, row.Place, ct);
        return await StateAsync(record, row.At, row.Id, row.Operation == "delete" ? [row, .. since] : since, ct);
    }

    /// <summary>The record as it was at a time, in UTC.</summary>
    public async Task<HistoryState> StateAsync(HistoryOf record, DateTime at, CancellationToken ct) =>
        await StateAsync(record, at, null, await audit.SinceAsync(record.Entity.Name, record.Id, new AuditPlace(at, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")), ct), ct);

    private async Task<HistoryState> StateAsync(HistoryOf record, DateTime at, Guid? entry, IReadOnlyList<AuditRow> since, CancellationToken ct)
    {
        var now = record.Kept.ToDictionary(pair => pair.Column, pair => JsonText.Read(writer => ColumnJson.Write(writer, record.Now.GetValueOrDefault(pair.Column.Name), pair.Column.Type)));
        var then = new Dictionary<Column, JsonElement>(now);
        var touched = new HashSet<Column>();
        // What came first after that time has replaced the values of that time.
        foreach (var change in since.SelectMany(row => record.Columns.Read(row)))
            if (then.ContainsKey(change.Column) && touched.Add(change.Column)) then[change.Column] = change.Before;
        var names = new HistoryNames(reader, record.Context, record.Texts);
        await names.LearnAsync(record.Kept.SelectMany(pair => new[] { (pair.Field, pair.Column, now[pair.Column]), (pair.Field, pair.Column, then[pair.Column]) }), ct);
        var fields = record.Kept.GroupBy(pair => pair.Field, pair => pair.Column).Select(columns => Describe(record, columns.Key, [.. columns], then, now, names));
        return new HistoryState(at, entry, record.IsDeleted, [.. fields], since.Any(row => row.IsErased) ? true : null);
    }

    private static HistoryField Describe(HistoryOf record, Field field, ImmutableArray<Column> columns, Dictionary<Column, JsonElement> then, Dictionary<Column, JsonElement> now, HistoryNames names)
    {
        var (old, present) = (columns.Select(column => (column, then[column])).ToList(), columns.Select(column => (column, now[column])).ToList());
        return new HistoryField(field.Name, record.Texts.Field(field), field.Type.Name, Value(old), Value(present), Text(field, old, names), Text(field, present, names),
            columns.Any(column => !Same(then[column], now[column])), !record.IsDeleted && record.CanRestore(field));
    }

    private static HistoryEntry Describe(HistoryOf record, AuditRow row, ImmutableArray<ColumnChange> changes, HistoryNames names)
    {
        var described = changes.GroupBy(change => change.Field).Select(columns =>
        {
            var (before, after) = (columns.Select(change => (change.Column, change.Before)).ToList(), columns.Select(change => (change.Column, change.After)).ToList());
            return new HistoryChange(columns.Key.Name, record.Texts.Field(columns.Key), columns.Key.Type.Name, Value(before), Value(after), Text(columns.Key, before, names), Text(columns.Key, after, names));
        });
        return new HistoryEntry(row.Id, row.At, row.Operation, Person(row), row.Source, Cause(record, row), record.Context.Caller.IsUnlimited ? row.Address : null, [.. described], row.IsErased ? true : null);
    }

    internal static HistoryPerson Person(AuditRow row) => new(row.UserId, row.UserName, row.UserId == Caller.System.UserId);

    private static HistoryCause? Cause(HistoryOf record, AuditRow row)
    {
        if (row.CauseKind is not { } kind) return null;
        var model = record.Context.Published.Model;
        var label = kind == "workflow" ? model.Workflows.FirstOrDefault(workflow => workflow.Source.Name == row.CauseId)?.Source.Label : null;
        return new HistoryCause(kind, row.CauseId, label ?? row.CauseId);
    }

    /// <summary>One column stands for itself; several are an object, by their parts.</summary>
    private static JsonElement? Value(List<(Column Column, JsonElement Value)> columns)
    {
        if (columns is [var (only, value)] && only.Part.Length == 0) return value.ValueKind == JsonValueKind.Null ? null : value;
        if (columns.TrueForAll(column => column.Value.ValueKind == JsonValueKind.Null)) return null;
        var parts = new JsonObject();
        foreach (var (column, part) in columns) parts[column.Part.Length == 0 ? "value" : column.Part] = JsonNode.Parse(part.GetRawText());
        return JsonSerializer.SerializeToElement(parts);
    }

    private static string? Text(Field field, List<(Column Column, JsonElement Value)> columns, HistoryNames names)
    {
        if (columns.Count == 1) return names.Text(field, columns[0].Column, columns[0].Value);
        // A lookup to several kinds of records is told by the name alone.
        var told = field.Targets.Length > 0 ? columns.Where(column => column.Column.Part.Length == 0) : columns;
        var parts = told.Where(column => column.Value.ValueKind != JsonValueKind.Null).Select(column => names.Text(field, column.Column, column.Value) ?? column.Value.ToString()).Where(part => part.Length > 0).ToList();
        return parts.Count == 0 ? null : string.Join(field.Type is MoneyType ? " " : ", ", parts);
    }

    private static bool Same(JsonElement one, JsonElement other) =>
        JsonElement.DeepEquals(one, other) || (one.ValueKind == JsonValueKind.Number && other.ValueKind == JsonValueKind.Number && one.TryGetDecimal(out var left) && other.TryGetDecimal(out var right) && left == right);
}

/// <summary>A record whose history is asked for.</summary>
/// <param name="Id">The record.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Context">Model, caller and time.</param>
/// <param name="Texts">The language in which to tell it.</param>
/// <param name="Columns">Finds the fields of old entries.</param>
/// <param name="Kept">The columns that the history keeps and the caller may see.</param>
/// <param name="Now">Their values now.</param>
/// <param name="IsDeleted">It lies in the recycle bin.</param>
internal sealed record HistoryOf(Guid Id, Entity Entity, QueryContext Context, Texts Texts, HistoryColumns Columns, ImmutableArray<(Field Field, Column Column)> Kept, IReadOnlyDictionary<string, object?> Now, bool IsDeleted)
{
    /// <summary>Whether the caller may bring back values of a field: what a save would refuse whatever the value is not offered.</summary>
    public bool CanRestore(Field field) => Context.Caller.Can(Entity, Operation.Update) && field.IsWritable && Context.Caller.CanWriteField(field) && field.Type is not SecretType
        && field.Type is not AutoNumberType && field.Readonly.Always != true && !field.Source.CreateOnly && field != Entity.Lifecycle?.Field;
}
