using System.Collections.Immutable;
using System.Globalization;

namespace Xrm.Formulas.Parsing;

/// <summary>Reads the JavaScript expressions that are formulas, with JavaScript's precedence.</summary>
internal sealed class Parser
{
    /// <summary>Longest formula, in characters.</summary>
    public const int MaxLength = 4000;

    /// <summary>Deepest nesting: what people write stays far below, and no text can exhaust the stack.</summary>
    private const int MaxDepth = 60;

    private static readonly ImmutableArray<ImmutableArray<string>> Levels =
        [["??"], ["||"], ["&&"], ["==", "!=", "===", "!=="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];

    private readonly ImmutableArray<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(ImmutableArray<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_at];

    /// <exception cref="FormulaSyntaxException">The text is not a formula.</exception>
    public static Syntax Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new FormulaSyntaxException(1, $"The formula has {text.Length} characters, more than {MaxLength}.", "Split it over several computed fields.");
        var parser = new Parser(Lexer.Read(text));
        if (parser.Current.Kind == TokenKind.End) throw new FormulaSyntaxException(1, "The formula is empty.", "Write an expression, such as value * 12.");
        var syntax = parser.Conditional();
        if (parser.Current.Kind != TokenKind.End) throw parser.Unexpected("the formula should end");
        return syntax;
    }

    private Syntax Conditional()
    {
        if (++_depth > MaxDepth) throw new FormulaSyntaxException(Current.Position, "The formula is nested too deeply.", "Split it over several computed fields.");
        var test = Binary(0);
        if (Current.Is("?"))
        {
            _at++;
            var then = Conditional();
            Expect(":", "a choice is written condition ? one : other");
            test = new ConditionalSyntax(test.Position, test, then, Conditional());
        }
        _depth--;
        return test;
    }

    private Syntax Binary(int level)
    {
        if (level == Levels.Length) return Unary();
        var left = Binary(level + 1);
        while (Current.Kind == TokenKind.Symbol && Levels[level].Contains(Current.Text))
        {
            var symbol = _tokens[_at++];
            var right = Binary(level + 1);
            if (symbol.Text == "??" && (IsLogic(left) || IsLogic(right)))
                throw new FormulaSyntaxException(symbol.Position, "?? beside && or || is ambiguous.", "Put one of them in parentheses.");
            left = new BinarySyntax(left.Position, symbol.Text is "===" or "!==" ? symbol.Text[..2] : symbol.Text, left, right);
        }
        return left;

        // Parentheses are not kept in the tree, so the token before an operand tells whether it was written with them.
        bool IsLogic(Syntax side) => side is BinarySyntax { Operator: "&&" or "||" } && !_parenthesised.Contains(side);
    }

    private readonly HashSet<Syntax> _parenthesised = new(ReferenceEqualityComparer.Instance);

    private Syntax Unary()
    {
        if (!Current.Is("!") && !Current.Is("-") && !Current.Is("+")) return Postfix();
        if (++_depth > MaxDepth) throw new FormulaSyntaxException(Current.Position, "The formula is nested too deeply.", "Remove repeated signs.");
        var symbol = _tokens[_at++];
        var operand = Unary();
        _depth--;
        return symbol.Text == "+" ? operand : new UnarySyntax(symbol.Position, symbol.Text, operand);
    }

    private Syntax Postfix()
    {
        var syntax = Primary();
        while (Current.Is(".") || Current.Is("?."))
        {
            _at++;
            if (Current.Kind != TokenKind.Name) throw Unexpected("a name should follow the point");
            var name = _tokens[_at++];
            syntax = Current.Is("(") ? new CallSyntax(name.Position, syntax, name.Text, Arguments()) : new MemberSyntax(name.Position, syntax, name.Text);
        }
        return syntax;
    }

    private Syntax Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new LiteralSyntax(token.Position, Number(token));
            case TokenKind.Text:
                _at++;
                return new LiteralSyntax(token.Position, token.Text);
            case TokenKind.Name:
                _at++;
                return Named(token);
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                var inner = Conditional();
                Expect(")", "the parenthesis should close");
                _parenthesised.Add(inner);
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                _at++;
                return new ArraySyntax(token.Position, List("]"));
            default:
                throw Unexpected("a value should stand");
        }
    }

    private Syntax Named(Token name) => name.Text switch
    {
        "true" => new LiteralSyntax(name.Position, true),
        "false" => new LiteralSyntax(name.Position, false),
        "null" => new LiteralSyntax(name.Position, null),
        "undefined" => throw new FormulaSyntaxException(name.Position, "There is no 'undefined' in formulas.", "Write null."),
        _ when Current.Is("(") => new CallSyntax(name.Position, null, name.Text, Arguments()),
        _ => new NameSyntax(name.Position, name.Text),
    };

    private ImmutableArray<Syntax> Arguments()
    {
        _at++;
        return List(")");
    }

    private ImmutableArray<Syntax> List(string end)
    {
        var items = ImmutableArray.CreateBuilder<Syntax>();
        while (!Current.Is(end))
        {
            if (items.Count > 0) Expect(",", $"a comma or {end} should stand");
            items.Add(Conditional());
        }
        _at++;
        return items.ToImmutable();
    }

    private static decimal Number(Token token)
    {
        if (decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value.Scale <= Values.Exact.Scale && value < Values.Exact.Limit) return value;
        throw new FormulaSyntaxException(token.Position, $"The number {token.Text} has too many digits.", $"At most 16 digits stand before the point and {Values.Exact.Scale} after it.");
    }

    private void Expect(string symbol, string rule)
    {
        if (!Current.Is(symbol)) throw Unexpected(rule);
        _at++;
    }

    private FormulaSyntaxException Unexpected(string rule) => Current switch
    {
        { Kind: TokenKind.End } => new(Current.Position, $"The formula ends where {rule}.", "Complete it."),
        { Kind: TokenKind.Name, Text: "and" } => new(Current.Position, "'and' is not an operator.", "Write &&."),
        { Kind: TokenKind.Name, Text: "or" } => new(Current.Position, "'or' is not an operator.", "Write ||."),
        { Kind: TokenKind.Name, Text: "not" } => new(Current.Position, "'not' is not an operator.", "Write !."),
        _ => new(Current.Position, $"'{Current.Text}' stands where {rule}.", "Correct or remove it."),
    };
}
