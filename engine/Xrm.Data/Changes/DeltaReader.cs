using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Changes;

/// <summary>Writes how a list has changed since a position: its changed records, and those that are in it no more.</summary>
/// <param name="database">The organisation's database.</param>
/// <param name="changes">The changes.</param>
public sealed class DeltaReader(Database database, ChangeReader changes)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Whether the changes of a list can be told: its condition looks at nothing but the record itself.</summary>
    /// <param name="entity">Entity of the list.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="context">Model, caller and time.</param>
    public bool IsTrackable(Entity entity, DataQuery query, QueryContext context) => new DeltaPlans(context, entity, query).IsTrackable(database.Schema);

    /// <summary>Writes a page: <c>{"@odata.context", "value": […, {"@removed", "id"}], "@odata.nextLink" or "@odata.deltaLink"}</c>.</summary>
    /// <param name="wanted">What to read, and from where on.</param>
    /// <param name="output">Where to.</param>
    /// <param name="links">What the envelope says.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="Errors.XrmException">410 <c>changes_gone</c>: the changes are forgotten.</exception>
    public async Task WriteAsync(DeltaRequest wanted, PipeWriter output, DeltaLinks links, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var page = await changes.ReadAsync(connection, wanted.Position, new ChangeQuery([wanted.Entity.Name], WithValues: false, wanted.PageSize), ct);
        var plans = new DeltaPlans(wanted.Context, wanted.Entity, wanted.Query);
        var ids = page.Changes.Select(change => change.RecordId).ToHashSet();
        await using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("@odata.context"u8, links.Context);
        writer.WriteStartArray("value"u8);
        ids.ExceptWith(await WriteChangedAsync(plans.Now(ids), connection, writer, links.Root, ct));
        await WriteRemovedAsync(plans, (connection, writer), [.. page.Changes.Where(change => ids.Contains(change.RecordId))], ct);
        writer.WriteEndArray();
        if (page.HasMore) writer.WriteString("@odata.nextLink"u8, links.At(page.Next));
        else writer.WriteString("@odata.deltaLink"u8, links.At(page.Next));
        writer.WriteEndObject();
        await writer.FlushAsync(ct);
        await output.FlushAsync(ct);
    }

    private async Task<HashSet<Guid>> WriteChangedAsync(QueryPlan plan, NpgsqlConnection connection, Utf8JsonWriter writer, string root, CancellationToken ct)
    {
        var found = new HashSet<Guid>();
        var rows = new RowWriter(plan.Rows.Row, root);
        await using var command = SelectSql.Rows(plan, database.Schema).ToCommand(connection).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Write(writer, reader);
            // Column 0 is the version, and the id comes first behind it.
            found.Add(reader.GetGuid(1));
        }
        return found;
    }

    private async Task WriteRemovedAsync(DeltaPlans plans, (NpgsqlConnection Connection, Utf8JsonWriter Writer) way, RecordChange[] missing, CancellationToken ct)
    {
        if (missing.Length == 0) return;
        var removed = await RemovedAsync(plans, way.Connection, missing, ct);
        if (removed.Count == 0) return;
        var there = await DeltaPlans.IdsAsync(plans.There(removed), way.Connection, database.Schema, ct);
        foreach (var id in removed.Order())
        {
            way.Writer.WriteStartObject();
            way.Writer.WriteStartObject("@removed"u8);
            way.Writer.WriteString("reason"u8, there.Contains(id) ? "changed"u8 : "deleted"u8);
            way.Writer.WriteEndObject();
            way.Writer.WriteString("id"u8, id);
            way.Writer.WriteEndObject();
        }
    }

    /// <summary>The records that the caller had in the list: who never could see one does not learn of it.</summary>
    private async Task<HashSet<Guid>> RemovedAsync(DeltaPlans plans, NpgsqlConnection connection, RecordChange[] missing, CancellationToken ct)
    {
        var text = $"select id, (json -> 'values' || (json -> 'previous'))::text from \"{database.Schema}\"._outbox, lateral (select payload::jsonb as json) read where id = any(@ids) and json ? 'previous'";
        var previous = (await connection.QueryAsync<(long Id, string Row)>(new CommandDefinition(text, new { ids = missing.Select(change => change.Id).ToArray() }, cancellationToken: ct))).ToDictionary(row => row.Id, row => row.Row);
        var (known, seen, unknown) = (new List<string>(), new List<string>(), new List<Guid>());
        foreach (var changes in missing.GroupBy(change => change.RecordId))
        {
            var first = changes.First();
            if (first.Event == "created") continue;
            if (previous.TryGetValue(first.Id, out var row)) known.Add(row);
            // What follows from other records leaves no values behind: then whoever could see the record may have had it in the list.
            else if (changes.FirstOrDefault(change => previous.ContainsKey(change.Id)) is { } later) seen.Add(previous[later.Id]);
            else unknown.Add(changes.Key);
        }
        var removed = new HashSet<Guid>();
        if (known.Count > 0) removed.UnionWith(await DeltaPlans.IdsAsync(plans.Before($"[{string.Join(',', known)}]"), connection, database.Schema, ct));
        if (seen.Count > 0) removed.UnionWith(await DeltaPlans.IdsAsync(plans.SeenBefore($"[{string.Join(',', seen)}]"), connection, database.Schema, ct));
        if (unknown.Count > 0) removed.UnionWith(await DeltaPlans.IdsAsync(plans.Seen(unknown), connection, database.Schema, ct));
        return removed;
    }
}

/// <summary>The changes of which list, and since when.</summary>
/// <param name="Context">Model, caller and time.</param>
/// <param name="Entity">Entity of the list.</param>
/// <param name="Query">The list; one that is trackable.</param>
/// <param name="Position">Since when.</param>
/// <param name="PageSize">Most changes of one page.</param>
public sealed record DeltaRequest(QueryContext Context, Entity Entity, DataQuery Query, ChangePosition Position, int PageSize);

/// <summary>What the envelope of a delta says besides its rows.</summary>
/// <param name="Context">URL of the metadata that describe the rows.</param>
/// <param name="At">Makes the URL of what comes behind a position.</param>
/// <param name="Root">URL of the data API.</param>
public sealed record DeltaLinks(string Context, Func<ChangePosition, string> At, string Root);
