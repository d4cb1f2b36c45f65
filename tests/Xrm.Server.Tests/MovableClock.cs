namespace Xrm.Server.Tests;

/// <summary>The real clock, which a test can put forward; timers go by the real one.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long _forward;

    /// <summary>Puts it forward.</summary>
    public void Move(TimeSpan by) => Interlocked.Add(ref _forward, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _forward));
}
