using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Access;

/// <summary>Says why somebody can or cannot do what with a record: <c>GET /api/access/explain?entity=contract&amp;id=ID&amp;user=ID</c>.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/access").WithTags("Access").RequireAuthorization().MapGet("/explain", ExplainAsync);

    private static async Task<Ok<AccessExplanation>> ExplainAsync(string entity, Guid id, Guid? user, HttpContext http, Database database, CurrentModel current, CallerProvider callers, TimeProvider time, CancellationToken ct)
    {
        var published = current.Value;
        var kind = AskedEntity.Find(published.Model, entity);
        var caller = await callers.GetAsync(http, ct);
        var about = user is { } other && other != caller.UserId ? await OtherAsync(other, caller, callers, ct) : caller;
        var explanation = await database.InRecordTransactionAsync(async (records, ct) =>
        {
            var utcNow = time.GetUtcNow().UtcDateTime;
            var record = await RecordLoader.LoadAsync(records, kind, [id], ct) is [var found] ? found : null;
            // Who may not see a record learns nothing of it, not even that it is there.
            if (record is null || !await new RecordRights(new RelatedRecords(records, caller, utcNow)).ReachesAsync(Operation.Read, kind, record, await SharesAsync(records, caller, kind, id, ct), ct))
                throw XrmException.RecordNotFound(kind.Name, id);
            return await new Explainer(new RelatedRecords(records, about, utcNow), kind, record, await SharesAsync(records, about, kind, id, ct)).ExplainAsync(ct);
        }, published, caller.TimeLimit, ct);
        return TypedResults.Ok(explanation);
    }

    private static async Task<ShareRights> SharesAsync(RecordTransaction records, Caller caller, Entity kind, Guid id, CancellationToken ct) =>
        (await RecordShares.WithCallerAsync(records, caller, kind, [id], ct)).GetValueOrDefault(id);

    private static async Task<Caller> OtherAsync(Guid user, Caller caller, CallerProvider callers, CancellationToken ct)
    {
        if (!caller.IsAdministrator) throw XrmException.Forbidden("Only an administrator may ask what others can do. Leave user out to ask about yourself.");
        return await callers.FindUserAsync(user, ct) ?? throw new XrmException("user_unknown", 404, $"There is no active user with the id {user}.");
    }
}
