using Esprima;
using Esprima.Ast;

namespace Xrm.Scripting.Sandbox;

/// <summary>The words of a script, up to the JavaScript edition of 2022: scripts of forms are for browsers.</summary>
internal static class ScriptWords
{
    private static readonly ParserOptions Options = new() { Tokens = true, AllowReturnOutsideFunction = true, RegExpParseMode = RegExpParseMode.Skip };

    /// <summary>The words in order, without comments and the texts of templates, with the lines of the file that the author wrote. None where the script cannot be read.</summary>
    public static IReadOnlyList<ScriptWord> Of(string script)
    {
        var lines = SourceLines.Of(script);
        try
        {
            var words = new JavaScriptParser(Options).ParseScript(lines.Script).Tokens ?? [];
            return [.. words.Where(word => !IsPartOfTemplate(word)).Select(word => Word(word, lines.LineOf(word.Location.Start.Line, word.Location.Start.Column)))];
        }
        catch (Exception unreadable) when (unreadable is ParserException or InsufficientExecutionStackException)
        {
            return [];
        }
    }

    private static ScriptWord Word(SyntaxToken word, int line)
    {
        var isText = word.Type is TokenType.StringLiteral or TokenType.Template;
        return new ScriptWord(isText ? word.Value[1..^1] : word.Value, isText, line);
    }

    private static bool IsPartOfTemplate(SyntaxToken word) => word.Type == TokenType.Template && !(word.Value is ['`', .., '`'] && word.Value.Length > 1);
}

/// <summary>A word of a script.</summary>
/// <param name="Text">The word; the content of a text.</param>
/// <param name="IsText">A text in quotes.</param>
/// <param name="Line">One-based line.</param>
internal readonly record struct ScriptWord(string Text, bool IsText, int Line);
