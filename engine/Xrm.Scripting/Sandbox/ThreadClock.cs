using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Xrm.Scripting.Sandbox;

/// <summary>Processor time of the current thread; where the system does not tell it, the time on the wall.</summary>
internal static partial class ThreadClock
{
    private const int LinuxThreadClock = 3;

    public static TimeSpan Now()
    {
        if (OperatingSystem.IsLinux() && ReadClock(LinuxThreadClock, out var time) == 0)
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        return TimeSpan.FromSeconds((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
