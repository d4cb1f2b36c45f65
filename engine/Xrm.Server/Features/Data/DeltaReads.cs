using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data.Changes;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.Features.Data.Formats;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Data;

/// <summary>How lists change: <c>Prefer: odata.track-changes</c> and <c>contracts/$delta</c>.</summary>
internal sealed class DeltaReads(DeltaReader deltas, ChangeReader changes)
{
    private const int DefaultPageSize = 500, MaxPageSize = 1_000;
    private const char Separator = '.';

    /// <summary>The client asks for the changes of a list from now on.</summary>
    public static bool IsWanted(HttpRequest request) => Preferences.Has(request, "odata.track-changes") || Preferences.Has(request, "track-changes");

    /// <summary>
    /// The query without what its page token says of tracking, and from where on changes are tracked; null where nobody asked for that or where the list
    /// cannot be tracked.
    /// </summary>
    public async Task<(DataQuery Query, ChangePosition? Since)> BeginAsync(HttpContext http, DataQuery query, string collection, QueryContext context)
    {
        // What changes while the first pages are read is told behind the last one.
        if (query.After is { } token && token.IndexOf(Separator) is >= 0 and var end) return (query with { After = token[..end] }, DeltaToken.Decode(token.AsSpan(end + 1)));
        if (!IsWanted(http.Request) || query.After is not null || !deltas.IsTrackable(context.Collection(collection), query, context)) return (query, null);
        return (query, await changes.NowAsync(http.RequestAborted));
    }

    /// <summary>The page token with what it has to say of tracking.</summary>
    public static string Continue(string token, ChangePosition? since) => since is null ? token : $"{token}{Separator}{DeltaToken.Encode(since)}";

    /// <summary>The URL of the changes of a list behind a position.</summary>
    public static string Link(HttpRequest request, string collection, QueryContext context, ChangePosition position)
    {
        var options = DeltaToken.ListOptions(request.QueryString.Value);
        return $"{DataReads.ServiceRoot(request)}/{collection}/$delta?{options}{DeltaToken.Option}={DeltaToken.Write(position, context, collection, options.TrimEnd('&'))}";
    }

    /// <summary>Answers with the changes of a list since a token.</summary>
    /// <exception cref="XrmException">400: no token, or one of another list; 410: the changes since are not kept, or rights or the model have changed.</exception>
    public async Task AnswerAsync(HttpContext http, string collection, int? preferred, QueryContext context)
    {
        var (text, token) = Split(http.Request.QueryString.Value);
        var entity = context.Collection(collection);
        var query = ODataUrl.Parse(text);
        if (token is null) throw new XrmException("invalid_token", 400, $"Ask for {collection} with Prefer: odata.track-changes, and follow its @odata.deltaLink.");
        var position = DeltaToken.Read(token, context, collection, DeltaToken.ListOptions(text).TrimEnd('&'));
        if (query is not { OrderBy.IsEmpty: true, After: null, Count: false, EstimateCount: false } || !deltas.IsTrackable(entity, query, context))
            throw new XrmException("query_not_understood", 400, "Changes take $select, $filter, $compute and view, as @odata.deltaLink has them.");
        var wanted = new DeltaRequest(context, entity, query, position, Math.Clamp(preferred ?? DefaultPageSize, 1, MaxPageSize));
        var root = DataReads.ServiceRoot(http.Request);
        var plan = QueryPlan.For(collection, query, context);
        var links = new DeltaLinks($"{root}/$metadata#{collection}{plan.Shape}/$delta", next => Link(http.Request, collection, context, next), root);
        // Records that are gone are told as 4.01 says.
        http.Response.Headers["OData-Version"] = "4.01";
        if (AnswerFormat.Of(http.Request) is not { } format) await deltas.WriteAsync(wanted, http.Response.BodyWriter, links, http.RequestAborted);
        else await FormattedAnswer.WriteAsync(http, format, AnswerShape.Of(plan), context, output => deltas.WriteAsync(wanted, output, links, http.RequestAborted));
    }

    private static (string Query, string? Token) Split(string? query)
    {
        var (rest, token) = (new StringBuilder(), (string?)null);
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span.TrimStart('$') is DeltaToken.Option or "deltatoken") token = pair.DecodeValue().ToString();
            else rest.Append(rest.Length == 0 ? '?' : '&').Append(pair.EncodedName).Append('=').Append(pair.EncodedValue);
        }
        return (rest.ToString(), token);
    }
}
