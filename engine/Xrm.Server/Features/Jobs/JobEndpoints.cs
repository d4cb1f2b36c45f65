using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Jobs;

/// <summary>Work in the background: its progress, and its end.</summary>
internal static class JobEndpoints
{
    private const int Newest = 200;

    public static IServiceCollection AddJobs(this IServiceCollection services) => services.AddSingleton<JobStore>();

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/jobs").WithTags("Jobs").RequireAuthorization();
        group.MapGet("/", ListAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapDelete("/{id:guid}", CancelAsync);
        group.MapPost("/{id:guid}/cancel", CancelAsync);
    }

    /// <summary>Where a job can be asked for.</summary>
    public static string Url(HttpRequest request, Guid id) => $"{request.Scheme}://{request.Host}{request.PathBase}/api/jobs/{id:D}";

    private static async Task<Ok<IEnumerable<JobView>>> ListAsync(HttpContext http, CallerProvider callers, JobStore jobs, CancellationToken ct)
    {
        var caller = await callers.GetAsync(http, ct);
        return TypedResults.Ok((await jobs.ListAsync(caller.IsAdministrator ? null : caller.UserId, Newest, ct)).Select(job => JobView.Of(job)));
    }

    private static async Task<Ok<JobView>> GetAsync(Guid id, HttpContext http, CallerProvider callers, JobStore jobs, CancellationToken ct) =>
        TypedResults.Ok(JobView.Of(await FindAsync(id, http, callers, jobs, ct), await jobs.FailuresAsync(id, ct)));

    private static async Task<NoContent> CancelAsync(Guid id, HttpContext http, CallerProvider callers, JobStore jobs, CancellationToken ct)
    {
        if ((await FindAsync(id, http, callers, jobs, ct)).Kind == Job.Recompute)
            throw new XrmException("job_needed", 409, "This job computes values that a publish has changed, and cannot be cancelled. Until it ends, the values are computed whenever they are read.");
        return await jobs.CancelAsync(id, ct) ? TypedResults.NoContent() : throw new XrmException("job_is_over", 409, "This job has ended already.");
    }

    /// <exception cref="XrmException">404: there is none, or it is somebody else's.</exception>
    private static async Task<Job> FindAsync(Guid id, HttpContext http, CallerProvider callers, JobStore jobs, CancellationToken ct)
    {
        var caller = await callers.GetAsync(http, ct);
        return await jobs.FindAsync(id, ct) is { } job && (caller.IsAdministrator || job.UserId == caller.UserId) ? job
            : throw new XrmException("not_found", 404, "There is no job with that id, or it is somebody else's.");
    }
}
