using Xrm.Data.Changes;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Changes;

/// <summary>Forgets changes that nobody should be behind of any more.</summary>
internal sealed class ChangeCleanUp(ChangeReader changes, TimeProvider time, ILogger<ChangeCleanUp> log) : BackgroundLoop(time, log)
{
    /// <summary>How long somebody may stay away and still learn what changed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const int AtATime = 1_000;

    private readonly TimeProvider _time = time;

    protected override TimeSpan IdlePause => TimeSpan.FromMinutes(10);

    protected override async Task<bool> WorkAsync(CancellationToken ct) => await changes.ForgetAsync(_time.GetUtcNow().UtcDateTime - Kept, AtATime, ct) == AtATime;
}
