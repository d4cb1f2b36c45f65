using Xrm.Data.Publishing;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Publish;

/// <summary>Removes columns that publishes have deleted, as soon as nobody can have a model with them.</summary>
internal sealed class LeftoverService(Leftovers leftovers, TimeProvider time, ILogger<LeftoverService> log) : BackgroundLoop(time, log)
{
    protected override TimeSpan IdlePause => TimeSpan.FromSeconds(30);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await leftovers.RemoveAsync(line => log.LogInformation("{Progress}", line), ct);
        return false;
    }
}
