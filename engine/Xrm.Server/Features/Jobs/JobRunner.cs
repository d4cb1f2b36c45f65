using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;

namespace Xrm.Server.Features.Jobs;

/// <summary>
/// Takes jobs on, portion by portion, each in a transaction that also moves the job on: a crash within one leaves nothing of it behind.
/// Jobs take turns; different nodes take different ones.
/// </summary>
internal sealed class JobRunner(Database database, JobStore jobs, JobPortion portion, CurrentModel current, TimeProvider time, ILogger<JobRunner> log) : BackgroundLoop(time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        Job? job = null;
        try
        {
            await database.InRecordTransactionAsync(async (records, ct) =>
            {
                var transaction = await records.BeginAsync(ct);
                job = await jobs.TakeAsync(transaction, ct);
                if (job is null) return false;
                var progress = job.Kind == Job.Recompute ? await RecomputationPortion.RunAsync(records, job, ct) : await portion.RunAsync(records, job, ct);
                await records.FlushAsync(ct);
                if (await jobs.ProgressAsync(transaction, job, progress, ct) && job.Kind == Job.Recompute) await new RecomputationJobs(database.Schema).EndAsync(transaction, job, ct);
                return true;
            }, current.Value, null, ct);
        }
        catch (Exception exception) when (job is not null && !ct.IsCancellationRequested && exception is not XrmException { Code: "database_unavailable" })
        {
            await FailAsync(job, exception, ct);
        }
        return job is not null;
    }

    private async Task FailAsync(Job job, Exception exception, CancellationToken ct)
    {
        var known = exception as XrmException
            ?? new XrmException("internal", 500, $"Something went wrong on the server ({exception.GetType().Name}); its log has the details.");
        // What is wrong with the job itself stays wrong; what is busy, slow or broken may be better later.
        var pause = known.Status < 500 ? null : RetrySchedule.PauseAfter(job.Attempts + 1);
        // Values that a publish needs are needed for as long as it takes.
        if (job.Kind == Job.Recompute) pause ??= RetrySchedule.LongestPause;
        log.LogWarning(exception, "Job {Job} ({Kind} {Collection}) failed (try {Try}).", job.Id, job.Kind, job.Collection, job.Attempts + 1);
        await jobs.FailedAsync(job.Id, known, pause, ct);
    }
}
