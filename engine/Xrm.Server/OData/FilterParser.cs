using System.Collections.Immutable;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads a condition. From loosest to tightest: or, and, not, comparison, operand.</summary>
internal ref struct FilterParser
{
    private int _depth;
    private int _terms;

    /// <summary>Reads a condition up to the first token that cannot belong to it.</summary>
    public QueryNode ReadCondition(ref QueryLexer lexer)
    {
        var left = ReadAnd(ref lexer);
        while (lexer.Is("or"))
        {
            var position = Take(ref lexer);
            left = new BinaryNode(BinaryOperator.Or, left, ReadAnd(ref lexer), position);
        }
        return left;
    }

    /// <summary>Reads a path of names.</summary>
    public static PathNode ReadPath(ref QueryLexer lexer, string expected)
    {
        var position = lexer.Position;
        var first = lexer.RequireWord(expected);
        if (lexer.Token != QueryToken.Slash) return new PathNode([first], position);
        var segments = ImmutableArray.CreateBuilder<string>();
        segments.Add(first);
        while (lexer.Skip(QueryToken.Slash))
        {
            if (segments.Count == QueryLimits.PathSegments) throw QueryErrors.TooLarge($"A path may have {QueryLimits.PathSegments} names.");
            segments.Add(lexer.RequireWord("a name after '/'"));
        }
        return new PathNode(segments.ToImmutable(), position);
    }

    private QueryNode ReadAnd(ref QueryLexer lexer)
    {
        var left = ReadNot(ref lexer);
        while (lexer.Is("and"))
        {
            var position = Take(ref lexer);
            left = new BinaryNode(BinaryOperator.And, left, ReadNot(ref lexer), position);
        }
        return left;
    }

    private QueryNode ReadNot(ref QueryLexer lexer)
    {
        if (!lexer.Is("not")) return ReadComparison(ref lexer);
        var position = Take(ref lexer);
        Enter();
        var operand = ReadNot(ref lexer);
        _depth--;
        return new NotNode(operand, position);
    }

    private QueryNode ReadComparison(ref QueryLexer lexer)
    {
        var left = ReadOperand(ref lexer);
        if (lexer.Is("in")) return ReadIn(ref lexer, left);
        if (ComparisonOf(lexer) is not { } comparison) return left;
        var position = Take(ref lexer);
        return new BinaryNode(comparison, left, ReadOperand(ref lexer), position);
    }

    private QueryNode ReadOperand(ref QueryLexer lexer)
    {
        Count();
        if (lexer.Token == QueryToken.Open)
        {
            Enter();
            lexer.Read();
            var inner = ReadCondition(ref lexer);
            lexer.Require(QueryToken.Close, "')'");
            _depth--;
            return inner;
        }
        if (LiteralParser.IsLiteral(ref lexer)) return LiteralParser.Read(ref lexer);
        var name = ReadPath(ref lexer, "a property, a constant, a function or '('");
        return lexer.Token == QueryToken.Open && name.Segments.Length == 1 ? ReadCall(ref lexer, name) : name;
    }

    private QueryNode ReadCall(ref QueryLexer lexer, PathNode name)
    {
        var (function, count) = name.Segments[0] switch
        {
            "contains" => (QueryFunction.Contains, 2),
            "startswith" => (QueryFunction.StartsWith, 2),
            "endswith" => (QueryFunction.EndsWith, 2),
            "tolower" => (QueryFunction.ToLower, 1),
            "toupper" => (QueryFunction.ToUpper, 1),
            _ => throw QueryErrors.NotUnderstood($"$filter, character {name.Position}: there is no function '{name.Segments[0]}'. There are contains, startswith, endswith, tolower and toupper."),
        };
        Enter();
        lexer.Read();
        var arguments = ImmutableArray.CreateBuilder<QueryNode>(count);
        for (var index = 0; index < count; index++)
        {
            if (index > 0) lexer.Require(QueryToken.Comma, "','");
            arguments.Add(ReadCondition(ref lexer));
        }
        lexer.Require(QueryToken.Close, "')'");
        _depth--;
        return new CallNode(function, arguments.ToImmutable(), name.Position);
    }

    private InNode ReadIn(ref QueryLexer lexer, QueryNode operand)
    {
        var position = Take(ref lexer);
        lexer.Require(QueryToken.Open, "'(' and a list of constants");
        var items = ImmutableArray.CreateBuilder<LiteralNode>();
        do
        {
            if (items.Count == QueryLimits.ListItems) throw QueryErrors.TooLarge($"A list may have {QueryLimits.ListItems} constants.");
            items.Add(LiteralParser.Read(ref lexer));
        }
        while (lexer.Skip(QueryToken.Comma));
        lexer.Require(QueryToken.Close, "',' or ')'");
        return new InNode(operand, items.ToImmutable(), position);
    }

    private int Take(ref QueryLexer lexer)
    {
        Count();
        var position = lexer.Position;
        lexer.Read();
        return position;
    }

    private void Count()
    {
        if (++_terms > QueryLimits.Terms) throw QueryErrors.TooLarge($"A condition may have {QueryLimits.Terms} terms.");
    }

    private void Enter()
    {
        if (++_depth > QueryLimits.Depth) throw QueryErrors.TooLarge($"A condition may be nested {QueryLimits.Depth} deep.");
    }

    private static BinaryOperator? ComparisonOf(QueryLexer lexer) => lexer.Token != QueryToken.Word ? null : lexer.Span switch
    {
        "eq" => BinaryOperator.Equal,
        "ne" => BinaryOperator.NotEqual,
        "gt" => BinaryOperator.Greater,
        "ge" => BinaryOperator.GreaterOrEqual,
        "lt" => BinaryOperator.Less,
        "le" => BinaryOperator.LessOrEqual,
        _ => null,
    };
}
