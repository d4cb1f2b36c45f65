namespace Xrm.Server.Features.Jobs;

/// <summary>Work in the background that comes in portions: again at once while there is some, after a pause while there is none.</summary>
internal abstract class BackgroundLoop(TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Pause while there is nothing to do.</summary>
    protected virtual TimeSpan IdlePause => TimeSpan.FromSeconds(1);

    /// <summary>Does a portion of work.</summary>
    /// <returns>True where there may be more.</returns>
    protected abstract Task<bool> WorkAsync(CancellationToken ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await WorkSafelyAsync(stoppingToken);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> WorkSafelyAsync(CancellationToken ct)
    {
        try
        {
            return await WorkAsync(ct) ? TimeSpan.Zero : IdlePause;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // The loop must outlive a database that is away for a while; what it left undone is still in its table.
            log.LogError(exception, "{Loop} failed and goes on in {Pause}.", GetType().Name, AfterFailure);
            return AfterFailure;
        }
    }
}
