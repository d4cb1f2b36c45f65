using Jint.Parser;
using Jint.Parser.Ast;

namespace Xrm.Scripting.Sandbox;

/// <summary>Parses a script into a program that reports to the <see cref="Meter"/>. A program holds nothing of a run and may serve many at once.</summary>
internal static class ScriptParser
{
    // A function around the script allows "return" at its top level. It opens on the author's first line, so that lines stay right.
    private const string Head = "(function(){\"use strict\";";
    private const string Tail = "\n})();";

    public static ParsedScript Rule(string script)
    {
        var lines = SourceLines.Of(script);
        var program = Parse($"{Head}{lines.Script}{Tail}", withWords: true);
        var isShallow = ShallowScripts.Has(program.Tokens);
        program.Tokens = null;
        return new(Instrumentation.Apply(program), GuardedEngine.NeedsPrelude(lines.Script), isShallow, lines);
    }

    /// <summary>True for what stands before the author's first statement.</summary>
    public static bool IsHead(Statement statement) => statement.Location.Start is { Line: 1, Column: var column } && column < Head.Length;

    public static Program Library(string script) => Instrumentation.Apply(Parse(script));

    /// <summary>One-based line of the author's file at which a script last sets a property of <c>record</c>; 0 where it does so in a way that cannot be seen.</summary>
    public static int LineOfChange(string script, string property)
    {
        var words = ScriptWords.Of(script);
        for (var index = words.Count - 4; index >= 0; index--)
        {
            if (words[index] is not { Text: "record", IsText: false } || words[index + 2].Text != property) continue;
            var next = words[index + 2].IsText ? index + 4 : index + 3;
            if (next < words.Count && words[next] is { IsText: false, Text: "=" or "+=" or "-=" or "*=" or "/=" or "%=" or "++" or "--" }) return words[index].Line;
        }
        return 0;
    }

    private static Program Parse(string source, bool withWords = false) => new JavaScriptParser(true).Parse(source, new ParserOptions { Tokens = withWords, Comment = false, Tolerant = false });
}

/// <summary>A script that is ready to run.</summary>
/// <param name="Program">The instrumented program.</param>
/// <param name="NeedsPrelude">It names something that the prelude adds.</param>
/// <param name="IsShallow">It needs neither a deep stack nor its host: see <see cref="ShallowScripts"/>.</param>
/// <param name="Lines">Lines of the file that the author wrote.</param>
internal sealed record ParsedScript(Program Program, bool NeedsPrelude, bool IsShallow, SourceLines Lines);
