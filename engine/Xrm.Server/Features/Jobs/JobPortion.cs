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

/// <summary>Does portions of jobs of one kind.</summary>
internal interface IJobWork
{
    /// <summary>Kind of the jobs.</summary>
    string Kind { get; }

    /// <summary>Does the next portion, in the transaction that also moves the job on.</summary>
    /// <exception cref="XrmException">Below 500: the job fails; above, it is tried again. The transaction is rolled back.</exception>
    Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct);
}

/// <summary>Does the next portion of a job: each record as if its user had changed it alone.</summary>
internal sealed class JobPortion(RecordCommands commands, CallerProvider callers, IEnumerable<IJobWork> works, TimeProvider time)
{
    /// <summary>Records of one transaction: few, because they are locked until its end.</summary>
    public const int Most = 50;

    /// <summary>Changes the next records.</summary>
    /// <exception cref="XrmException">Something is wrong that is not of single records; the transaction must be rolled back.</exception>
    public async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        if (works.FirstOrDefault(work => work.Kind == job.Kind) is { } own) return await own.RunAsync(records, job, ct);
        var caller = await callers.ForUserAsync(job.UserId, ct);
        // What is relative to the time means the time at which it was asked for.
        var query = JobQuery.Next(job, Most);
        var plan = QueryPlan.For(job.Collection, query, new QueryContext(records.Published, caller, job.CreatedAt));
        var ids = await RecordReader.IdsAsync(plan, records, ct);
        var run = new Run(records, caller, plan.Entity, job, query.OnlyDeleted, job.Body is null ? default : JsonSerializer.Deserialize<JsonElement>(job.Body));
        var refused = await EachRecord.RunAsync(records, ids, (id, ct) => ChangeAsync(run, id, ct), ct);
        // A record may have gone together with one that was deleted before it.
        var failures = refused.Where(one => job.Kind != Job.Delete || one.Refusal.Code != "record_not_found").Select(one => Failure(one.Id, one.Refusal)).ToList();
        return new JobProgress(ids.Count - failures.Count, failures, ids.Count > 0 ? ids[^1] : null, ids.Count < Most);
    }

    private Task<SaveContext> ChangeAsync(Run run, Guid id, CancellationToken ct)
    {
        var unit = new SaveUnit(run.Records, run.Caller, time.GetUtcNow().UtcDateTime)
        {
            Texts = Texts.For(run.Records.Published.Model, run.Job.Language),
            Cause = new SaveCause("job", run.Job.Id.ToString()),
        };
        if (run.IsPurge) return commands.PurgeAsync(unit, run.Entity, RecordKey.OfId(run.Entity, id), null, ct);
        return run.Job.Kind == Job.Delete ? commands.DeleteAsync(unit, run.Entity, id, null, ct) : commands.UpdateAsync(unit, run.Entity, id, run.Body, null, ct);
    }

    private static JobFailure Failure(Guid id, XrmException refused) =>
        new(id, refused.Code, refused.Message, refused.Errors.IsEmpty ? null : JsonSerializer.Serialize(refused.Errors, ApiJson.Options));

    private sealed record Run(RecordTransaction Records, Caller Caller, Entity Entity, Job Job, bool IsPurge, JsonElement Body);
}
