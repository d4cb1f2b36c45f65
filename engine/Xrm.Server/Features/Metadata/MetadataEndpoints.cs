using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Metadata;

/// <summary>What the screens are generated from.</summary>
internal static class MetadataEndpoints
{
    public static void MapMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/metadata").WithTags("Metadata").RequireAuthorization();
        group.MapGet("/application", ApplicationAsync);
        group.MapGet("/version", Version);
        group.MapGet("/uses", UsesAsync).RequireAuthorization(Policies.Administrator);
    }

    private static async Task<Results<JsonHttpResult<ApplicationModel>, StatusCodeHttpResult>> ApplicationAsync(
        HttpContext http, CurrentModel current, CallerProvider callers, CancellationToken ct)
    {
        var published = current.Value;
        var caller = await callers.GetAsync(http, ct);
        var texts = Texts.For(published.Model, http.Request);
        // Roles are part of the tag: a new role shows more, although the model is the same.
        var rights = string.Join(',', caller.Roles.Order(StringComparer.Ordinal));
        var tag = new EntityTagHeaderValue(new StringSegment($"\"{published.Version}-{caller.UserId:N}-{texts.Language}-{Uri.EscapeDataString(rights)}\""), isWeak: true);
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
        http.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Json(new ApplicationModelBuilder(published, caller, texts).Build(), ApiJson.Options);
    }

    private static Ok<ModelVersion> Version(CurrentModel current) => TypedResults.Ok(new ModelVersion(current.Value.Version));

    private static async Task<JsonHttpResult<UsesBody>> UsesAsync(
        string? entity, string? field, string? option, string? role, string? script, CurrentModel current, WhereUsed whereUsed, CancellationToken ct)
    {
        var element = new ElementQuery(entity, field, option, role, script).Find(current.Value.Model);
        return TypedResults.Json(UsesBody.From(element, await whereUsed.FindAsync(element, ct)), ApiJson.Options);
    }

    internal sealed record ModelVersion(long Version);
}
