using System.Buffers;

namespace Xrm.Data.Queries;

/// <summary>Keeps spreadsheets from running a text of CSV as a formula: an apostrophe stands before it, and goes again when the text comes back.</summary>
public static class CsvGuard
{
    /// <summary>What stands before a guarded text.</summary>
    public const char Mark = '\'';

    /// <summary>First characters of formulas, and those that spreadsheets skip before one (OWASP, "CSV Injection"); their wide forms count as well.</summary>
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n＝＋－＠");

    /// <summary>Whether a text needs the mark. One that looks guarded already gets another, so that none is lost on the way back.</summary>
    /// <param name="text">The text.</param>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        var rest = text.TrimStart(Mark);
        return rest.Length > 0 && Formula.Contains(rest[0]);
    }

    /// <summary>The text as it was before it was guarded; others as they are.</summary>
    /// <param name="text">A text that an export may have guarded.</param>
    public static string Remove(string text) => text.Length > 1 && text[0] == Mark && IsNeeded(text) ? text[1..] : text;
}
