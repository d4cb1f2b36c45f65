namespace Xrm.Server.Features.Jobs;

/// <summary>Removes what is kept for a while only. Runs on every node; what one is at, others leave alone.</summary>
internal interface ICleanUp
{
    /// <summary>What it removes, in the plural, for the log.</summary>
    string What { get; }

    /// <summary>Removes a portion.</summary>
    /// <returns>True where there may be more.</returns>
    Task<bool> RunAsync(CancellationToken ct);
}

/// <summary>Rows of a table that go when they are old.</summary>
/// <param name="what">What they are, in the plural.</param>
/// <param name="kept">How long they stay; zero for ever.</param>
/// <param name="forget">Removes at most so many of those from before a UTC time, and gives their number.</param>
/// <param name="time">The clock.</param>
internal sealed class OldRows(string what, TimeSpan kept, Func<DateTime, int, CancellationToken, Task<int>> forget, TimeProvider time) : ICleanUp
{
    private const int AtATime = 1_000;

    public string What => what;

    public async Task<bool> RunAsync(CancellationToken ct) => kept > TimeSpan.Zero && await forget(time.GetUtcNow().UtcDateTime - kept, AtATime, ct) == AtATime;
}

/// <summary>Runs all clean-ups in turns, portion by portion: one that has much to do, or fails, keeps none of the others waiting.</summary>
internal sealed class CleanUp(IEnumerable<ICleanUp> cleanUps, TimeProvider time, ILogger<CleanUp> log) : BackgroundLoop(time, log)
{
    private readonly ILogger _log = log;

    protected override TimeSpan IdlePause => TimeSpan.FromMinutes(10);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var hasMore = false;
        foreach (var cleanUp in cleanUps) hasMore |= await RunAsync(cleanUp, ct);
        return hasMore;
    }

    private async Task<bool> RunAsync(ICleanUp cleanUp, CancellationToken ct)
    {
        try
        {
            return await cleanUp.RunAsync(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            _log.LogError(exception, "The clean-up of {What} failed. It is tried again in {Pause}.", cleanUp.What, IdlePause);
            return false;
        }
    }
}
