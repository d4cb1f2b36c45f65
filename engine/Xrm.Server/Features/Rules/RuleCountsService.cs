using Xrm.Data.Rules;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Rules;

/// <summary>Stores every few seconds, and when the server stops, what rules have done.</summary>
internal sealed class RuleCountsService(RuleCounts counts, TimeProvider time, ILogger<RuleCountsService> log) : BackgroundLoop(time, log)
{
    protected override TimeSpan IdlePause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await counts.FlushAsync(ct);
        return false;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await counts.FlushAsync(cancellationToken);
    }
}
