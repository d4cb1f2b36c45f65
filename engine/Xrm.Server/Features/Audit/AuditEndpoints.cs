using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Audit;

/// <summary>The audit for administrators: <c>GET /api/administration/audit</c>, and how far its chain has come.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/administration/audit").WithTags("Administration").RequireAuthorization(Policies.Administrator);
        group.MapGet("/", ListAsync);
        group.MapGet("/chain", ChainAsync);
    }

    private static async Task<JsonHttpResult<AuditPage>> ListAsync(HttpContext http, AuditReader audit, UserStore users, CurrentModel current, CancellationToken ct)
    {
        var filter = AuditQuestion.Read(http.Request.Query);
        var rows = await audit.ListAsync(filter with { Limit = filter.Limit + 1 }, ct);
        var (model, texts) = (current.Value.Model, Texts.For(current.Value.Model, http.Request));
        string? next = null;
        if (rows.Count > filter.Limit)
        {
            var query = http.Request.Query.Where(pair => pair.Key is not "after").SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")).Append($"after={rows[filter.Limit - 1].Place}");
            next = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api/administration/audit?{string.Join('&', query)}";
        }
        ImmutableArray<AuditItem> items = [.. rows.Take(filter.Limit).Select(row => AuditItem.Of(row, model, texts))];
        var names = await users.NamesAsync([.. items.Select(item => item.Concerned).OfType<Guid>().Distinct()], ct);
        return TypedResults.Json(new AuditPage([.. items.Select(item => item with { ConcernedName = item.Concerned is { } id ? names.GetValueOrDefault(id) : null })], next), ApiJson.Options);
    }

    private static async Task<JsonHttpResult<AuditChainState>> ChainAsync(AuditReader audit, CancellationToken ct) => TypedResults.Json(await audit.ChainAsync(ct), ApiJson.Options);
}

/// <summary>A page of the audit.</summary>
/// <param name="Value">The entries, the newest first.</param>
/// <param name="NextLink">URL of the next page; null for the last.</param>
internal sealed record AuditPage(ImmutableArray<AuditItem> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink);

/// <summary>An entry of the audit, for administrators.</summary>
/// <param name="Id">Id of the entry.</param>
/// <param name="At">UTC time.</param>
/// <param name="Operation">What was done.</param>
/// <param name="UserId">Who did it; null where nobody is known.</param>
/// <param name="UserName">What people call them; null where the user is gone, or is the engine itself.</param>
/// <param name="IsSystem">The engine itself did it.</param>
/// <param name="Source">Through what it came.</param>
/// <param name="Address">IP address of the client.</param>
/// <param name="CauseKind">What made it happen besides the person.</param>
/// <param name="CauseId">Which one.</param>
/// <param name="Entity">Name of the entity now; null for none.</param>
/// <param name="EntityLabel">What people call one such record.</param>
/// <param name="Collection">Name of its collection; null where there is no such entity any more.</param>
/// <param name="RecordId">The record; null for none.</param>
/// <param name="Changes">Columns to <c>[before, after]</c>; null for what is no change of a record.</param>
/// <param name="Details">What more is told of what is no change of a record; null for nothing.</param>
/// <param name="Labels">What people call the fields of the changes, by column.</param>
internal sealed record AuditItem(
    Guid Id, DateTime At, string Operation, Guid? UserId, string? UserName, bool IsSystem, string? Source, string? Address, string? CauseKind, string? CauseId,
    string? Entity, string? EntityLabel, string? Collection, Guid? RecordId, JsonElement? Changes, JsonElement? Details, IReadOnlyDictionary<string, string>? Labels)
{
    /// <summary>To whose account it was done, where that is not who did it: what people call them; null where nobody is meant, or the user is gone.</summary>
    public string? ConcernedName { get; init; }

    /// <summary>True where what it said was erased, to protect a person; null otherwise.</summary>
    public bool? ValuesErased { get; init; }

    /// <summary>Id of that user.</summary>
    [JsonIgnore]
    public Guid? Concerned => Details is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("user", out var user) && user.ValueKind == JsonValueKind.String && user.TryGetGuid(out var id) ? id : null;

    /// <summary>Makes it.</summary>
    public static AuditItem Of(AuditRow row, Model model, Texts texts)
    {
        var entity = row.Entity is { } name ? model.FindEntity(name) : null;
        var json = row.Changes is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(row.Changes);
        var isRecord = row.RecordId is not null;
        var labels = isRecord && json is { ValueKind: JsonValueKind.Object } changes && entity is not null
            ? changes.EnumerateObject().Select(change => change.Name).Where(column => entity.FindColumn(column) is not null).ToDictionary(column => column, column => texts.Field(entity.FindColumn(column)!.Value.Field)) : null;
        return new AuditItem(row.Id, row.At, row.Operation, row.UserId, row.UserName, row.UserId == Caller.System.UserId, row.Source, row.Address, row.CauseKind, row.CauseId,
            row.Entity, entity is null ? null : texts.Find($"entity.{entity.Name}.label") ?? entity.Label, entity?.Plural, row.RecordId, isRecord ? json : null, isRecord ? null : json, labels)
        {
            ValuesErased = row.IsErased ? true : null,
        };
    }
}
