using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Jobs;

namespace Xrm.Server.Features.Jobs;

/// <summary>A job as the API shows it.</summary>
internal sealed record JobView(
    Guid Id, string Kind, string Collection, string Query, JsonElement? Values, JobUser User, string State, long Total, long Done, long Failed,
    DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, JobError? Error, IEnumerable<JobFailureView>? Failures)
{
    /// <summary>A job, with the records that it could not change where they are at hand.</summary>
    public static JobView Of(Job job, ImmutableArray<JobFailure>? failures = null) => new(
        job.Id, job.Kind, job.Collection, job.Query, Json(job.Body), new JobUser(job.UserId, job.UserName), job.State,
        // Records may have gone, or have come to fulfil the condition, since they were counted.
        job.State == "finished" ? job.Done + job.Failed : Math.Max(job.Total, job.Done + job.Failed), job.Done, job.Failed,
        job.CreatedAt, job.StartedAt, job.FinishedAt, job.ErrorCode is { } code ? new JobError(code, job.Error ?? code) : null,
        failures?.Select(failure => new JobFailureView(failure.RecordId, failure.Code, failure.Message, Json(failure.Errors))));

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

/// <summary>Who asked for a job.</summary>
internal sealed record JobUser(Guid Id, string? Name);

/// <summary>What keeps a job from going on, or ended it.</summary>
internal sealed record JobError(string Code, string Detail);

/// <summary>A record that a job could not change.</summary>
internal sealed record JobFailureView(Guid RecordId, string Code, string Detail, JsonElement? Errors);
