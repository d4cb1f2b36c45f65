using Xrm.Data.Publishing;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Publish;

/// <summary>Keeps the model of this node up to date with publishes of other processes.</summary>
internal sealed class ModelWatchService(ModelWatch watch, TimeProvider time, ILogger<ModelWatchService> log) : BackgroundLoop(time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await watch.RunAsync(ct);
        return false;
    }
}
