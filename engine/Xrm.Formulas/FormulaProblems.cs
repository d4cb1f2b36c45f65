using Xrm.Metadata;

namespace Xrm.Formulas;

/// <summary>Codes of the mistakes that formulas can have. Documented in docs/reference/formulas.md, never reused.</summary>
public static class FormulaProblems
{
    /// <summary>The text is not an expression of the formula language.</summary>
    public const string Syntax = "formula_syntax";

    /// <summary>A name that the record does not have.</summary>
    public const string UnknownName = "formula_unknown_name";

    /// <summary>A function that the language does not have.</summary>
    public const string UnknownFunction = "formula_unknown_function";

    /// <summary>A constant that is not among the options of the choice field that it is compared with.</summary>
    public const string UnknownOption = "formula_unknown_option";

    /// <summary>A value of a kind that does not fit.</summary>
    public const string Kind = "formula_kind";

    /// <summary>Something that cannot be asked in this place.</summary>
    public const string Use = "formula_use";

    /// <summary>Computed fields that need one another.</summary>
    public const string Cycle = "formula_cycle";

    /// <summary>A rollup over values that change without the counted record being saved.</summary>
    public const string Rollup = "formula_rollup";

    /// <summary>A formula that becomes too large with those of the computed fields that it asks for.</summary>
    public const string Size = "formula_size";

    internal static Problem At(SourceLocation location, string text, int position, string code, string message, string remedy) =>
        new(code, location, $"{message} (Character {position} of: {Shown(text)})", remedy);

    private static string Shown(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
