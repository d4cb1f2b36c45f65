namespace Xrm.Scripting;

/// <summary>Notes what one run of a script does, also where it ends with an error. Such a run is much slower than others.</summary>
public sealed class ScriptTrace
{
    private readonly SortedDictionary<int, int> _lines = [];

    /// <summary>How many statements were run.</summary>
    public int Statements { get; private set; }

    /// <summary>How often each line of the author's file was come to, by one-based line.</summary>
    public IReadOnlyDictionary<int, int> Lines => _lines;

    /// <summary>What the script logged.</summary>
    public List<ScriptLogLine> Log { get; } = [];

    /// <summary>Notes a statement.</summary>
    internal void Step(int line)
    {
        Statements++;
        if (line > 0) _lines[line] = _lines.GetValueOrDefault(line) + 1;
    }
}

/// <summary>A line that a script wrote with <c>log</c>.</summary>
/// <param name="Line">One-based line of the author's file that wrote it; 0 where it is not known.</param>
/// <param name="Text">The text.</param>
public readonly record struct ScriptLogLine(int Line, string Text);
