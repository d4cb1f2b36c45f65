using Xrm.Data.Errors;

namespace Xrm.Server.Features.Data;

/// <summary>
/// Two transactions that wait for each other: the database ends one, which is tried again. Such meetings cannot be ruled out: a save of a record with
/// its children locks the record first, and one of a child the child.
/// </summary>
internal static class BusyRecords
{
    /// <summary>So often is a transaction tried.</summary>
    private const int MostTries = 10;

    /// <summary>Whether a transaction was ended because of others, and may be tried again.</summary>
    /// <param name="refused">What ended it.</param>
    /// <param name="tried">How often it was tried.</param>
    public static bool MayTryAgain(XrmException refused, int tried) => tried < MostTries && refused.Code == "record_busy";

    /// <summary>Waits for the others to end, of several each for a time of its own.</summary>
    public static Task PauseAsync(int tried, TimeProvider time, CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50) * tried), time, ct);
}
