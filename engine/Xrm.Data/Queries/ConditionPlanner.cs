using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Turns a condition into terms. OData's rules for null: <c>eq</c>, <c>ne</c>, <c>gt</c>… always answer true or false,
/// functions of null give null, and a row for which the whole condition is null is left out.
/// </summary>
internal sealed class ConditionPlanner(QueryNames names)
{
    private readonly ValuePlanner _values = new(names);

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
            case BinaryNode { Operator: BinaryOperator.Has } has:
                return Has(has, exact);
            case BinaryNode { Operator: < BinaryOperator.Add } comparison:
                return Comparison(comparison, exact);
            case InNode list:
                return In(list, exact);
            case IsOfNode type:
                return new TypePlanner(names).IsOf(type, exact);
            case LambdaNode lambda:
                return new CollectionPlanner(names).AnyOrAll(lambda, exact);
        }
        var (term, literal, path) = _values.Operand(node);
        if (literal is { Value: null }) return new ConstantTerm(null, ColumnType.Boolean);
        if (term is MatchTerm match) return match with { Exact = exact };
        return term?.Type == ColumnType.Boolean ? term : throw QueryProblems.WrongType(path, $"'{path}' (character {node.Position}) is not a condition: it is not true or false.");
    }

    private Term Comparison(BinaryNode node, bool exact)
    {
        if (Pointer(node) is { } pointer) return new NullTerm(pointer, Negated: node.Operator == BinaryOperator.NotEqual);
        var (left, leftLiteral, leftPath) = _values.Operand(node.Left);
        var (right, rightLiteral, rightPath) = _values.Operand(node.Right);
        if (leftLiteral?.Value is null && leftLiteral is not null) return WithNull(node.Operator, right ?? LiteralValues.Natural(rightLiteral!));
        if (rightLiteral?.Value is null && rightLiteral is not null) return WithNull(node.Operator, left ?? LiteralValues.Natural(leftLiteral!));
        if (left is null && right is null)
        {
            left = LiteralValues.Natural(leftLiteral!);
            right = LiteralValues.For(rightLiteral!, left.Type, "the constant");
        }
        left ??= LiteralValues.For(leftLiteral!, right!.Type, rightPath);
        right ??= LiteralValues.For(rightLiteral!, left.Type, leftPath);
        CheckComparable(node.Operator, left, right, leftLiteral is null ? leftPath : rightPath);
        return new CompareTerm(node.Operator, left, right, exact);
    }

    /// <summary>The id in a lookup that is asked whether it points to anything, as in <c>account eq null</c>; null where something else is compared.</summary>
    private Term? Pointer(BinaryNode node) => node is not { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } ? null : (node.Left, node.Right) switch
    {
        (PathNode path, LiteralNode { Kind: LiteralKind.Null }) => names.FindPointer(path),
        (LiteralNode { Kind: LiteralKind.Null }, PathNode path) => names.FindPointer(path),
        _ => null,
    };

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
        if (!ValuePlanner.IsComparable(left.Type) || !ValuePlanner.IsComparable(right.Type))
            throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(ValuePlanner.IsComparable(left.Type) ? right.Type : left.Type)}.");
        if (isOrder && left.Type == ColumnType.Boolean) throw QueryProblems.WrongType(path, $"'{path}' is true or false: neither is greater.");
        if (left.Type != right.Type && !(ValuePlanner.IsNumber(left.Type) && ValuePlanner.IsNumber(right.Type)))
            throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(left.Type)}, and what it is compared with is not.");
    }

    private Term Has(BinaryNode node, bool exact)
    {
        var (list, _, path) = _values.Operand(node.Left);
        if (list is null || node.Right is not LiteralNode value) throw QueryProblems.WrongType(path, $"'has' (character {node.Position}) asks whether a list has a value: labels has 'x'.");
        return CollectionPlanner.Has(list, path, value, exact);
    }

    private InTerm In(InNode node, bool exact)
    {
        var (operand, literal, path) = _values.Operand(node.Operand);
        operand ??= LiteralValues.Natural(literal!);
        if (!ValuePlanner.IsComparable(operand.Type)) throw QueryProblems.WrongType(path, $"'{path}' is {LiteralValues.Expected(operand.Type)}.");
        var constants = node.Items.Where(item => item.Value is not null).Select(item => LiteralValues.For(item, operand.Type, path)).ToImmutableArray();
        var type = constants.Any(constant => constant.Type != operand.Type) ? ColumnType.Decimal : operand.Type;
        return new InTerm(operand, [.. constants.Select(constant => constant.Value)], type, OrNull: constants.Length < node.Items.Length, exact);
    }
}
