using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Turns the parts of conditions, and other expressions, into terms.</summary>
internal sealed class ValuePlanner(QueryNames names)
{
    /// <summary>A part of a condition; constants wait for the type of what they meet.</summary>
    public Operand Operand(QueryNode node)
    {
        switch (node)
        {
            case LiteralNode { Kind: LiteralKind.Boolean } literal:
                return new Operand(new ConstantTerm(literal.Value, ColumnType.Boolean), null, "the constant");
            case LiteralNode literal:
                return new Operand(null, literal, "the constant");
            case PathNode path:
                return new Operand(names.Find(path).Term, null, path.ToString());
            case CallNode call:
                return new Operand(new FunctionPlanner(this, names.Context).Plan(call), null, call.Function.ToString().ToLowerInvariant());
            case CountNode count:
                return new Operand(new CollectionPlanner(names).Count(count), null, $"{count.Collection}/$count");
            case RootNode root:
                return new Operand(new RootPlanner(names).Plan(root), null, $"$root/{root.Collection}/{root.Path}");
            case NegateNode negate:
                return new Operand(Negate(negate), null, "the number");
            case CaseNode choice:
                return new Operand(new ConversionPlanner(this, names).Choice(choice), null, "case");
            case CastNode cast:
                return new Operand(new ConversionPlanner(this, names).Cast(cast), null, "cast");
            case BinaryNode { Operator: >= BinaryOperator.Add } binary:
                return new Operand(Arithmetic(binary), null, "the result");
            default:
                return new Operand(new ConditionPlanner(names).Condition(node, exact: true), null, "the condition");
        }
    }

    /// <summary>The value of an expression.</summary>
    public Term Value(QueryNode node) => Operand(node).Natural();

    private Term Arithmetic(BinaryNode node)
    {
        var (left, right) = (Operand(node.Left), Operand(node.Right));
        if (new ConversionPlanner(this, names).Shift(node, left, right) is { } shift) return shift;
        var (leftTerm, rightTerm) = (Number(left, right, node.Left), Number(right, left, node.Right));
        var type = leftTerm.Type == ColumnType.Float || rightTerm.Type == ColumnType.Float ? ColumnType.Float
            : leftTerm.Type == ColumnType.Decimal || rightTerm.Type == ColumnType.Decimal || node.Operator == BinaryOperator.DivideBy ? ColumnType.Decimal
            : ColumnType.Integer;
        return new ArithmeticTerm(node.Operator, leftTerm, rightTerm, type);
    }

    private NegateTerm Negate(NegateNode node)
    {
        var operand = Operand(node.Operand);
        return new NegateTerm(Number(operand, operand, node.Operand));
    }

    private static Term Number(Operand operand, Operand other, QueryNode node)
    {
        var term = operand.Term ?? (operand.Literal!.Value is null ? new ConstantTerm(null, other.Term?.Type ?? ColumnType.Integer)
            : other.Term?.Type == ColumnType.Float ? LiteralValues.For(operand.Literal, ColumnType.Float, other.Name)
            : LiteralValues.Natural(operand.Literal));
        return IsNumber(term.Type) ? term : throw QueryProblems.WrongType(operand.Name, $"'{operand.Name}' (character {node.Position}) is not a number: it cannot be calculated with.");
    }

    /// <summary>Whether values of the type can be calculated with.</summary>
    public static bool IsNumber(ColumnType type) => type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Float;

    /// <summary>Whether values of the type can be compared with each other.</summary>
    public static bool IsComparable(ColumnType type) => type is not (ColumnType.Json or ColumnType.TextList or ColumnType.IntegerList or ColumnType.UuidList);
}

/// <summary>A part of a condition: a term, or a constant that takes the type of what it meets.</summary>
/// <param name="Term">The term; null for a constant.</param>
/// <param name="Literal">The constant; null for a term.</param>
/// <param name="Name">What errors call it.</param>
internal readonly record struct Operand(Term? Term, LiteralNode? Literal, string Name)
{
    /// <summary>The term; a constant becomes one of its own type.</summary>
    public Term Natural() => Term ?? LiteralValues.Natural(Literal!);

    /// <summary>The term; a constant becomes one of that type.</summary>
    /// <exception cref="Errors.XrmException">400: the constant cannot have the type.</exception>
    public Term As(ColumnType type, string path) => Term ?? LiteralValues.For(Literal!, type, path);
}
