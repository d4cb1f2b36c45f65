using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Jobs;

/// <summary>Does the next portion of a job: each record as if its user had changed it alone.</summary>
internal sealed class JobPortion(RecordCommands commands, CallerProvider callers, TimeProvider time)
{
    /// <summary>Records of one transaction: few, because they are locked until its end.</summary>
    public const int Most = 50;

    private const string Place = "record";

    /// <summary>Changes the next records.</summary>
    /// <exception cref="XrmException">Something is wrong that is not of single records; the transaction must be rolled back.</exception>
    public async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        var caller = await callers.ForUserAsync(job.UserId, ct);
        // What is relative to the time means the time at which it was asked for.
        var plan = QueryPlan.For(job.Collection, JobQuery.Next(job, Most), new QueryContext(records.Published, caller, job.CreatedAt));
        var ids = await RecordReader.IdsAsync(plan, records, ct);
        var run = new Run(records, caller, plan.Entity, job, job.Body is null ? default : JsonSerializer.Deserialize<JsonElement>(job.Body));
        var failures = new List<JobFailure>();
        // Most portions have no record that is refused: then one place to return to is enough.
        if (ids.Count > 0 && !await TryAllAsync(run, ids, ct))
            foreach (var id in ids)
                if (await TryAsync(run, id, ct) is { } refused) failures.Add(Failure(id, refused));
        return new JobProgress(ids.Count - failures.Count, failures, ids.Count > 0 ? ids[^1] : null, ids.Count < Most);
    }

    private async Task<bool> TryAllAsync(Run run, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        await run.Records.SaveAsync(Place, ct);
        try
        {
            foreach (var id in ids) await ChangeAsync(run, id, ct);
            await run.Records.ReleaseAsync(Place, ct);
            return true;
        }
        catch (XrmException refused) when (refused.Status < 500)
        {
            await run.Records.RollbackToAsync(Place, ct);
            await run.Records.ReleaseAsync(Place, ct);
            return false;
        }
    }

    private async Task<XrmException?> TryAsync(Run run, Guid id, CancellationToken ct)
    {
        await run.Records.SaveAsync(Place, ct);
        XrmException? refusal = null;
        try
        {
            await ChangeAsync(run, id, ct);
            await run.Records.FlushAsync(ct);
        }
        catch (XrmException refused) when (refused.Status < 500)
        {
            refusal = refused;
            await run.Records.RollbackToAsync(Place, ct);
        }
        await run.Records.ReleaseAsync(Place, ct);
        // It may have gone together with one that was deleted before it.
        return refusal is { Code: "record_not_found" } && run.Job.Kind == Job.Delete ? null : refusal;
    }

    private Task<SaveContext> ChangeAsync(Run run, Guid id, CancellationToken ct)
    {
        var unit = new SaveUnit(run.Records, run.Caller, time.GetUtcNow().UtcDateTime)
        {
            Texts = Texts.For(run.Records.Published.Model, run.Job.Language),
            Cause = new SaveCause("job", run.Job.Id.ToString()),
        };
        return run.Job.Kind == Job.Delete ? commands.DeleteAsync(unit, run.Entity, id, null, ct) : commands.UpdateAsync(unit, run.Entity, id, run.Body, null, ct);
    }

    private static JobFailure Failure(Guid id, XrmException refused) =>
        new(id, refused.Code, refused.Message, refused.Errors.IsEmpty ? null : JsonSerializer.Serialize(refused.Errors, ApiJson.Options));

    private sealed record Run(RecordTransaction Records, Caller Caller, Entity Entity, Job Job, JsonElement Body);
}
