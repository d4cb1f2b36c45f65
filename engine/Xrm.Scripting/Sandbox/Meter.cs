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
    // On the thread of somebody else, who has used a part of it.
    private const nuint DeepestSharedStackBytes = 256 * 1024;
    private const int TicksBetweenClocks = 16;
    private nuint _stack;
    private nuint _deepest;
    private long _started;
    private TimeSpan _startedProcessor;
    private long _allocated;
    private int _ticks;
    private int _calls;
    private TimeSpan _waitingTime;
    private CancellationToken _ct;

    public ScriptLimits Limits => limits;

    /// <summary>Begins to measure a run on this thread.</summary>
    /// <param name="waitingTime">Longest run by the clock on the wall; null for the usual.</param>
    /// <param name="isShallow">The thread is none of those that have a deep stack.</param>
    /// <param name="ct">Ends the run.</param>
    public void Begin(TimeSpan? waitingTime, bool isShallow, CancellationToken ct)
    {
        _deepest = isShallow ? DeepestSharedStackBytes : DeepestStackBytes;
        _waitingTime = waitingTime ?? limits.WaitingTime;
        _ct = ct;
        _ticks = 0;
        _calls = 0;
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
        if (_stack - StackPointer() > _deepest)
            throw new LimitReached("rule_recursion_limit", "The script's calls are nested too deeply.");
    }

    /// <summary>Counts a call for other records.</summary>
    public void Call()
    {
        Tick();
        if (++_calls > limits.RecordCalls) throw new LimitReached("rule_call_limit", $"The script asked for other records more than {limits.RecordCalls} times.");
        CheckTime();
    }

    private void CheckTime()
    {
        // Processor time, so that a busy machine does not stop an honest script; the clock on the wall, so that nobody waits for ever.
        if (ThreadClock.Now() - _startedProcessor > limits.Time || Stopwatch.GetElapsedTime(_started) > _waitingTime)
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
