using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Access;

/// <summary>Shares records with people and teams: <c>/api/access/shares</c>.</summary>
internal static class ShareEndpoints
{
    private const int MostShares = 200;
    private static readonly ShareRights[] Each = [ShareRights.Read, ShareRights.Update, ShareRights.Delete, ShareRights.Assign, ShareRights.Share];
    private static readonly Operation[] Operations = [Operation.Read, Operation.Update, Operation.Delete, Operation.Assign, Operation.Share];

    public static void MapShares(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/access/shares").WithTags("Access").RequireAuthorization();
        group.MapGet("", ListAsync);
        group.MapPut("", PutAsync);
        group.MapDelete("", RemoveAsync);
    }

    private static async Task<Ok<SharesOfRecord>> ListAsync(string entity, Guid id, HttpContext http, Database database, CurrentModel current, CallerProvider callers, TimeProvider time, CancellationToken ct)
    {
        var (published, caller) = (current.Value, await callers.GetAsync(http, ct));
        var kind = Owned(published.Model, entity);
        return TypedResults.Ok(await database.InRecordTransactionAsync(async (records, ct) =>
        {
            var own = await RightsAsync(records, caller, (kind, id), isLocked: false, time.GetUtcNow().UtcDateTime, ct);
            var shares = await RecordShares.ListAsync(records, kind, id, ct);
            var names = await NamesAsync(records, shares, ct);
            return new SharesOfRecord(own.HasFlag(ShareRights.Share), Words(own), [.. shares.Select(share =>
                new ShownShare(share.PrincipalId, share.PrincipalKind, names.GetValueOrDefault(share.PrincipalId), Words(share.Rights), share.SharedBy, names.GetValueOrDefault(share.SharedBy), share.SharedAt))]);
        }, published, caller.TimeLimit, ct));
    }

