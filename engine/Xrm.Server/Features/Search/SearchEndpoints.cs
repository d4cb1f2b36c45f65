using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.OData;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Search;

/// <summary>One search over all that the caller may see.</summary>
internal static class SearchEndpoints
{
    private const int UsualTop = 20;
    private const int MostTop = 100;

    public static IServiceCollection AddSearch(this IServiceCollection services) => services.AddSingleton<SearchReader>().AddSingleton<GlobalSearch>();

    public static void MapSearch(this IEndpointRouteBuilder routes) => routes.MapGet("/api/search", FindAsync).RequireAuthorization().WithTags("Search");

    private static async Task<JsonHttpResult<SearchAnswer>> FindAsync(HttpContext http, CurrentModel current, CallerProvider callers, GlobalSearch search, TimeProvider time, CancellationToken ct)
    {
        var (q, top, entities) = Options(http.Request.Query);
        var context = new QueryContext(current.Value, await callers.GetAsync(http, ct), time.GetUtcNow().UtcDateTime);
        http.Response.Headers.CacheControl = "private, no-cache";
        var texts = Texts.For(context.Published.Model, http.Request);
        var answer = SearchParser.Parse(q) is { } wanted ? await search.FindAsync(wanted, Searched(context, entities), top, context, texts, ct) : new SearchAnswer([], []);
        return TypedResults.Json(answer, ApiJson.Options);
    }

    private static (string Q, int Top, string? Entities) Options(IQueryCollection query)
    {
        var (q, top, entities) = ("", UsualTop, (string?)null);
        foreach (var (name, value) in query)
        {
            if (value.Count > 1) throw QueryErrors.NotUnderstood($"{name} is given twice.");
            switch (name)
            {
                case "q": q = value.ToString(); break;
                case "entities": entities = value.ToString(); break;
                case "top" or "$top":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out top) || top > MostTop) throw QueryErrors.NotUnderstood($"$top is a whole number of 0 to {MostTop}.");
                    break;
                default: throw QueryErrors.NotUnderstood($"There is no option '{name}'. There are q, $top, entities.");
            }
        }
        return (q, top, entities);
    }

    private static IEnumerable<Entity> Searched(QueryContext context, string? names)
    {
        var all = context.Published.Model.Entities.Where(entity => SearchedFields.AreIndexed(entity) && context.Caller.Can(entity, Operation.Read)).ToImmutableArray();
        if (names is null) return all;
        return names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()
            .Select(name => all.FirstOrDefault(entity => entity.Name == name || entity.Plural == name)
                ?? throw new XrmException("unknown_entity", 400, $"There is no entity '{(name.Length > 63 ? name[..63] : name)}' that you can search."));
    }
}
