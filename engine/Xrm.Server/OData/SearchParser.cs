using System.Collections.Immutable;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>
/// Understands <c>$search</c>: words and phrases in double quotes, with <c>AND</c> (or nothing) between them, <c>OR</c>, <c>NOT</c> before
/// one, and parentheses (OData 4.01 part 2, 5.1.7). What people type on the way to that is understood as far as it goes: a quote without its
/// end ends with the text, and operators and parentheses that lead nowhere are left out.
/// </summary>
internal ref struct SearchParser
{
    private ReadOnlySpan<char> _rest;
    private int _words;
    private int _depth;

    private SearchParser(ReadOnlySpan<char> text) => _rest = text;

    /// <summary>Reads the text of a search; null where it names no word.</summary>
    /// <param name="text">The decoded text.</param>
    /// <exception cref="Xrm.Data.Errors.XrmException">400: too long, too many words, or a character that no text can have.</exception>
    public static SearchNode? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > QueryLimits.SearchLength) throw QueryErrors.TooLarge($"$search may have {QueryLimits.SearchLength} characters.");
        if (!LiteralParser.IsStorable(text)) throw QueryErrors.NotUnderstood("$search contains a character that no text can have (U+0000, or half of a surrogate pair).");
        var parser = new SearchParser(text);
        var parts = ImmutableArray.CreateBuilder<SearchNode>();
        // A parenthesis too many ends nothing.
        while (parser.SkipSpace())
        {
            if (parser.ReadAny() is { } part) parts.Add(part);
            parser.Skip(')');
        }
        return Group(true, parts);
    }

    private SearchNode? ReadAny()
    {
        var parts = ImmutableArray.CreateBuilder<SearchNode>();
        do
        {
            if (ReadAll() is { } part) parts.Add(part);
        }
        while (SkipOperator("OR"));
        return Group(false, parts);
    }

    private SearchNode? ReadAll()
    {
        var parts = ImmutableArray.CreateBuilder<SearchNode>();
        while (SkipSpace() && _rest[0] != ')' && !IsOperator("OR"))
        {
            if (SkipOperator("AND")) continue;
            if (ReadOne() is { } part && !parts.Contains(part)) parts.Add(part);
        }
        return Group(true, parts);
    }

    private SearchNode? ReadOne()
    {
        var isExcluded = false;
        while (SkipOperator("NOT")) isExcluded = !isExcluded;
        if (!SkipSpace() || _rest[0] == ')') return null;
        var operand = Skip('(') ? ReadGroup() : Skip('"') ? ReadPhrase() : ReadWord();
        return isExcluded && operand is not null ? new SearchNot(operand) : operand;
    }

    private SearchNode? ReadGroup()
    {
        if (++_depth > QueryLimits.Depth) throw QueryErrors.TooLarge($"$search may have {QueryLimits.Depth} parentheses inside one another.");
        var group = ReadAny();
        Skip(')');
        _depth--;
        return group;
    }

    private SearchWord? ReadPhrase()
    {
        var end = _rest.IndexOf('"');
        var phrase = (end < 0 ? _rest : _rest[..end]).Trim();
        _rest = end < 0 ? [] : _rest[(end + 1)..];
        return phrase.IsEmpty ? null : Count(new SearchWord(phrase.ToString(), IsPhrase: true));
    }

    private SearchWord ReadWord()
    {
        var length = 0;
        while (length < _rest.Length && !char.IsWhiteSpace(_rest[length]) && _rest[length] is not ('"' or '(' or ')')) length++;
        var word = _rest[..length].ToString();
        _rest = _rest[length..];
        return Count(new SearchWord(word, IsPhrase: false));
    }

    private SearchWord Count(SearchWord word) =>
        ++_words > QueryLimits.SearchWords ? throw QueryErrors.TooLarge($"$search may have {QueryLimits.SearchWords} words.") : word;

    private bool SkipSpace()
    {
        _rest = _rest.TrimStart();
        return !_rest.IsEmpty;
    }

    private bool Skip(char sign)
    {
        if (!SkipSpace() || _rest[0] != sign) return false;
        _rest = _rest[1..];
        return true;
    }

    private bool SkipOperator(string name)
    {
        if (!IsOperator(name)) return false;
        _rest = _rest[name.Length..];
        return true;
    }

    /// <summary>In capitals and alone: small ones are words.</summary>
    private bool IsOperator(string name) =>
        SkipSpace() && _rest.StartsWith(name, StringComparison.Ordinal) && (_rest.Length == name.Length || char.IsWhiteSpace(_rest[name.Length]) || _rest[name.Length] is '"' or '(' or ')');

    private static SearchNode? Group(bool all, ImmutableArray<SearchNode>.Builder parts) =>
        parts.Count switch { 0 => null, 1 => parts[0], _ => new SearchGroup(all, parts.ToImmutable()) };
}
