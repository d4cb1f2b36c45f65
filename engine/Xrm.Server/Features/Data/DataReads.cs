using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Data.Changes;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Data.Formats;
using Xrm.Server.OData;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data;

/// <summary>Reading records over HTTP: URL to query to plan to answer, under one snapshot of the model.</summary>
internal sealed class DataReads(RecordReader reader, SummaryReader summaries, CsvReads csv, DeltaReads deltas, CurrentModel current, CallerProvider callers, TimeProvider time)
{
    private const string JsonType = "application/json; odata.metadata=minimal; charset=utf-8";

    /// <summary>What a request's queries are planned against.</summary>
    public async ValueTask<QueryContext> ContextAsync(HttpContext http)
    {
        var published = current.Value;
        return new QueryContext(published, await callers.GetAsync(http, http.RequestAborted), time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Answers with a page of a collection.</summary>
    public async Task ListAsync(HttpContext http, string collection)
    {
        var context = await ContextAsync(http);
        var question = new ListQuestion(context, collection, http.Request.QueryString.Value ?? "", PreferredPageSize(http.Request), ServiceRoot(http.Request));
        if (reader.Find(question) is { } known && !DeltaReads.IsWanted(http.Request) && FormatParser.Accepted(http.Request) is null)
        {
            await AnswerAsync(http, known, question, null);
            return;
        }
        var query = Parse(http.Request);
        if (!query.KeepsRecords)
        {
            await SummaryAsync(http, collection, query, context);
            return;
        }
        var (wanted, since) = await deltas.BeginAsync(http, query, collection, context);
        QueryPlan Plan(DataQuery paged) => QueryPlan.For(collection, paged, context);
        if (wanted.Csv is not null) await csv.AnswerAsync(http, CsvExport.Of(wanted, Plan, context), wanted.Csv);
        else
        {
            var plan = Plan(wanted with { PageSize = question.PageSize });
            await AnswerAsync(http, since is null ? reader.Add(question, plan) : reader.List(plan, question.Root), question, since);
        }
    }

    /// <summary>Answers with how a list has changed.</summary>
    public async Task DeltaAsync(HttpContext http, string collection)
    {
        var context = await ContextAsync(http);
        SetHeaders(http.Response);
        await deltas.AnswerAsync(http, collection, PreferredPageSize(http.Request), context);
    }

    /// <summary>What a list is asked for.</summary>
    public static DataQuery Parse(HttpRequest request)
    {
        var query = ODataUrl.Parse(request.QueryString.Value);
        return query.Csv is null && FormatParser.Accepted(request) is { } accepted ? query with { Csv = accepted } : query;
    }

    /// <summary>Answers with a page of the rows that a plan finds, or with all of them as CSV.</summary>
    /// <param name="http">The request.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="planner">Plans a page of it.</param>
    /// <param name="context">Model, caller and time.</param>
    public async Task ListAsync(HttpContext http, DataQuery query, Func<DataQuery, QueryPlan> planner, QueryContext context)
    {
        if (query.Csv is not null)
        {
            await csv.AnswerAsync(http, CsvExport.Of(query, planner, context), query.Csv);
            return;
        }
        var (preferred, root) = (PreferredPageSize(http.Request), ServiceRoot(http.Request));
        var plan = planner(query with { PageSize = preferred });
        await AnswerAsync(http, reader.List(plan, root), new ListQuestion(context, plan.Entity.Plural, "", preferred, root), null);
    }

    /// <summary>Answers with a page of a list, and with where its changes are to be had from <paramref name="since"/> on.</summary>
    private async Task AnswerAsync(HttpContext http, ListStatement list, ListQuestion question, ChangePosition? since)
    {
        var plan = list.Plan;
        SetHeaders(http.Response);
        Applied(http.Response, question.PageSize, plan.PageSize);
        if (since is not null) http.Response.Headers.Append("Preference-Applied", "odata.track-changes");
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var links = new ListLinks($"{question.Root}/$metadata#{plan.Entity.Plural}{list.Shape}", token => NextPage.Link(http.Request, plan, DeltaReads.Continue(token, since)))
        {
            Delta = since is null ? null : DeltaReads.Link(http.Request, plan.Entity.Plural, question.Context, since),
        };
        if (AnswerFormat.Of(http.Request) is { } format) await AnswerAsync(http, format, list, links, question.Context);
        else await reader.WriteListAsync(list, http.Response.BodyWriter, links, http.RequestAborted);
    }

    private Task AnswerAsync(HttpContext http, AnswerFormat format, ListStatement list, ListLinks links, QueryContext context) =>
        FormattedAnswer.WriteAsync(http, format, AnswerShape.Of(list.Plan), context, output => reader.WriteListAsync(list, output, links, http.RequestAborted));

    /// <summary>Answers with the number of rows, as plain text.</summary>
    public async Task CountAsync(HttpContext http, string collection)
    {
        var context = await ContextAsync(http);
        var query = ODataUrl.Parse(http.Request.QueryString.Value);
        if (query.KeepsRecords) await CountAsync(http, QueryPlan.For(collection, query, context));
        else await CountAsync(http, SummaryPlan.For(collection, query, context));
    }

    /// <summary>Answers with the number of rows that a plan finds, as plain text.</summary>
    public async Task CountAsync(HttpContext http, QueryPlan plan) => await CountAsync(http, await reader.CountAsync(plan, http.RequestAborted));

    /// <summary>Answers with the number of rows of a summary, as plain text.</summary>
    public async Task CountAsync(HttpContext http, SummaryPlan plan) => await CountAsync(http, await summaries.CountAsync(plan, http.RequestAborted));

    private static async Task CountAsync(HttpContext http, long count)
    {
        SetHeaders(http.Response);
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(count.ToString(CultureInfo.InvariantCulture), http.RequestAborted);
    }

    /// <summary>Answers with one record, or with 304 where the client has its version.</summary>
    public async Task OneAsync(HttpContext http, string collection, string id)
    {
        var context = await ContextAsync(http);
        await OneAsync(http, RequestedRecord.Key(context.Collection(collection), id), context);
    }

    /// <summary>Answers with the record that a key names.</summary>
    /// <param name="http">The request.</param>
    /// <param name="key">The record.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <param name="saved">The save that it is the answer to; null where it is none.</param>
    public async Task OneAsync(HttpContext http, RecordKey key, QueryContext context, SavedRecord? saved = null)
    {
        var id = key.Id ?? (Guid)(await ValuesAsync(http, key, ["id"], context))[0]!;
        var question = new RecordQuestion(context, key.Entity.Plural, id, http.Request.QueryString.Value ?? "");
        var body = new ArrayBufferWriter<byte>(1024);
        var request = new OneRequest(About(http, key.Entity), ServiceRoot(http.Request), KnownVersion(http.Request));
        var answer = await reader.WriteOneAsync(question, () => PlanOne(http, key.Entity, id, context), body, request, http.RequestAborted);
        var version = answer.Version ?? throw key.NotFound();
        var format = AnswerFormat.Of(http.Request);
        if (!answer.IsKnown && format is not null) body = FormattedAnswer.Of(http, format, PlanOne(http, key.Entity, id, context), context, body);
        await AnswerAsync(http, MessageAnnotation.On(body, saved?.Messages, saved?.ActionResult), version, answer.IsKnown, format);
    }

    /// <summary>Some values of the record that a key names.</summary>
    /// <exception cref="XrmException">403: the caller may not see one of them; 404: there is no such record, or the caller may not see it.</exception>
    public async Task<IReadOnlyList<object?>> ValuesAsync(HttpContext http, RecordKey key, IEnumerable<string> columns, QueryContext context)
    {
        var names = columns.Select(name => new NameNode(name, 1)).ToImmutableArray();
        if (names.FirstOrDefault(name => !context.Caller.CanReadField(key.Entity.FindColumn(name.Name)!.Value.Field)) is { } hidden)
            throw XrmException.Forbidden($"You may not see '{hidden.Name}'.");
        return await reader.ReadOneAsync(QueryPlan.ForKey(key.Entity, key.Values, new DataQuery { Select = names }, context), http.RequestAborted) ?? throw key.NotFound();
    }

    /// <summary>Answers with a record that the caller has just saved, from memory where all that is asked for is there.</summary>
    public async Task SavedAsync(HttpContext http, string collection, SavedRecord saved)
    {
        var values = saved.Values;
        var context = await ContextAsync(http);
        var entity = context.Collection(collection);
        var question = new RecordQuestion(context, entity.Plural, values.Id, http.Request.QueryString.Value ?? "");
        var body = new ArrayBufferWriter<byte>(1024);
        var request = new OneRequest(About(http, entity), ServiceRoot(http.Request));
        QueryPlan Plan() => PlanOne(http, entity, values.Id, context);
        if (!reader.TryWriteSaved(question, Plan, values, body, request))
        {
            if (http.Features.Get<OpenTransaction>() is not { } open)
            {
                await OneAsync(http, RequestedRecord.Key(entity, values.Id.ToString("D")), context, saved);
                return;
            }
            await reader.WriteOneAsync(Plan(), open.Records, body, request, http.RequestAborted);
        }
        var format = AnswerFormat.Of(http.Request);
        if (format is not null) body = FormattedAnswer.Of(http, format, Plan(), context, body);
        await AnswerAsync(http, MessageAnnotation.On(body, saved.Messages, saved.ActionResult), values.Version, isKnown: false, format);
    }

    private Task SummaryAsync(HttpContext http, string collection, DataQuery query, QueryContext context) => SummaryAsync(http, query, paged => SummaryPlan.For(collection, paged, context), context);

    /// <summary>Answers with a page of the rows of a summary, or with all of them as CSV.</summary>
    /// <param name="http">The request.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="planner">Plans a page of it.</param>
    /// <param name="context">Model, caller and time.</param>
    public async Task SummaryAsync(HttpContext http, DataQuery query, Func<DataQuery, SummaryPlan> planner, QueryContext context)
    {
        if (query.Csv is not null)
        {
            await csv.AnswerAsync(http, CsvExport.OfSummary(query, planner), query.Csv);
            return;
        }
        var preferred = PreferredPageSize(http.Request);
        var plan = planner(query with { PageSize = preferred });
        SetHeaders(http.Response);
        Applied(http.Response, preferred, plan.PageSize);
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var about = $"{ServiceRoot(http.Request)}/$metadata#{plan.Entity.Plural}({plan.Shape})";
        Task WriteAsync(PipeWriter output) => summaries.WriteAsync(plan, output, about, () => NextPage.SkipLink(http.Request, query, plan.PageSize), http.RequestAborted);
        if (AnswerFormat.Of(http.Request) is { } format) await FormattedAnswer.WriteAsync(http, format, AnswerShape.Of(plan), context, WriteAsync);
        else await WriteAsync(http.Response.BodyWriter);
    }

    /// <summary>URL of the data API, without a slash at the end.</summary>
    public static string ServiceRoot(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}/api/data";

    private static QueryPlan PlanOne(HttpContext http, Entity entity, Guid id, QueryContext context)
    {
        var query = ODataUrl.Parse(http.Request.QueryString.Value);
        if (query is not { View: null, Filter: null, Search: null, Top: null, Skip: 0, After: null, Count: false, EstimateCount: false, OrderBy.IsEmpty: true, Apply.IsEmpty: true, Compute.IsEmpty: true, Csv: null, OnlyDeleted: false })
            throw new XrmException("query_not_understood", 400, "Only $select and $expand apply to one record.");
        return QueryPlan.ForRecord(entity.Plural, id, query, context);
    }

    private static string About(HttpContext http, Entity entity) => $"{ServiceRoot(http.Request)}/$metadata#{entity.Plural}";

    private static async Task AnswerAsync(HttpContext http, ArrayBufferWriter<byte> body, long version, bool isKnown, AnswerFormat? format)
    {
        SetHeaders(http.Response);
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
        if (isKnown)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.ContentType = null;
            return;
        }
        if (format is not null) http.Response.ContentType = format.ContentType;
        http.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void Applied(HttpResponse response, int? preferred, int pageSize)
    {
        if (preferred is not null) response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={pageSize}");
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.ContentType = JsonType;
        response.Headers["OData-Version"] = "4.0";
        // Answers depend on who asks: no shared cache may keep them, and the browser's own must ask again.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Accept, Cookie, Authorization";
    }

    private static long? KnownVersion(HttpRequest request)
    {
        if (request.GetTypedHeaders().IfNoneMatch is not [var tag]) return null;
        return long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>The client's <c>Prefer: odata.maxpagesize=N</c>; what is not a number is no wish, as RFC 7240 says.</summary>
    private static int? PreferredPageSize(HttpRequest request)
    {
        foreach (var header in request.Headers["Prefer"])
            foreach (var preference in (header ?? "").Split(',', ';'))
                if (preference.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value]
                    && (name.Equals("odata.maxpagesize", StringComparison.OrdinalIgnoreCase) || name.Equals("maxpagesize", StringComparison.OrdinalIgnoreCase))
                    && int.TryParse(HeaderUtilities.RemoveQuotes(value), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0)
                    return size;
        return null;
    }
}
