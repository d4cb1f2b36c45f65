using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data;

/// <summary>Takes changes of all records that fulfil a condition, as a job.</summary>
internal sealed class BulkWrites(DataWrites writes, JobStore jobs, RecordReader reader, Database database, TimeProvider time)
{
    private const long MostRecords = 1_000_000;

    /// <summary>Answers 202 with the job, or 200 with the number of records for <c>preview=true</c>.</summary>
    /// <exception cref="XrmException">400: no condition, too many records, or a wrong property; 403: no right; 429: too many jobs.</exception>
    public async Task AcceptAsync(HttpContext http, string collection, string kind)
    {
        var request = await writes.RequestAsync(http, collection);
        if (request.Transaction is not null) throw new XrmException("not_in_a_group", 400, "A change of many records is a job, which cannot be part of an atomicity group.");
        // One version is of one record.
        if (http.Request.Headers.IfMatch.Count + http.Request.Headers.IfNoneMatch.Count > 0)
            throw new XrmException("invalid_etag", 400, "If-Match and If-None-Match are for one record. Say which of many are meant with $filter, such as by version eq 3.");
        CheckRight(request, kind == Job.Delete ? Operation.Delete : Operation.Update);
        var (text, isAll, isPreview) = Options(http.Request.QueryString.Value);
        var query = JobQuery.Parse(text, kind);
        if (query is { Filter: null, Search: null, OnlyDeleted: false } && !isAll)
            throw new XrmException("condition_required", 400, $"Say which {request.Entity.PluralLabel} with $filter or $search. If you mean all of them, add all=true.");
        var body = kind == Job.Update && !isPreview ? await RequestBody.ReadAsync(http) : default;
        if (kind == Job.Update && !isPreview) CheckValues(request.Entity, body);
        var now = time.GetUtcNow().UtcDateTime;
        // Whole: records that are only like those searched for are not meant.
        var count = await reader.CountAsync(QueryPlan.For(collection, query with { IsWhole = true }, new QueryContext(request.Published, request.Caller, now)), http.RequestAborted);
        if (isPreview)
        {
            await http.Response.WriteAsJsonAsync(new { count }, ApiJson.Options, http.RequestAborted);
            return;
        }
        if (count > MostRecords) throw new XrmException("too_many_records", 400, $"{count} records fulfil this; one job may change {MostRecords}. Narrow the condition.");
        var job = new Job(Guid.CreateVersion7(), kind, collection, text, kind == Job.Update ? body.GetRawText() : null, request.Caller.UserId, request.Caller.DisplayName, request.Texts.Language,
            "waiting", count, 0, 0, null, now, null, null, 0, null, null);
        await AnswerAsync(http, await AddAsync(request, job, RequestedRecord.Repeatable(http.Request, body), http.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext http, (Guid Id, bool IsRepeated) added)
    {
        if (added.IsRepeated) http.Response.Headers["Idempotency-Replayed"] = "true";
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = JobEndpoints.Url(http.Request, added.Id);
        var job = await jobs.FindAsync(added.Id, http.RequestAborted) ?? throw new XrmException("not_found", 404, "The job was forgotten long after it ended.");
        await http.Response.WriteAsJsonAsync(JobView.Of(job), ApiJson.Options, http.RequestAborted);
    }

    /// <summary>Adds the job, or finds the one that the same request has added before.</summary>
    private Task<(Guid Id, bool IsRepeated)> AddAsync(RecordRequest request, Job job, RepeatableRequest? repeatable, CancellationToken ct) =>
        database.InRecordTransactionAsync(async (records, ct) =>
        {
            if (repeatable is not null && await AnsweredRequests.TakeAsync(records, job.UserId, repeatable, ct) is { } before)
                return (JsonSerializer.Deserialize<JsonElement>(before).GetProperty("id").GetGuid(), true);
            await jobs.AddAsync(await records.BeginAsync(ct), job, ct);
            if (repeatable is not null) await AnsweredRequests.KeepAsync(records, job.UserId, repeatable, JsonSerializer.Serialize(new { id = job.Id }), ct);
            return (job.Id, false);
        }, request.Published, request.Caller.TimeLimit, ct);

    private static void CheckRight(RecordRequest request, Operation operation)
    {
        if (!request.Caller.Can(request.Entity, operation))
            throw XrmException.Forbidden($"You may not {operation.ToString().ToLowerInvariant()} {request.Entity.PluralLabel}.");
    }

    /// <summary>What is wrong for every record is said at once, and not a million times.</summary>
    private static void CheckValues(Entity entity, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.EnumerateObject().Any()) throw new XrmException("wrong_type", 400, "Expected a JSON object with the new values.", [new FieldError(null, "wrong_type", "Expected a JSON object.")]);
        var errors = body.EnumerateObject().Where(property => !property.Name.Contains('@') && entity.FindColumn(property.Name) is not { Field.IsSystem: false } && entity.FindField(property.Name) is not { IsSystem: false } && property.Name != "owner_id")
            .Select(property => new FieldError(property.Name, "unknown_field", $"{entity.PluralLabel} have no {property.Name} that can be changed.")).ToArray();
        // The values wait in the job's row.
        if (body.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => entity.FindField(name)?.Type is SecretType) is { } secret)
            throw XrmException.Invalid([new FieldError(secret, "secret_not_by_rule", $"{secret} is a secret, which is set record by record.")]);
        if (errors.Length > 0) throw XrmException.Invalid([.. errors]);
    }

    private static (string Query, bool IsAll, bool IsPreview) Options(string? query)
    {
        var (rest, isAll, isPreview) = (new StringBuilder(), false, false);
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var isTrue = pair.DecodeValue().Span is "true";
            if (pair.DecodeName().Span is "all" && isTrue) isAll = true;
            else if (pair.DecodeName().Span is "preview" && isTrue) isPreview = true;
            else rest.Append(rest.Length == 0 ? '?' : '&').Append(pair.EncodedName).Append('=').Append(pair.EncodedValue);
        }
        return (rest.ToString(), isAll, isPreview);
    }
}
