namespace Xrm.Scripting.Sandbox;

/// <summary>How far a run is, as its thread tells those who wait for it.</summary>
/// <param name="untilEnd">Cancelled when the run has no time left, or nobody waits for it any more.</param>
/// <param name="caller">Cancelled when nobody waits for it any more.</param>
internal sealed class RunProgress(CancellationToken untilEnd, CancellationToken caller)
{
    private volatile bool _isAtHost;

    /// <summary>Cancelled when the run has no time left, or nobody waits for it any more.</summary>
    public CancellationToken UntilEnd => untilEnd;

    /// <summary>Cancelled when nobody waits for it any more.</summary>
    public CancellationToken Caller => caller;

    /// <summary>It waits for its host.</summary>
    public bool IsAtHost
    {
        get => _isAtHost;
        set => _isAtHost = value;
    }

    /// <summary>It was ended because it took too long.</summary>
    public bool IsOutOfTime => untilEnd.IsCancellationRequested && !caller.IsCancellationRequested;
}
