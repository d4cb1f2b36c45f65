using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Privacy;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Privacy;

/// <summary>What people may ask of whoever keeps data about them: <c>/api/privacy</c>. For administrators, since it goes across all rights to records.</summary>
internal static class PrivacyEndpoints
{
    private const string Account = "user";

    public static IServiceCollection AddPrivacy(this IServiceCollection services)
    {
        services.AddSingleton<JobRecords>().AddSingleton<PersonTraces>().AddSingleton<ErasureSteps>().AddSingleton<Asked>();
        return services.AddSingleton<IJobWork, ExportWork>().AddSingleton<IJobWork, ErasureWork>().AddSingleton<IJobWork, ReencryptWork>().AddSingleton<PrivacyUpkeep>();
    }

    public static void MapPrivacy(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/privacy").WithTags("Privacy").RequireAuthorization(Policies.Administrator);
        group.MapGet("/inventory", InventoryAsync);
        group.MapPost("/exports", ExportAsync);
        group.MapGet("/exports/{job:guid}/file", DownloadAsync);
        group.MapPost("/erasures/preview", PreviewAsync);
        group.MapPost("/erasures", EraseAsync);
    }

    private static IResult InventoryAsync(HttpContext http, CurrentModel current)
    {
        var model = current.Value.Model;
        var items = Inventory.Of(model, Texts.For(model, http.Request));
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Query["format"] == "csv" ? TypedResults.Text(Inventory.Csv(items), "text/csv", Encoding.UTF8) : TypedResults.Json(new { value = items }, ApiJson.Options);
    }

