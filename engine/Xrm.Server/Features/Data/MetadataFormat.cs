using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Xrm.Data.Errors;

namespace Xrm.Server.Features.Data;

/// <summary>In which of its two forms a client wants <c>$metadata</c>.</summary>
internal static class MetadataFormat
{
    /// <summary>
    /// True where <c>$format</c> says so, or where <c>Accept</c> takes JSON and no XML. Whoever takes both gets XML, for spreadsheets
    /// ask for JSON first with every request and read nothing but XML here.
    /// </summary>
    /// <exception cref="XrmException">400: there is no such form.</exception>
    public static bool IsJson(HttpRequest request)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span is not ("$format" or "format")) continue;
            return pair.DecodeValue().ToString().Split(';')[0].Trim() switch
            {
                "json" or "application/json" => true,
                "xml" or "application/xml" => false,
                _ => throw new XrmException("query_not_understood", 400, "$format of $metadata can be xml or json."),
            };
        }
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(IsJson) && !accepted.Any(type => type.MatchesAllTypes || type.SubType == "xml" || type.MatchesAllSubTypes);
    }

    private static bool IsJson(MediaTypeHeaderValue type) => type.MediaType == "application/json";
}
