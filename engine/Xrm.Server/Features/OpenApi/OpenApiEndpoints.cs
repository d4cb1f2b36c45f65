using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Server.Security;

namespace Xrm.Server.Features.OpenApi;

/// <summary>The description of the API, for the caller who asks: what that caller may do, and nothing else.</summary>
internal static class OpenApiEndpoints
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/openapi.json", GetAsync).RequireAuthorization().WithTags("Metadata");

    private static async Task<FileContentHttpResult> GetAsync(HttpContext http, CurrentModel current, CallerProvider callers, CallerDocuments documents, CancellationToken ct)
    {
        var published = current.Value;
        var caller = await callers.GetAsync(http, ct);
        http.Response.Headers.CacheControl = "private, no-cache";
        var cookie = Cookies.Session(http.Request);
        return TypedResults.File(documents.Get($"openapi {cookie}", published, caller, (model, reader) => OpenApiDocument.Write(model, reader, cookie)), "application/json");
    }
}
