using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Turns a condition into terms. OData's rules for null: <c>eq</c>, <c>ne</c>, <c>gt</c>… always answer true or false,
/// functions of null give null, and a row for which the whole condition is null is left out.
/// </summary>
internal sealed class ConditionPlanner(PropertyPlanner properties)
{
    /// <summary>The condition.</summary>
    /// <param name="node">As written.</param>
    /// <param name="exact">The answer will be turned round or compared, so that "unknown" does not do for "false".</param>
    public Term Condition(QueryNode node, bool exact = false)
    {
        switch (node)
        {
            case BinaryNode { Operator: BinaryOperator.And or BinaryOperator.Or } logic:
                return new LogicTerm(logic.Operator == BinaryOperator.And, [Condition(logic.Left, exact), Condition(logic.Right, exact)]);
            case NotNode not:
                return new NotTerm(Condition(not.Operand, exact: true));
            case BinaryNode comparison:
                return Comparison(comparison, exact);
            case InNode list:
                return In(list, exact);
        }
        var (term, path, _) = Operand(node);
        if (term is null) return new ConstantTerm(null, ColumnType.Boolean);
        if (term is MatchTerm match) return match with { Exact = exact };
        return term.Type == ColumnType.Boolean ? term : throw QueryProblems.WrongType(path, $"'{path}' (character {node.Position}) is not a condition: it is not true or false.");
    }

    private Term Comparison(BinaryNode node, bool exact)
    {
        var (left, leftPath, leftLiteral) = Operand(node.Left);
        var (right, rightPath, rightLiteral) = Operand(node.Right);
        if (leftLiteral?.Value is null && leftLiteral is not null) return WithNull(node.Operator, right ?? ConstantOf(rightLiteral!));
        if (rightLiteral?.Value is null && rightLiteral is not null) return WithNull(node.Operator, left ?? ConstantOf(leftLiteral!));
        if (left is null && right is null)
        {
            left = ConstantOf(leftLiteral!);
            right = LiteralValues.For(rightLiteral!, left.Type, "the constant");
        }
        left ??= LiteralValues.For(leftLiteral!, right!.Type, rightPath);
        right ??= LiteralValues.For(rightLiteral!, left.Type, leftPath);
        CheckComparable(node.Operator, left, right, leftLiteral is null ? leftPath : rightPath);
        return new CompareTerm(node.Operator, left, right, exact);
    }

    private static Term ConstantOf(LiteralNode literal) => LiteralValues.Natural(literal);

    /// <summary>Nothing is greater or less than null; <c>ge</c> and <c>le</c> hold where both sides are null.</summary>
    private static Term WithNull(BinaryOperator @operator, Term operand) => @operator switch
    {
        BinaryOperator.Equal or BinaryOperator.GreaterOrEqual or BinaryOperator.LessOrEqual => new NullTerm(operand, Negated: false),
        BinaryOperator.NotEqual => new NullTerm(operand, Negated: true),
        _ => new ConstantTerm(false, ColumnType.Boolean),
    };

    private static void CheckComparable(BinaryOperator @operator, Term left, Term right, string path)
    {
        var isOrder = @operator is not (BinaryOperator.Equal or BinaryOperator.NotEqual);
        if (!IsComparable(left.Type) || !IsComparable(right.Type))
            throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(IsComparable(left.Type) ? right.Type : left.Type)}.");
        if (isOrder && left.Type == ColumnType.Boolean) throw QueryProblems.WrongType(path, $"'{path}' is true or false: neither is greater.");
        if (left.Type != right.Type && !(IsNumber(left.Type) && IsNumber(right.Type)))
            throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(left.Type)}, and what it is compared with is not.");
    }

    private InTerm In(InNode node, bool exact)
    {
        var (operand, path, literal) = Operand(node.Operand);
        operand ??= ConstantOf(literal!);
        if (!IsComparable(operand.Type)) throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(operand.Type)}.");
        var constants = node.Items.Where(item => item.Value is not null).Select(item => LiteralValues.For(item, operand.Type, path)).ToImmutableArray();
        var type = constants.Any(constant => constant.Type != operand.Type) ? ColumnType.Decimal : operand.Type;
        return new InTerm(operand, [.. constants.Select(constant => constant.Value)], type, OrNull: constants.Length < node.Items.Length, exact);
    }

    private (Term? Term, string Path, LiteralNode? Literal) Operand(QueryNode node)
    {
        switch (node)
        {
            case LiteralNode { Kind: LiteralKind.Boolean } literal:
                return (new ConstantTerm(literal.Value, ColumnType.Boolean), "the constant", null);
            case LiteralNode literal:
                return (null, "the constant", literal);
            case PathNode path:
                return (properties.Find(path).Term, path.ToString(), null);
            case CallNode call:
                return (Call(call), call.Function.ToString().ToLowerInvariant(), null);
            default:
                return (Condition(node, exact: true), "the condition", null);
        }
    }

    private Term Call(CallNode call) => call.Function switch
    {
        QueryFunction.ToLower => new CaseTerm(Text(call.Arguments[0]), Upper: false),
        QueryFunction.ToUpper => new CaseTerm(Text(call.Arguments[0]), Upper: true),
        _ => new MatchTerm(call.Function, Text(call.Arguments[0]), Text(call.Arguments[1])),
    };

    private Term Text(QueryNode node)
    {
        var (term, path, literal) = Operand(node);
        term ??= LiteralValues.For(literal!, ColumnType.Text, "the argument");
        return term.Type == ColumnType.Text ? term : throw QueryProblems.WrongType(path, $"'{path}' (character {node.Position}) is not a text.");
    }

    private static bool IsNumber(ColumnType type) => type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Float;

    private static bool IsComparable(ColumnType type) => type is not (ColumnType.Json or ColumnType.TextList or ColumnType.IntegerList or ColumnType.UuidList);
}
