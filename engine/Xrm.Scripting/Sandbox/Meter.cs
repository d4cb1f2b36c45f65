using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Measures one run against its limits. Jint 2 has no limit for memory and checks time between statements only, so the
/// instrumented script and the guarded built-ins report here: at each turn of a loop, each call, each text that grows.
/// </summary>
internal sealed class Meter(ScriptLimits limits, CancellationToken ct)
{
    // Far below the size of the stack: an exception takes seconds to unwind tens of megabytes of frames.
    private const nuint DeepestStackBytes = 2 * 1024 * 1024;
    private readonly nuint _stack = StackPointer();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly long _allocated = GC.GetAllocatedBytesForCurrentThread();

    public ScriptLimits Limits => limits;

    public void Tick()
    {
        ct.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_started) > limits.Time) throw TimeReached();
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > limits.MemoryBytes)
            throw new LimitReached("rule_memory_limit", $"The script used more than {limits.MemoryBytes / (1024 * 1024)} MiB of memory.");
        if (_stack - StackPointer() > DeepestStackBytes)
            throw new LimitReached("rule_recursion_limit", "The script's calls are nested too deeply.");
    }

    public LimitReached TimeReached() => new("rule_time_limit", $"The script ran longer than {limits.Time.TotalMilliseconds:0} ms.");

    public TimeSpan Remaining
    {
        get
        {
            var left = limits.Time - Stopwatch.GetElapsedTime(_started);
            return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        }
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
