using System.Collections.Immutable;
using System.Text;

namespace Xrm.Formulas.Parsing;

/// <summary>Cuts formula text into tokens.</summary>
internal sealed class Lexer
{
    // Longest first: "===" must not be read as "==" and "=".
    private static readonly ImmutableArray<string> Symbols =
        ["===", "!==", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "+", "-", "*", "/", "%", "<", ">", "!", "?", ":", ".", ",", "(", ")", "[", "]"];

    private readonly string _text;
    private int _at;

    private Lexer(string text) => _text = text;

    public static ImmutableArray<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = ImmutableArray.CreateBuilder<Token>();
        do tokens.Add(lexer.Next()); while (tokens[^1].Kind != TokenKind.End);
        return tokens.ToImmutable();
    }

    private Token Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        if (_at == _text.Length) return new(TokenKind.End, "", _at + 1);
        var first = _text[_at];
        if (char.IsAsciiLetter(first) || first is '_' or '$') return Name();
        if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))) return Number();
        return first is '\'' or '"' ? Quoted(first) : Symbol();
    }

    private Token Name()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$')) _at++;
        return new(TokenKind.Name, _text[start.._at], start + 1);
    }

    private Token Number()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at < _text.Length && _text[_at] == '.') _at++;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
            throw new FormulaSyntaxException(start + 1, $"'{_text[start..(_at + 1)]}' is not a number.", "Write numbers as digits with a point, such as 1200.5.");
        return new(TokenKind.Number, _text[start.._at], start + 1);
    }

    private Token Quoted(char quote)
    {
        var start = _at++;
        var value = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
            value.Append(_text[_at] == '\\' ? Escaped(start) : _text[_at++]);
        if (_at == _text.Length) throw new FormulaSyntaxException(start + 1, "The text is not closed.", $"End it with {quote}.");
        _at++;
        return new(TokenKind.Text, value.ToString(), start + 1);
    }

    private char Escaped(int start)
    {
        var escape = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        _at += 2;
        switch (escape)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case '\\' or '\'' or '"': return escape;
            case 'u' when _at + 4 <= _text.Length && ushort.TryParse(_text.AsSpan(_at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code) && code != 0:
                _at += 4;
                return (char)code;
            default:
                throw new FormulaSyntaxException(start + 1, "The text has an unknown escape.", @"Known are \n, \t, \\, \', \"" and \u0000 with four hexadecimal digits.");
        }
    }

    private Token Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            return new(TokenKind.Symbol, symbol, _at - symbol.Length + 1);
        }
        throw new FormulaSyntaxException(_at + 1, $"'{_text[_at]}' has no meaning here.", _text[_at] switch
        {
            '=' => "Compare with ==.",
            '&' => "Write && for 'and'.",
            '|' => "Write || for 'or'.",
            '`' => "Put text in ' or \", and join texts with + or concat().",
            _ => "Remove it.",
        });
    }
}
