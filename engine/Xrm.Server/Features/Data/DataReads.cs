using System.Buffers;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Server.OData;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data;

/// <summary>Reading records over HTTP: URL to query to plan to answer, under one snapshot of the model.</summary>
internal sealed class DataReads(RecordReader reader, CurrentModel current, CallerProvider callers, TimeProvider time)
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
        var query = ODataUrl.Parse(http.Request.QueryString.Value);
        var preferred = PreferredPageSize(http.Request);
        var plan = QueryPlan.For(collection, query with { PageSize = preferred }, await ContextAsync(http));
        SetHeaders(http.Response);
        if (preferred is not null) http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={plan.PageSize}");
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var links = new ListLinks($"{ServiceRoot(http.Request)}/$metadata#{collection}", token => NextPage.Link(http.Request, query, plan.PageSize, token));
        await reader.WriteListAsync(plan, http.Response.BodyWriter, links, http.RequestAborted);
    }

    /// <summary>Answers with the number of rows, as plain text.</summary>
    public async Task CountAsync(HttpContext http, string collection)
    {
        var plan = QueryPlan.For(collection, ODataUrl.Parse(http.Request.QueryString.Value), await ContextAsync(http));
        var count = await reader.CountAsync(plan, http.RequestAborted);
        SetHeaders(http.Response);
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(count.ToString(CultureInfo.InvariantCulture), http.RequestAborted);
    }

    /// <summary>Answers with one record, or with 304 where the client has its version.</summary>
    public async Task OneAsync(HttpContext http, string collection, string id)
    {
        var context = await ContextAsync(http);
        var entity = context.Collection(collection);
        if (!Guid.TryParseExact(id, "D", out var key)) throw new XrmException("record_not_found", 404, $"There is no {entity.Name} with the id '{id}': an id is a UUID.");
        var question = new RecordQuestion(context, collection, key, http.Request.QueryString.Value ?? "");
        var body = new ArrayBufferWriter<byte>(1024);
        var answer = await reader.WriteOneAsync(question, () => PlanOne(http, collection, key, context), body, new OneRequest(OneContext(http, collection), KnownVersion(http.Request)), http.RequestAborted);
        await AnswerAsync(http, body, answer.Version ?? throw XrmException.RecordNotFound(entity.Name, key), answer.IsKnown);
    }

    /// <summary>Answers with a record that the caller has just saved, from memory where all that is asked for is there.</summary>
    public async Task SavedAsync(HttpContext http, string collection, RecordValues values)
    {
        var plan = PlanOne(http, collection, values.Id, await ContextAsync(http));
        if (!plan.IsInValues)
        {
            await OneAsync(http, collection, values.Id.ToString("D"));
            return;
        }
        var body = new ArrayBufferWriter<byte>(1024);
        RecordReader.WriteSaved(plan, values, body, OneContext(http, collection));
        await AnswerAsync(http, body, values.Version, isKnown: false);
    }

    /// <summary>URL of the data API, without a slash at the end.</summary>
    public static string ServiceRoot(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}/api/data";

    private static QueryPlan PlanOne(HttpContext http, string collection, Guid id, QueryContext context)
    {
        var query = ODataUrl.Parse(http.Request.QueryString.Value);
        if (query is not { View: null, Filter: null, Search: null, Top: null, Skip: 0, After: null, Count: false, OrderBy.IsEmpty: true })
            throw new XrmException("query_not_understood", 400, "Only $select and $expand apply to one record.");
        return QueryPlan.ForRecord(collection, id, query, context);
    }

    private static string OneContext(HttpContext http, string collection) => $"{ServiceRoot(http.Request)}/$metadata#{collection}/$entity";

    private static async Task AnswerAsync(HttpContext http, ArrayBufferWriter<byte> body, long version, bool isKnown)
    {
        SetHeaders(http.Response);
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
        if (isKnown)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.ContentType = null;
            return;
        }
        http.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.ContentType = JsonType;
        response.Headers["OData-Version"] = "4.0";
        // Answers depend on who asks: no shared cache may keep them, and the browser's own must ask again.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Cookie, Authorization";
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
