using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Data.Rules;
using Xrm.Scripting.Declarations;
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
        group.MapGet("/types.d.ts", Types).RequireAuthorization(Policies.Administrator);
        group.MapGet("/uses", UsesAsync).RequireAuthorization(Policies.Administrator);
        group.MapPost("/formulas/check", CheckFormula).RequireAuthorization(Policies.Administrator);
    }

    private static async Task<Results<JsonHttpResult<ApplicationModel>, StatusCodeHttpResult>> ApplicationAsync(
        HttpContext http, CurrentModel current, RuleSwitches switches, CallerProvider callers, CancellationToken ct)
    {
        var published = current.Value;
        var off = await switches.OffAsync(ct);
        var caller = await callers.GetAsync(http, ct);
        var texts = Texts.For(published.Model, http.Request);
        // Roles are part of the tag: a new role shows more, although the model is the same. So are the values that formulas ask for.
        var preview = AccessPreview.Of(http.User);
        var rights = $"{preview}{(preview is null ? "" : " ")}{string.Join(',', caller.Roles.Order(StringComparer.Ordinal))}{(caller.Membership.Asked.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Membership.Asked)).AsSpan(0, 8)))}";
        var tag = new EntityTagHeaderValue(new StringSegment($"\"{published.Version}-{switches.Stamp}-{caller.UserId:N}-{texts.Language}-{Uri.EscapeDataString(rights)}\""), isWeak: true);
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
        http.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Json(new ApplicationModelBuilder(published, caller, texts, off, preview).Build(), ApiJson.Options);
    }

    private static Ok<ModelVersion> Version(CurrentModel current) => TypedResults.Ok(new ModelVersion(current.Value.Version));

    /// <param name="entity">Name of an entity: what <c>record</c> is; that of the action without, or any.</param>
    /// <param name="action">Name of an action: what <c>parameters</c> are; any without.</param>
    /// <param name="current">The published model.</param>
    private static ContentHttpResult Types(string? entity, string? action, CurrentModel current)
    {
        var model = current.Value.Model;
        var record = entity is null ? null : AskedElements.Entity(model, entity);
        var run = action is null ? null : AskedElements.Action(model, action);
        return TypedResults.Text(ScriptDeclarations.ForEditor(model, record ?? run?.Entity, run), "application/typescript", Encoding.UTF8);
    }

    private static async Task<JsonHttpResult<UsesBody>> UsesAsync(
        string? entity, string? field, string? option, string? role, string? script, CurrentModel current, WhereUsed whereUsed, CancellationToken ct)
    {
        var model = current.Value.Model;
        var element = new ElementQuery(entity, field, option, role, script).Find(model);
        var formula = entity is null || field is null ? null : model.FindEntity(entity)?.FindField(field)?.Formula?.Text;
        return TypedResults.Json(UsesBody.From(element, await whereUsed.FindAsync(element, ct), formula), ApiJson.Options);
    }

    private static JsonHttpResult<FormulaCheckBody> CheckFormula(FormulaCheck check, CurrentModel current) =>
        TypedResults.Json(new FormulaCheckBody(check.Run(current.Value)), ApiJson.Options);

    internal sealed record ModelVersion(long Version);
}
