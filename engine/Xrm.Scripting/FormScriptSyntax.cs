using Esprima;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Scripting.Sandbox;

namespace Xrm.Scripting;

/// <summary>Looks whether browsers can read a script of a form, before anybody opens one. It reads the edition of 2022 (ECMA-262, 13th edition).</summary>
public static class FormScriptSyntax
{
    private const int LongestSource = 100_000;

    // A browser takes the text as the body of a function; whether a regular expression is right, it says itself.
    private static readonly ParserOptions Options = new() { AllowReturnOutsideFunction = true, RegExpParseMode = RegExpParseMode.Skip, Tolerant = false };

    /// <summary>What is wrong with the script, with its line; null where a browser can read it.</summary>
    public static Problem? Check(FormScript script)
    {
        var lines = SourceLines.Of(script.Text);
        if (lines.Script.Length > LongestSource) return Wrong(script, 0, $"The script is longer than {LongestSource} characters.");
        try
        {
            new JavaScriptParser(Options).ParseScript(lines.Script);
            return null;
        }
        catch (ParserException wrong)
        {
            return Wrong(script, lines.LineOf(wrong.LineNumber, wrong.Column), wrong.Description ?? wrong.Message);
        }
        catch (InsufficientExecutionStackException)
        {
            return Wrong(script, 0, "The script is nested too deeply.");
        }
    }

    private static Problem Wrong(FormScript script, int line, string message) => new("rule_syntax", script.Location with { Line = line }, message,
        BuiltScript.IsSource(script.Name)
            ? "Write it in another way, then run xrm build with the package's folder."
            : "Scripts of forms hold JavaScript up to the edition of 2022, and are one file without import and export.");
}
