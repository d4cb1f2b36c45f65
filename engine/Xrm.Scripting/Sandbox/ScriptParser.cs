using Jint.Parser;
using Jint.Parser.Ast;

namespace Xrm.Scripting.Sandbox;

/// <summary>Parses a script into a program that reports to the <see cref="Meter"/>. A program holds nothing of a run and may serve many at once.</summary>
internal static class ScriptParser
{
    // A function around the script allows "return" at its top level. It opens on the author's first line, so that lines stay right.
    private const string Head = "(function(){\"use strict\";";
    private const string Tail = "\n})();";

    public static ParsedScript Rule(string script) => new(Instrumentation.Apply(Parse($"{Head}{script}{Tail}")), GuardedEngine.NeedsPrelude(script));

    public static Program Library(string script) => Instrumentation.Apply(Parse(script));

    /// <summary>The words of a rule's script, in order.</summary>
    public static List<ScriptWord> Words(string script) =>
        [.. Parse($"{Head}{script}{Tail}", withWords: true).Tokens.Select(word => new ScriptWord(Text(word), word.Type == Tokens.StringLiteral, word.Location.Start.Line))];

    private static string Text(Token word) => word.Value?.ToString() is not { } text ? "" : word.Type == Tokens.StringLiteral && text is ['\'' or '"', .., _] ? text[1..^1] : text;

    private static Program Parse(string source, bool withWords = false) => new JavaScriptParser(true).Parse(source, new ParserOptions { Tokens = withWords, Comment = false, Tolerant = false });
}

/// <summary>A script that is ready to run.</summary>
/// <param name="Program">The instrumented program.</param>
/// <param name="NeedsPrelude">It names something that the prelude adds.</param>
internal sealed record ParsedScript(Program Program, bool NeedsPrelude);
