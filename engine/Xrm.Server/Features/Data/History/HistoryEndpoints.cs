using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.History;

/// <summary>The history of a record: <c>GET …/history</c>, <c>GET …/history/ENTRY/state</c>, <c>GET …/history/state?at=</c>, <c>POST …/history/ENTRY/restore</c>.</summary>
internal static class HistoryEndpoints
{
    private const int UsualPage = 50;
    private const int MostFields = 1_000;

    public static IServiceCollection AddHistory(this IServiceCollection services) => services.AddSingleton<HistoryReads>();

    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/data").WithTags("History").RequireAuthorization();
        foreach (var record in new[] { "/{collection}/{id}", "/{collection}({id})" })
        {
            group.MapGet($"{record}/history", ListAsync);
            group.MapGet($"{record}/history/state", StateAtAsync);
            group.MapGet($"{record}/history/{{entry:guid}}/state", StateAsync);
            group.MapPost($"{record}/history/{{entry:guid}}/restore", RestoreAsync);
        }
    }

    private static async Task ListAsync(HttpContext http, string collection, string id, int? top, string? after, HistoryReads history, NavigationReads navigation, DataReads reads)
    {
        // Related records of that name were there first.
        var entity = (await reads.ContextAsync(http)).Collection(collection);
        if (entity.FindField("history") is { Targets.IsEmpty: false } or { Child: not null } || entity.FindInverse("history") is not null)
        {
            await navigation.AnswerAsync(http, collection, id, "history");
            return;
        }
        var record = await history.OpenAsync(http, collection, id);
        var (entries, more) = await history.PageAsync(record, Behind(after), top ?? UsualPage, http.RequestAborted);
        var next = more is { } place ? $"{DataReads.ServiceRoot(http.Request)}/{collection}/{record.Id:D}/history?top={(top ?? UsualPage).ToString(CultureInfo.InvariantCulture)}&after={place}" : null;
        await AnswerAsync(http, new HistoryPage(entries, next));
    }

    private static async Task StateAsync(HttpContext http, string collection, string id, Guid entry, HistoryReads history) =>
        await AnswerAsync(http, await history.StateAsync(await history.OpenAsync(http, collection, id), entry, http.RequestAborted));

    private static async Task StateAtAsync(HttpContext http, string collection, string id, string? at, HistoryReads history)
    {
        if (!DateTime.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time))
            throw new XrmException("invalid_time", 400, "Say the time as at=2026-11-22T10:00:00Z.");
        await AnswerAsync(http, await history.StateAsync(await history.OpenAsync(http, collection, id), time, http.RequestAborted));
    }

    /// <summary>Writes earlier values as an ordinary change of the record: rights, rules and validations are those of any save.</summary>
    private static async Task RestoreAsync(HttpContext http, string collection, string id, Guid entry, HistoryReads history, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        var sent = await RequestBody.ReadOptionalAsync(http);
        var record = await history.OpenAsync(http, collection, id);
        if (record.IsDeleted) throw new XrmException("in_recycle_bin", 409, $"This {record.Entity.Label} is in the recycle bin. Restore it first: POST /api/data/{record.Entity.Plural}/{record.Id:D}/restore.");
        var state = await history.StateAsync(record, entry, http.RequestAborted);
        var body = Body(record, state, Wanted(sent));
        var condition = RequestedRecord.Precondition(http.Request) with { MustExist = true };
        request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, sent), Cause = new SaveCause(SaveCause.History, entry.ToString("D")) };
        await writes.SendAsync(http, collection, new UpsertRecord(request, RecordKey.OfId(record.Entity, record.Id), body, condition));
    }

    /// <summary>The values to write, by API property.</summary>
    /// <exception cref="XrmException">400: a field has no history that the caller may see, or there is nothing to bring back; 403: the caller may not write it.</exception>
    private static JsonElement Body(HistoryOf record, HistoryState state, HashSet<string>? wanted)
    {
        foreach (var name in wanted ?? [])
        {
            if (state.Fields.FirstOrDefault(field => field.Field == name) is not { } known) throw XrmException.Invalid([new FieldError("fields", "unknown_field", $"The history of {record.Entity.Label} has no field {name}.")]);
            if (!known.CanRestore) throw XrmException.Forbidden($"{known.Label} cannot be brought back: you may not change it, or nobody can.", name);
        }
        var body = new JsonObject();
        foreach (var field in state.Fields.Where(field => wanted?.Contains(field.Field) ?? (field is { CanRestore: true, Differs: true })))
            foreach (var (_, column) in record.Kept.Where(pair => pair.Field.Name == field.Field && !pair.Column.Computed))
                body[column.Name] = Part(field.Value, column.Part, record.Kept.Count(pair => pair.Field.Name == field.Field) == 1);
        if (body.Count == 0) throw XrmException.Invalid([new FieldError("fields", "nothing_to_restore", "No value that you may change differs from what it was then.")]);
        return JsonSerializer.SerializeToElement(body);
    }

    private static JsonNode? Part(JsonElement? value, string part, bool isOnly)
    {
        if (value is not { } known) return null;
        if (isOnly && part.Length == 0) return JsonNode.Parse(known.GetRawText());
        return known.TryGetProperty(part.Length == 0 ? "value" : part, out var found) ? JsonNode.Parse(found.GetRawText()) : null;
    }

    /// <summary>The fields that are to be brought back; null for all that can be.</summary>
    private static HashSet<string>? Wanted(JsonElement sent)
    {
        if (sent.ValueKind == JsonValueKind.Undefined || !sent.TryGetProperty("fields", out var fields)) return null;
        if (fields.ValueKind != JsonValueKind.Array || fields.GetArrayLength() is 0 or > MostFields || fields.EnumerateArray().Any(field => field.ValueKind != JsonValueKind.String))
            throw XrmException.Invalid([new FieldError("fields", "wrong_type", "Name the fields to bring back, such as [\"status\"], or leave fields out for all.")]);
        return fields.EnumerateArray().Select(field => field.GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    /// <exception cref="XrmException">400: it is no place that a page has named.</exception>
    internal static AuditPlace? Behind(string? after) => string.IsNullOrEmpty(after) ? null
        : AuditPlace.TryParse(after) ?? throw new XrmException("invalid_page", 400, "after is not what @odata.nextLink of an earlier page said.");

    private static Task AnswerAsync<T>(HttpContext http, T answer)
    {
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Accept-Language, Cookie, Authorization";
        return http.Response.WriteAsJsonAsync(answer, ApiJson.Options, http.RequestAborted);
    }

    /// <summary>A page of a history.</summary>
    /// <param name="Value">The entries, the newest first.</param>
    /// <param name="NextLink">URL of the next page; null for the last.</param>
    internal sealed record HistoryPage(ImmutableArray<HistoryEntry> Value, [property: System.Text.Json.Serialization.JsonPropertyName("@odata.nextLink")] string? NextLink);
}
