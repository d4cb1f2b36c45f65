namespace Xrm.Formulas.Parsing;

/// <summary>What a piece of formula text is.</summary>
internal enum TokenKind
{
    Name,
    Number,
    Text,
    Symbol,
    End,
}

/// <summary>One piece of formula text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The characters; for a text literal, its value without quotes.</param>
/// <param name="Position">One-based character at which it starts.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
