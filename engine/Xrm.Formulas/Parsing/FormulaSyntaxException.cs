namespace Xrm.Formulas.Parsing;

/// <summary>The text is not a formula. Caught where a formula is bound and turned into a problem.</summary>
internal sealed class FormulaSyntaxException(int position, string message, string remedy) : Exception(message)
{
    public int Position { get; } = position;

    public string Remedy { get; } = remedy;
}
