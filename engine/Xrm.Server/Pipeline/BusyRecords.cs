using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline;

/// <summary>
/// Two transactions that wait for each other: the database ends one, which is tried again. Such meetings cannot be ruled out: a save of a record with
/// its children locks the record first, and one of a child the child.
/// </summary>
internal static class BusyRecords
{
    /// <summary>So often is a transaction tried.</summary>
    private const int MostTries = 10;

    private const string Code = "record_busy";

    /// <summary>After this time, who waited for long may try again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>The refusal of what has waited for long already, so that it is not tried again by itself.</summary>
    /// <param name="message">What is busy, and what to do.</param>
    public static XrmException HeldFor(string message) => new(Code, 503, message) { RetryAfter = Pause };

    /// <summary>Whether others came in between, who may be gone in a moment.</summary>
    public static bool HaveMet(XrmException refused) => refused is { Code: Code, RetryAfter: null };

    /// <summary>Whether a transaction was ended because of others, and may be tried again.</summary>
    /// <param name="refused">What ended it.</param>
    /// <param name="tried">How often it was tried.</param>
    public static bool MayTryAgain(XrmException refused, int tried) => tried < MostTries && HaveMet(refused);

    /// <summary>Waits for the others to end, of several each for a time of its own.</summary>
    public static Task PauseAsync(int tried, TimeProvider time, CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50) * tried), time, ct);
}
