using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>
/// Reads a condition or another expression. From loosest to tightest: or, and, comparison, add and sub, mul and div, sign and not,
/// operand. The operands stand in the other half of this type.
/// </summary>
internal ref partial struct FilterParser
{
    private int _depth;
    private int _terms;
    private int _lambdas;

    /// <summary>Properties, constants, operators and calls read so far.</summary>
    public readonly int Terms => _terms;

    /// <summary>Reads an expression up to the first token that cannot belong to it.</summary>
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

    private QueryNode ReadAnd(ref QueryLexer lexer)
    {
        var left = ReadComparison(ref lexer);
        while (lexer.Is("and"))
        {
            var position = Take(ref lexer);
            left = new BinaryNode(BinaryOperator.And, left, ReadComparison(ref lexer), position);
        }
        return left;
    }

    private QueryNode ReadComparison(ref QueryLexer lexer)
    {
        var left = ReadSum(ref lexer);
        while (true)
        {
            if (lexer.Is("in"))
            {
                left = ReadIn(ref lexer, left);
                continue;
            }
            if (ComparisonOf(lexer) is not { } comparison) return left;
            var position = Take(ref lexer);
            left = new BinaryNode(comparison, left, ReadSum(ref lexer), position);
        }
    }

    private QueryNode ReadSum(ref QueryLexer lexer)
    {
        var left = ReadProduct(ref lexer);
        while (SumOf(lexer) is { } sum)
        {
            var position = Take(ref lexer);
            left = new BinaryNode(sum, left, ReadProduct(ref lexer), position);
        }
        return left;
    }

    private QueryNode ReadProduct(ref QueryLexer lexer)
    {
        var left = ReadUnary(ref lexer);
        while (ProductOf(lexer) is { } product)
        {
            var position = Take(ref lexer);
            left = new BinaryNode(product, left, ReadUnary(ref lexer), position);
        }
        return left;
    }

    private QueryNode ReadUnary(ref QueryLexer lexer)
    {
        var isMinus = lexer.Token == QueryToken.Minus;
        if (!isMinus && !lexer.Is("not")) return ReadOperand(ref lexer);
        var position = Take(ref lexer);
        Enter();
        var operand = ReadUnary(ref lexer);
        _depth--;
        return isMinus ? new NegateNode(operand, position) : new NotNode(operand, position);
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

    private static BinaryOperator? ComparisonOf(QueryLexer lexer) => lexer.Find<BinaryOperator>(
    [
        ("eq", BinaryOperator.Equal),
        ("ne", BinaryOperator.NotEqual),
        ("gt", BinaryOperator.Greater),
        ("ge", BinaryOperator.GreaterOrEqual),
        ("lt", BinaryOperator.Less),
        ("le", BinaryOperator.LessOrEqual),
        ("has", BinaryOperator.Has),
    ]);

    private static BinaryOperator? SumOf(QueryLexer lexer) => lexer.Find<BinaryOperator>([("add", BinaryOperator.Add), ("sub", BinaryOperator.Subtract)]);

    private static BinaryOperator? ProductOf(QueryLexer lexer) => lexer.Find<BinaryOperator>(
        [("mul", BinaryOperator.Multiply), ("div", BinaryOperator.Divide), ("divby", BinaryOperator.DivideBy), ("mod", BinaryOperator.Modulo)]);
}
