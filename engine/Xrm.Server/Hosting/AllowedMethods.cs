using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing.Template;

namespace Xrm.Server.Hosting;

/// <summary>Which methods there are for a path, for requests with another one (RFC 9110, 15.5.6).</summary>
/// <param name="endpoints">All routes.</param>
internal sealed class AllowedMethods(EndpointDataSource endpoints)
{
    private readonly Lazy<ImmutableArray<(TemplateMatcher Matcher, IReadOnlyList<string> Methods)>> _routes = new(() =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
           where methods is { Count: > 0 } && endpoint.RoutePattern.RawText is not null
           select (new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!.TrimStart('/')), new RouteValueDictionary()), methods),
    ]);

    /// <summary>The methods, in the order of their names; empty where the path means nothing.</summary>
    public ImmutableArray<string> Of(PathString path) =>
        [.. _routes.Value.Where(route => route.Matcher.TryMatch(path, new RouteValueDictionary())).SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal)];
}
