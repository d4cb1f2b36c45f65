using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data.Queries;

namespace Xrm.Server.Features.Data;

/// <summary>The URL of the page after this one.</summary>
internal static class NextPage
{
    /// <summary>The same query, behind the last row of this page.</summary>
    public static string Link(HttpRequest request, QueryPlan plan, string token) => Link(request, plan.Top, plan.PageSize, "$skiptoken", token);

    /// <summary>The same query, with the rows of this page left out: for rows that are made anew for each page.</summary>
    public static string SkipLink(HttpRequest request, DataQuery query, int pageSize) =>
        Link(request, query.Top, pageSize, "$skip", (query.Skip + pageSize).ToString(CultureInfo.InvariantCulture));

    private static string Link(HttpRequest request, int? most, int pageSize, string option, string value)
    {
        var link = new StringBuilder($"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}?");
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            var name = pair.DecodeName().Span.TrimStart('$');
            if (name is not ("skip" or "skiptoken" or "top")) link.Append(pair.EncodedName).Append('=').Append(pair.EncodedValue).Append('&');
        }
        if (most is { } top) link.Append(CultureInfo.InvariantCulture, $"$top={top - pageSize}&");
        return link.Append(option).Append('=').Append(value).ToString();
    }
}
