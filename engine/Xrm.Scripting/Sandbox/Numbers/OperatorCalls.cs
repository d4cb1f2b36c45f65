using System.Globalization;
using Jint.Parser.Ast;

namespace Xrm.Scripting.Sandbox.Numbers;

/// <summary>Puts calls of the functions of <see cref="Operators"/> in the place of operators. The operands are instrumented already.</summary>
internal static class OperatorCalls
{
    public static Expression Binary(BinaryExpression pair) =>
        Operators.Name(pair.Operator) is { } name && !IsPlain(pair) ? Instrumentation.Call(name, pair, pair.Left, pair.Right) : pair;

    /// <summary>A number as it is written, with all its digits.</summary>
    public static Expression Constant(Literal literal, double number) =>
        decimal.TryParse(literal.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var written) && Exact.Of(number) is { } meant && meant != written
            ? Instrumentation.Call(Operators.Decimal, literal, Instrumentation.Text(literal.Raw, literal)) : literal;

    public static Expression Unary(UnaryExpression unary) => unary.Operator switch
    {
        UnaryOperator.Minus when unary.Argument is not Literal => Instrumentation.Call(Operators.Negate, unary, unary.Argument),
        UnaryOperator.Plus => Instrumentation.Call(Operators.Name(BinaryOperator.Minus)!, unary, unary.Argument, Number(0, unary)),
        UnaryOperator.TypeOf => Kind(unary),
        _ => unary,
    };

    public static Expression Assignment(AssignmentExpression set) => Operators.Of(set.Operator) is { } sign ? Changed(set, set.Left, sign, set.Right) : set;

    /// <summary><c>x++</c> is <c>x = x - -1</c>, which makes a number of it first; where the old value is wanted, 1 is taken away again.</summary>
    public static Expression Update(UpdateExpression step)
    {
        var by = step.Operator == UnaryOperator.Increment ? -1 : 1;
        var changed = Changed(step, step.Argument, BinaryOperator.Minus, Number(by, step));
        return step.Prefix ? changed : Instrumentation.Call(Operators.Name(BinaryOperator.Minus)!, step, changed, Number(-by, step));
    }

    /// <summary>No decimal can be on either side, or what the engine does is right for decimals, too.</summary>
    private static bool IsPlain(BinaryExpression pair) => pair.Operator switch
    {
        BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.StrictlyEqual or BinaryOperator.StricltyNotEqual => IsConstant(pair.Left) || IsConstant(pair.Right),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => pair.Left is Literal { Value: string } || pair.Right is Literal { Value: string },
        _ => false,
    };

    private static bool IsConstant(Expression operand) => operand is Literal or Identifier { Name: "undefined" } or ConditionalExpression { Test: BinaryExpression { Left: UnaryExpression { Operator: UnaryOperator.TypeOf } } };

    // A name that nobody declared has a type, too, but no value.
    private static Expression Kind(UnaryExpression unary)
    {
        var kind = Instrumentation.Call(Operators.Kind, unary, unary.Argument);
        return unary.Argument is not Identifier ? kind : new ConditionalExpression
        {
            Type = SyntaxNodes.ConditionalExpression,
            Location = unary.Location,
            Test = new BinaryExpression { Type = SyntaxNodes.BinaryExpression, Location = unary.Location, Operator = BinaryOperator.StrictlyEqual, Left = unary, Right = Instrumentation.Text("object", unary) },
            Consequent = kind,
            Alternate = unary,
        };
    }

    private static Expression Changed(SyntaxNode at, Expression target, BinaryOperator sign, Expression value)
    {
        var name = Operators.Name(sign)!;
        if (!CanBeNamedTwice(target))
        {
            var member = (MemberExpression)target;
            return Instrumentation.Call(Operators.Put, at, member.Object, member.Property, Instrumentation.Text(name[1..], at), value);
        }
        return new AssignmentExpression { Type = SyntaxNodes.AssignmentExpression, Location = at.Location, Operator = AssignmentOperator.Assign, Left = target, Right = Instrumentation.Call(name, at, target, value) };
    }

    private static bool CanBeNamedTwice(Expression target) =>
        target is not MemberExpression member || (member.Object is Identifier or ThisExpression && member.Property is Literal or Identifier);

    private static Literal Number(double value, SyntaxNode at) => new() { Type = SyntaxNodes.Literal, Location = at.Location, Value = value, Raw = "" };
}
