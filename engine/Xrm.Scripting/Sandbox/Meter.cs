using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Measures runs, one after the other, each against its limits. Jint 2 has no limit for memory and checks time between statements only, so the
/// instrumented script and the guarded built-ins report here: at each turn of a loop, each call, each text that grows.
/// </summary>
internal sealed class Meter(ScriptLimits limits)
{
    // Far below the size of the stack: an exception takes seconds to unwind tens of megabytes of frames.
    private const nuint DeepestStackBytes = 2 * 1024 * 1024;
    private const int TicksBetweenClocks = 16;
    private nuint _stack;
    private long _started;
    private TimeSpan _startedProcessor;
    private long _allocated;
    private int _ticks;
    private CancellationToken _ct;

    public ScriptLimits Limits => limits;

    /// <summary>Begins to measure a run on this thread.</summary>
    public void Begin(CancellationToken ct)
    {
        _ct = ct;
        _ticks = 0;
        _stack = StackPointer();
        _started = Stopwatch.GetTimestamp();
        _startedProcessor = ThreadClock.Now();
        _allocated = GC.GetAllocatedBytesForCurrentThread();
    }

    public void Tick()
    {
        _ct.ThrowIfCancellationRequested();
        if (++_ticks % TicksBetweenClocks == 0) CheckTime();
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > limits.MemoryBytes)
            throw new LimitReached("rule_memory_limit", $"The script used more than {limits.MemoryBytes / (1024 * 1024)} MiB of memory.");
        if (_stack - StackPointer() > DeepestStackBytes)
            throw new LimitReached("rule_recursion_limit", "The script's calls are nested too deeply.");
    }

    private void CheckTime()
    {
        // Processor time, so that a busy machine does not stop an honest script; the clock on the wall, so that nobody waits for ever.
        if (ThreadClock.Now() - _startedProcessor > limits.Time || Stopwatch.GetElapsedTime(_started) > limits.WaitingTime)
            throw new LimitReached("rule_time_limit", $"The script ran longer than {limits.Time.TotalMilliseconds:0} ms.");
    }

    public void Text(long length)
    {
        if (length > limits.TextLength)
            throw new LimitReached("rule_memory_limit", $"The script made a text of more than {limits.TextLength} characters.");
    }

    public void Elements(double length)
    {
        if (length > limits.ArrayLength)
            throw new LimitReached("rule_memory_limit", $"The script made a list of more than {limits.ArrayLength} elements.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe nuint StackPointer()
    {
        byte here;
        return (nuint)(&here);
    }
}
