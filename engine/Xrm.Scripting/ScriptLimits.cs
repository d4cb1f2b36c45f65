namespace Xrm.Scripting;

/// <summary>What one run of a script may use. Reaching any of them ends the run with a <see cref="ScriptException"/>.</summary>
public sealed record ScriptLimits
{
    /// <summary>Most processor time of a run.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest run by the clock on the wall, should the machine be busy.</summary>
    public TimeSpan WaitingTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most statements executed.</summary>
    public int Statements { get; init; } = 200_000;

    /// <summary>Deepest nesting of calls of one function in itself.</summary>
    public int Recursion { get; init; } = 200;

    /// <summary>Most bytes allocated during the run, freed ones included.</summary>
    public long MemoryBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Longest text, in UTF-16 units.</summary>
    public int TextLength { get; init; } = 1_000_000;

    /// <summary>Most elements of one array.</summary>
    public int ArrayLength { get; init; } = 100_000;

    /// <summary>Most calls for other records.</summary>
    public int RecordCalls { get; init; } = 100;

    /// <summary>Longest source of a script, in UTF-16 units.</summary>
    public int SourceLength { get; init; } = 100_000;
}
