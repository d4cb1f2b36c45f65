namespace Xrm.Server.Features.Jobs;

/// <summary>When to try again what failed.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(8),
    ];

    /// <summary>The pause before the last try.</summary>
    public static TimeSpan LongestPause => Pauses[^1];

    /// <summary>Pause after the given number of failed tries (1 for the first); null where it is time to give up.</summary>
    public static TimeSpan? PauseAfter(int failedTries) => failedTries <= Pauses.Length ? Pauses[failedTries - 1] : null;
}
