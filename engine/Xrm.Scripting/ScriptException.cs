using Xrm.Metadata.Compiled;

namespace Xrm.Scripting;

/// <summary>A script went wrong or reached a limit: a mistake of the rule's author, not of the person who saves.</summary>
/// <param name="code">Stable code: <c>rule_syntax</c>, <c>rule_error</c>, <c>rule_value</c>, <c>rule_time_limit</c>, <c>rule_statement_limit</c>, <c>rule_recursion_limit</c>, <c>rule_memory_limit</c>.</param>
/// <param name="script">The script.</param>
/// <param name="line">One-based line of the file that the author wrote; 0 where it is not known.</param>
/// <param name="message">What happened, for the author.</param>
/// <param name="inner">The cause, for the log.</param>
public sealed class ScriptException(string code, Script script, int line, string message, Exception? inner = null)
    : Exception(line > 0
        ? $"{script}, line {line} of {script.Location.File}: {message}"
        : $"{script} ({script.Location.File}): {message}", inner)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>The script.</summary>
    public Script Script { get; } = script;

    /// <summary>One-based line of the file that the author wrote; 0 where it is not known.</summary>
    public int Line { get; } = line;

    /// <summary>What happened, without script and line.</summary>
    public string Reason { get; } = message;
}