    private static async Task<NoContent> PutAsync(WantedShare body, HttpContext http, Database database, CurrentModel current, CallerProvider callers, AuditTrail audit, TimeProvider time, CancellationToken ct)
    {
        var (published, caller) = (current.Value, await callers.GetAsync(http, ct));
        var kind = Owned(published.Model, body.Entity ?? "");
        var wanted = Read(body.Rights ?? []) | ShareRights.Read;
        if (body.Principal is not { } principal || body.Id is not { } id) throw XrmException.Invalid([new FieldError(body.Id is null ? "id" : "principal", "required", "Name the record (id) and with whom it is to be shared (principal).")]);
        if (body.Kind is not ("user" or "team")) throw XrmException.Invalid([new FieldError("kind", "kind_unknown", "Share with a user or a team: kind is \"user\" or \"team\".")]);
        if (body.Kind == "user" && await callers.FindUserAsync(principal, ct) is null) throw Unknown("user", principal);
        await database.InRecordTransactionAsync(async (records, ct) =>
        {
            var own = await RightsAsync(records, caller, (kind, id), isLocked: true, time.GetUtcNow().UtcDateTime, ct);
            Require(own, kind);
            // Nobody gives what they do not have.
            if ((wanted & ~own) is not ShareRights.None and var missing)
                throw XrmException.Forbidden($"You may not {Word(Each.First(right => missing.HasFlag(right)))} this {kind.Label} yourself, so you cannot let others do it.", "rights");
            if (body.Kind == "team" && (published.Model.FindEntity("team") is not { } teams || await RecordLoader.LoadAsync(records, teams, [principal], ct) is [])) throw Unknown("team", principal);
            var shares = await RecordShares.ListAsync(records, kind, id, ct);
            var before = shares.Find(share => share.PrincipalId == principal);
            if (shares.Count >= MostShares && before is null)
                throw new XrmException("too_many_shares", 409, $"This {kind.Label} is shared with {MostShares} people and teams, which is the most. Make a team of them and share it with the team.");
            await RecordShares.PutAsync(records, kind, id, new RecordShare(principal, body.Kind, wanted, caller.UserId, time.GetUtcNow().UtcDateTime), ct);
            await audit.NoteAsync(records, http, AuditOperations.Shared, caller.UserId, new { record = id, principal, kind = body.Kind, before = Words(before?.Rights ?? ShareRights.None), after = Words(wanted) }, kind.Name, ct);
            return id;
        }, published, caller.TimeLimit, ct);
        callers.Forget();
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(string entity, Guid id, Guid principal, HttpContext http, Database database, CurrentModel current, CallerProvider callers, AuditTrail audit, TimeProvider time, CancellationToken ct)
    {
        var (published, caller) = (current.Value, await callers.GetAsync(http, ct));
        var kind = Owned(published.Model, entity);
        await database.InRecordTransactionAsync(async (records, ct) =>
        {
            var own = await RightsAsync(records, caller, (kind, id), isLocked: true, time.GetUtcNow().UtcDateTime, ct);
            // Whoever received a share may lay it down.
            if (principal != caller.UserId) Require(own, kind);
            if ((await RecordShares.ListAsync(records, kind, id, ct)).Find(share => share.PrincipalId == principal) is not { } before) return id;
            await RecordShares.RemoveAsync(records, kind, id, principal, ct);
            await audit.NoteAsync(records, http, AuditOperations.Shared, caller.UserId, new { record = id, principal, kind = before.PrincipalKind, before = Words(before.Rights), after = Words(ShareRights.None) }, kind.Name, ct);
            return id;
        }, published, caller.TimeLimit, ct);
        callers.Forget();
        return TypedResults.NoContent();
    }

    private static void Require(ShareRights own, Entity kind)
    {
        if (!own.HasFlag(ShareRights.Share)) throw XrmException.Forbidden($"You may not share this {kind.Label}: none of your roles grants share for it.");
    }

    private static Entity Owned(Model model, string name)
    {
        var kind = AskedEntity.Find(model, name);
        return kind.IsUserOwned ? kind : throw new XrmException("not_shareable", 400, $"{kind.PluralLabel} belong to nobody: who may see them, sees them all. Only records with an owner can be shared.");
    }

    /// <summary>What the caller may do with a record; it is refused as not there where they may not see it.</summary>
    private static async Task<ShareRights> RightsAsync(RecordTransaction records, Caller caller, (Entity Kind, Guid Id) about, bool isLocked, DateTime utcNow, CancellationToken ct)
    {
        var (kind, id) = about;
        var record = isLocked ? await RecordLoader.LoadForUpdateAsync(records, kind, id, ct) : await RecordLoader.LoadAsync(records, kind, [id], ct) is [var found] ? found : null;
        if (record is null) throw XrmException.RecordNotFound(kind.Name, id);
        var shares = (await RecordShares.WithCallerAsync(records, caller, kind, [id], ct)).GetValueOrDefault(id);
        var (asked, rights) = (new RecordRights(new RelatedRecords(records, caller, utcNow)), ShareRights.None);
        foreach (var operation in Operations)
            if (await asked.ReachesAsync(operation, kind, record, shares, ct)) rights |= operation.Right();
        return rights.HasFlag(ShareRights.Read) ? rights : throw XrmException.RecordNotFound(kind.Name, id);
    }

    /// <summary>What people and teams are called, where the model has records of them.</summary>
    private static async Task<Dictionary<Guid, string>> NamesAsync(RecordTransaction records, List<RecordShare> shares, CancellationToken ct)
    {
        var ids = shares.Select(share => (share.PrincipalKind, share.PrincipalId)).Concat(shares.Select(share => ("user", share.SharedBy))).ToLookup(pair => pair.Item1, pair => pair.Item2);
        var names = new Dictionary<Guid, string>();
        foreach (var group in ids)
        {
            if (records.Published.Model.FindEntity(group.Key) is not { Primary.Column: { } name } kind) continue;
            foreach (var record in await RecordLoader.LoadAsync(records, kind, [.. group.Distinct()], ct))
                if (record.Get(name.Name) is string text) names[record.Id] = text;
        }
        return names;
    }

    private static ShareRights Read(ImmutableArray<string> words)
    {
        var rights = ShareRights.None;
        foreach (var word in words)
        {
            var right = Each.FirstOrDefault(right => Word(right) == word);
            if (right == ShareRights.None) throw XrmException.Invalid([new FieldError("rights", "right_unknown", $"There is no right '{(word is { Length: > 40 } ? word[..40] : word)}'. Rights are {string.Join(", ", Each.Select(Word))}.")]);
            rights |= right;
        }
        return rights;
    }

    private static ImmutableArray<string> Words(ShareRights rights) => [.. Each.Where(right => rights.HasFlag(right)).Select(Word)];

    private static string Word(ShareRights right) => right.ToString().ToLowerInvariant();

    private static XrmException Unknown(string kind, Guid principal) => XrmException.Invalid([new FieldError("principal", "principal_unknown", $"There is no active {kind} with the id {principal}.")]);

    /// <param name="Entity">Name of the record's entity.</param>
    /// <param name="Id">The record.</param>
    /// <param name="Principal">The person or team.</param>
    /// <param name="Kind"><c>user</c> or <c>team</c>.</param>
    /// <param name="Rights">What they may do besides seeing it.</param>
    internal sealed record WantedShare(string? Entity, Guid? Id, Guid? Principal, string? Kind, ImmutableArray<string>? Rights);

    /// <param name="CanShare">The caller may change the shares.</param>
    /// <param name="Rights">What the caller may do with the record, and so let others do.</param>
    /// <param name="Shares">With whom it is shared, the oldest first.</param>
    internal sealed record SharesOfRecord(bool CanShare, ImmutableArray<string> Rights, ImmutableArray<ShownShare> Shares);

    /// <param name="Principal">The person or team.</param>
    /// <param name="Kind"><c>user</c> or <c>team</c>.</param>
    /// <param name="Name">What they are called; null where there is no record of them.</param>
    /// <param name="Rights">What they may do.</param>
    /// <param name="SharedBy">Who shared it.</param>
    /// <param name="SharedByName">What they are called; null where there is no record of them.</param>
    /// <param name="SharedAt">When, UTC.</param>
    internal sealed record ShownShare(Guid Principal, string Kind, string? Name, ImmutableArray<string> Rights, Guid SharedBy, string? SharedByName, DateTime SharedAt);
}
