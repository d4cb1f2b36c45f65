using System.Globalization;
using Xrm.Data.Errors;

namespace Xrm.Server.OData;

/// <summary>Cuts the text of one query option into tokens without copying it.</summary>
internal ref struct QueryLexer
{
    private const int UuidLength = 36;
    private readonly ReadOnlySpan<char> _text;
    private readonly string _option;
    private int _next;

    /// <summary>Stands at the first token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that it belongs to, for errors.</param>
    /// <param name="aliases">Expressions that stand elsewhere in the URL, by names such as <c>@p</c>.</param>
    public QueryLexer(ReadOnlySpan<char> text, string option, IReadOnlyDictionary<string, string>? aliases = null)
    {
        _text = text;
        _option = option;
        Aliases = aliases;
        Read();
    }

    /// <summary>Expressions that stand elsewhere in the URL; null where there are none.</summary>
    public IReadOnlyDictionary<string, string>? Aliases { get; }

    /// <summary>The current token.</summary>
    public QueryToken Token { get; private set; }

    /// <summary>Index of the current token's first character.</summary>
    public int Start { get; private set; }

    /// <summary>Position of the current token as people count.</summary>
    public readonly int Position => Start + 1;

    /// <summary>The current token's characters.</summary>
    public readonly ReadOnlySpan<char> Span => _text[Start.._next];

    /// <summary>The option's whole text.</summary>
    public readonly ReadOnlySpan<char> Text => _text;

    /// <summary>The option that the text belongs to, for errors.</summary>
    public readonly string Option => _option;

    /// <summary>True where the token after this one is one of the words, with a parenthesis behind it unless it begins with a dollar sign.</summary>
    public readonly bool IsBefore(params ReadOnlySpan<string> words)
    {
        var ahead = this;
        ahead.Read();
        foreach (var word in words)
        {
            if (!ahead.Is(word)) continue;
            if (word[0] == '$') return true;
            ahead.Read();
            return ahead.Token == QueryToken.Open;
        }
        return false;
    }

    /// <summary>True where the token after this one is an opening parenthesis.</summary>
    public readonly bool IsBeforeOpen()
    {
        var ahead = this;
        ahead.Read();
        return ahead.Token == QueryToken.Open;
    }

    /// <summary>True where the current token is that word, in capitals or not, as OData 4.01 says of keywords. Names are compared exactly.</summary>
    public readonly bool Is(string word) => Token == QueryToken.Word && Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the current token means where it is one of the words; null where it is none of them.</summary>
    public readonly T? Find<T>(ReadOnlySpan<(string Word, T Meaning)> words) where T : struct
    {
        foreach (var (word, meaning) in words)
            if (Is(word)) return meaning;
        return null;
    }

    /// <summary>Goes on where the current token is that one.</summary>
    public bool Skip(QueryToken token)
    {
        if (Token != token) return false;
        Read();
        return true;
    }

    /// <summary>Goes on; fails where the current token is another.</summary>
    public void Require(QueryToken token, string expected)
    {
        if (!Skip(token)) throw Expected(expected);
    }

    /// <summary>The current word, and goes on.</summary>
    public string RequireWord(string expected)
    {
        if (Token != QueryToken.Word || Span[0] == '$') throw Expected(expected);
        var word = Span.ToString();
        Read();
        return word;
    }

    /// <summary>Goes to the next token.</summary>
    public void Read()
    {
        while (_next < _text.Length && _text[_next] is ' ' or '\t') _next++;
        Start = _next;
        if (_next == _text.Length)
        {
            Token = QueryToken.End;
            return;
        }
        Token = ReadToken(_text[_next]);
    }

    /// <summary>An error at the current token.</summary>
    public readonly XrmException Expected(string expected)
    {
        var found = Token == QueryToken.End ? "it ends" : $"there is '{Shorten(Span)}'";
        return QueryErrors.NotUnderstood($"{_option}, character {Position}: expected {expected}, but {found}.");
    }

    /// <summary>An error at the current token that says more than what was expected.</summary>
    public readonly XrmException Wrong(string message) => QueryErrors.NotUnderstood($"{_option}, character {Position}: {message}");

    private QueryToken ReadToken(char first)
    {
        if (IsUuid()) return Take(UuidLength, QueryToken.Uuid);
        if (char.IsAsciiDigit(first) || (first == '-' && _next + 1 < _text.Length && char.IsAsciiDigit(_text[_next + 1]))) return TakeNumber();
        if (char.IsLetter(first) || first is '_' or '$' or '@') return TakeWord();
        return first switch
        {
            '\'' => TakeText(),
            '(' => Take(1, QueryToken.Open),
            ')' => Take(1, QueryToken.Close),
            ',' => Take(1, QueryToken.Comma),
            '/' => Take(1, QueryToken.Slash),
            ';' => Take(1, QueryToken.Semicolon),
            '=' => Take(1, QueryToken.Equals),
            '*' => Take(1, QueryToken.Star),
            ':' => Take(1, QueryToken.Colon),
            '-' => Take(1, QueryToken.Minus),
            _ => throw Wrong($"the sign '{(char.IsControl(first) || char.IsSurrogate(first) ? $"U+{(int)first:X4}" : first.ToString())}' has no meaning here. Texts stand in single quotes."),
        };
    }

    private QueryToken Take(int length, QueryToken token)
    {
        _next += length;
        return token;
    }

    private QueryToken TakeWord()
    {
        while (_next < _text.Length && IsWordPart(_text[_next])) _next++;
        if (_next == _text.Length || _text[_next] != '\'' || !Span.Equals("duration", StringComparison.OrdinalIgnoreCase)) return QueryToken.Word;
        TakeText();
        return QueryToken.Duration;
    }

    private QueryToken TakeNumber()
    {
        _next++;
        while (_next < _text.Length && (char.IsAsciiLetterOrDigit(_text[_next]) || _text[_next] is '.' or '-' or '+' || IsInTime())) _next++;
        return QueryToken.Number;
    }

    /// <summary>A colon belongs to a time where two digits follow and no longer number stands before it; else to <c>case</c>.</summary>
    private readonly bool IsInTime() => _text[_next] == ':' && _next + 2 < _text.Length && char.IsAsciiDigit(_text[_next + 1]) && char.IsAsciiDigit(_text[_next + 2])
        && (_next - Start <= 2 || Span.ContainsAnyExceptInRange('0', '9'));

    private QueryToken TakeText()
    {
        for (_next++; _next < _text.Length; _next++)
        {
            if (_text[_next] != '\'') continue;
            _next++;
            if (_next == _text.Length || _text[_next] != '\'') return QueryToken.Text;
        }
        throw Wrong("the text that begins here has no closing quote. A quote inside a text is written twice.");
    }

    private readonly bool IsUuid()
    {
        var rest = _text[_next..];
        return rest.Length >= UuidLength && rest[8] == '-' && char.IsAsciiHexDigit(rest[0])
            && Guid.TryParseExact(rest[..UuidLength], "D", out _)
            && (rest.Length == UuidLength || !IsWordPart(rest[UuidLength]));
    }

    private static bool IsWordPart(char sign) => char.IsLetterOrDigit(sign) || sign is '_' or '.' or '$' or '@';

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : string.Create(CultureInfo.InvariantCulture, $"{text[..40]}…");
}
