using System.Reflection;
using System.Text;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Tests.Schemas;

namespace Xrm.Metadata.Tests.Documentation;

/// <summary>Writes the problem codes of metadata as a page for people.</summary>
internal static class ProblemReference
{
    private const string Head = """
        # Problem codes

        Every mistake in a package is reported with a code, its file, line and JSON path, what is wrong and what would be right. All
        mistakes are reported at once, and a package with one changes nothing. A code is never used for anything else.

        This page is made from `engine/Xrm.Metadata/Checking/ProblemCodes.cs`. Mistakes in formulas are in the
        [formula reference](formulas.md).

        | code | meaning |
        | --- | --- |

        """;

    public static string Write(Docstrings docs)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        var codes = typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => (string)field.GetRawConstantValue()!, field => field.Name);
        foreach (var (code, name) in codes.OrderBy(code => code.Key, StringComparer.Ordinal))
            page.Append($"| `{code}` | {docs.Of(typeof(ProblemCodes), name)} |\n");
        return page.ToString();
    }
}
