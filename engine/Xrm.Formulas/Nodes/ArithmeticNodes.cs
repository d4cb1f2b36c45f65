using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;

namespace Xrm.Formulas.Nodes;

/// <summary><c>+ - * / %</c> over numbers; null where a side is null or the divisor is 0.</summary>
internal sealed class ArithmeticNode(string @operator, Node left, Node right, FormulaType type) : Node(type)
{
    public override ImmutableArray<Node> Parts => [left, right];

    public override object? Evaluate(Evaluation evaluation)
    {
        if (left.Evaluate(evaluation) is not decimal one || right.Evaluate(evaluation) is not decimal other) return null;
        return @operator switch
        {
            "+" => Exact.Add(one, other),
            "-" => Exact.Subtract(one, other),
            "*" => Exact.Multiply(one, other),
            "/" => Exact.Divide(one, other),
            _ => Exact.Remainder(one, other),
        };
    }

    public override void Write(SqlText sql)
    {
        switch (@operator)
        {
            case "/":
                // PostgreSQL's own division keeps few digits of large quotients. One digit more than is kept, cut off, decides the rounding.
                sql.Text("round(div(");
                left.WriteNumeric(sql);
                sql.Text(" * 10000000000000, nullif(");
                right.WriteNumeric(sql);
                sql.Text(", 0)) * 0.0000000000001, 12)");
                break;
            case "%":
                sql.Infix(left.WriteNumeric, " % ", inner =>
                {
                    inner.Text("nullif(");
                    right.WriteNumeric(inner);
                    inner.Text(", 0)");
                });
                break;
            default:
                WritePlain(sql);
                break;
        }
    }

    private void WritePlain(SqlText sql)
    {
        var rounds = @operator == "*" && left.Type.Scale + right.Type.Scale > Exact.Scale;
        if (rounds) sql.Text("round");
        sql.Text("(");
        left.WriteNumeric(sql);
        sql.Text(@operator switch { "+" => " + ", "-" => " - ", _ => " * " });
        right.WriteNumeric(sql);
        sql.Text(rounds ? ", 12)" : ")");
    }
}

/// <summary><c>-x</c>.</summary>
internal sealed class NegateNode(Node operand) : Node(operand.Type with { IsInteger = false, Choice = null })
{
    public override ImmutableArray<Node> Parts => [operand];

    public override object? Evaluate(Evaluation evaluation) => operand.Evaluate(evaluation) is decimal number ? -number : null;

    public override void Write(SqlText sql)
    {
        sql.Text("(- ");
        operand.WriteNumeric(sql);
        sql.Text(")");
    }
}

/// <summary>Texts put together: <c>+</c>, which is null where a side is null, or <c>concat</c>, which leaves nulls out.</summary>
internal sealed class JoinNode(ImmutableArray<Node> texts, bool skipsNulls) : Node(FormulaType.Text with { IsNullable = !skipsNulls })
{
    public override ImmutableArray<Node> Parts => texts;

    public override object? Evaluate(Evaluation evaluation)
    {
        var given = texts.Select(text => text.Evaluate(evaluation)).ToArray();
        return !skipsNulls && given.Contains(null) ? null : string.Concat(given);
    }

    public override void Write(SqlText sql)
    {
        sql.Text("(");
        for (var index = 0; index < texts.Length; index++)
        {
            if (index > 0) sql.Text(" || ");
            if (skipsNulls) sql.Text("coalesce(");
            texts[index].Write(sql);
            if (skipsNulls) sql.Text(", '')");
        }
        sql.Text(")");
    }
}