    private static async Task<IResult> ExportAsync(WantedPerson body, HttpContext http, Asked asked, CancellationToken ct)
    {
        var (caller, person) = await asked.ReadAsync(http, body, ct);
        var (plan, job) = await asked.AddAsync(http, caller, person, Job.PersonExport, ct);
        await asked.Audit.NoteAsync(http, AuditOperations.PersonExport, caller.UserId, new { record = person.Id, job = job.Id, records = plan.Length }, ct, person.Entity.Name);
        return TypedResults.Json(JobView.Of(job), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> DownloadAsync(Guid job, HttpContext http, Asked asked, JobStore jobs, JobRecords found, TimeProvider time, CancellationToken ct)
    {
        var caller = await asked.Callers.GetAsync(http, ct);
        // Only who asked: another administrator asks for an export of their own, and the audit tells of it.
        if (await jobs.FindAsync(job, ct) is not { Kind: Job.PersonExport } known || known.UserId != caller.UserId || await found.FindFileAsync(job, time.GetUtcNow().UtcDateTime, ct) is not { } file)
            throw new XrmException("export_not_found", 404, $"There is no export {job} that you could fetch: it is not ready, was asked for by somebody else, or is older than {ExportWork.Available.TotalDays:0} days.");
        var body = JsonSerializer.Deserialize<JsonElement>(known.Body!);
        await asked.Audit.NoteAsync(http, AuditOperations.PersonExport, caller.UserId, new { record = body.GetProperty("id").GetGuid(), job, fetched = true }, ct, body.GetProperty("entity").GetString());
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(file.Content, "application/zip", file.Name);
    }

    private static async Task<IResult> PreviewAsync(WantedPerson body, HttpContext http, Asked asked, CancellationToken ct)
    {
        var (_, person) = await asked.ReadAsync(http, body, ct);
        var plan = await asked.PlanAsync(person, ct);
        var texts = Texts.For(asked.Current.Value.Model, http.Request);
        var groups = plan.GroupBy(one => (one.Record.Entity, one.Fate, one.Reason)).Select(group => new ErasureGroup(
            group.Key.Entity.Name, texts.Find($"entity.{group.Key.Entity.Name}.label") ?? group.Key.Entity.Label, JsonNamingPolicy.CamelCase.ConvertName(group.Key.Fate.ToString()), group.Count(), group.Key.Reason, group.Max(one => one.Until),
            group.Key.Fate == Erasure.Anonymise ? [.. Anonymous.Fields(group.Key.Entity).Select(texts.Field)] : []));
        return TypedResults.Json(new { records = plan.Length, groups }, ApiJson.Options);
    }

    private static async Task<IResult> EraseAsync(WantedPerson body, HttpContext http, Asked asked, CancellationToken ct)
    {
        var (caller, person) = await asked.ReadAsync(http, body, ct);
        // The catalogue knows them, and would write their name into the record again.
        if (person.Entity.Name == Account) throw new XrmException("person_has_account", 409, "People who sign in are erased where accounts are kept: close the account first.");
        var (_, job) = await asked.AddAsync(http, caller, person, Job.PersonErasure, ct);
        return TypedResults.Json(JobView.Of(job), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}

/// <summary>What requests about people have in common.</summary>
internal sealed record Asked(CurrentModel Current, CallerProvider Callers, Database Database, JobStore Jobs, AuditTrail Audit, TimeProvider Time)
{
    /// <summary>Who asks, and about whom.</summary>
    /// <exception cref="XrmException">400: there is no such entity, or its records are no people.</exception>
    public async Task<(Caller, PersonRequest)> ReadAsync(HttpContext http, WantedPerson body, CancellationToken ct)
    {
        var model = Current.Value.Model;
        var entity = model.FindEntity(body.Entity ?? "") ?? throw XrmException.Invalid([new FieldError("entity", "entity_unknown", $"There is no entity '{body.Entity}'.{(Names.Nearest(body.Entity ?? "", model.Entities.Select(each => each.Name)) is { } near ? $" Did you mean {near}?" : "")}")]);
        if (entity.Privacy?.Source is not { Person: true })
            throw XrmException.Invalid([new FieldError("entity", "not_a_person", $"{entity.PluralLabel} are no people. Name one of {string.Join(", ", model.Entities.Where(each => each.Privacy?.Source.Person == true).Select(each => each.Name))}.")]);
        if (body.Id is not { } id) throw XrmException.Invalid([new FieldError("id", "required", "Name the record of the person (id).")]);
        return (await Callers.GetAsync(http, ct), new PersonRequest(entity, id));
    }

    /// <summary>What would become of the person's records.</summary>
    public Task<ImmutableArray<PlannedErasure>> PlanAsync(PersonRequest person, CancellationToken ct) => Database.InRecordTransactionAsync(async (records, ct) =>
        ErasurePlan.Of(await PersonRecords.FindAsync(await records.BeginAsync(ct), records.Schema, records.Published, person.Entity, person.Id, ct), Time.GetUtcNow().UtcDateTime), Current.Value, null, ct);

    /// <summary>Adds a job about the person.</summary>
    public async Task<(ImmutableArray<PlannedErasure>, Job)> AddAsync(HttpContext http, Caller caller, PersonRequest person, string kind, CancellationToken ct)
    {
        var plan = await PlanAsync(person, ct);
        var language = Texts.For(Current.Value.Model, http.Request).Language;
        var job = new Job(Guid.CreateVersion7(), kind, person.Entity.Plural, "", JsonSerializer.Serialize(new { entity = person.Entity.Name, id = person.Id }), caller.UserId, caller.DisplayName, language,
            "waiting", plan.Length, 0, 0, null, Time.GetUtcNow().UtcDateTime, null, null, 0, null, null);
        await Database.InTransactionAsync(async (transaction, ct) =>
        {
            await Jobs.AddAsync(transaction, job, ct);
            return true;
        }, null, ct);
        http.Response.Headers.Location = JobEndpoints.Url(http.Request, job.Id);
        return (plan, job);
    }
}

/// <summary>Whom a request is about.</summary>
/// <param name="Entity">Name of the entity of the person.</param>
/// <param name="Id">Record of the person.</param>
internal sealed record WantedPerson(string? Entity, Guid? Id);

/// <summary>Records of an entity of which the same becomes.</summary>
/// <param name="Entity">Name of the entity.</param>
/// <param name="Label">What people call one such record.</param>
/// <param name="Fate"><c>anonymise</c>, <c>delete</c> or <c>keep</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Reason">Why they stay, or are not deleted; null for none.</param>
/// <param name="Until">UTC time until which the last of them stays; null for ever, or where they do not.</param>
/// <param name="Fields">What people call the fields that are emptied.</param>
internal sealed record ErasureGroup(string Entity, string Label, string Fate, int Count, string? Reason, DateTime? Until, ImmutableArray<string> Fields);
