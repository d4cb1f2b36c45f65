using Xrm.Data.Records;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Data;

/// <summary>Forgets requests that nobody will send again.</summary>
internal sealed class RepeatCleanUp(AnsweredRequests requests, TimeProvider time, ILogger<RepeatCleanUp> log) : BackgroundLoop(time, log)
{
    private const int AtATime = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time;

    protected override TimeSpan IdlePause => TimeSpan.FromMinutes(10);

    protected override async Task<bool> WorkAsync(CancellationToken ct) => await requests.ForgetAsync(_time.GetUtcNow().UtcDateTime - Kept, AtATime, ct) == AtATime;
}
