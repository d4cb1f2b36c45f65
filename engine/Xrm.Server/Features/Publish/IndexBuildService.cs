using Xrm.Data;
using Xrm.Data.Publishing;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Publish;

/// <summary>Builds the indexes that a publish left for later, once for each version of the model.</summary>
internal sealed class IndexBuildService(IndexBuilds builds, CurrentModel current, TimeProvider time, ILogger<IndexBuildService> log) : BackgroundLoop(time, log)
{
    private long _done;

    protected override TimeSpan IdlePause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var version = current.Value.Version;
        if (version == _done) return false;
        await builds.RunAsync(line => log.LogInformation("{Progress}", line), ct);
        _done = version;
        return false;
    }
}
