using Xrm.Data.Jobs;

namespace Xrm.Server.Features.Jobs;

/// <summary>Forgets jobs that ended long ago.</summary>
internal sealed class JobCleanUp(JobStore jobs, TimeProvider time, ILogger<JobCleanUp> log) : BackgroundLoop(time, log)
{
    private const int AtATime = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly TimeProvider _time = time;

    protected override TimeSpan IdlePause => TimeSpan.FromMinutes(10);

    protected override async Task<bool> WorkAsync(CancellationToken ct) => await jobs.ForgetAsync(_time.GetUtcNow().UtcDateTime - Kept, AtATime, ct) == AtATime;
}
