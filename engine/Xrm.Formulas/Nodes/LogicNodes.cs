using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;

namespace Xrm.Formulas.Nodes;

/// <summary><c>!x</c>: never null.</summary>
internal sealed class NotNode(Node operand) : Node(FormulaType.Answer)
{
    public override ImmutableArray<Node> Parts => [operand];

    public override object? Evaluate(Evaluation evaluation) => !operand.IsTrue(evaluation);

    public override void Write(SqlText sql)
    {
        sql.Text("(not ");
        operand.WriteTruth(sql, exact: true);
        sql.Text(")");
    }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>: as in JavaScript, the side that decided.</summary>
internal sealed class LogicNode(bool isAnd, Node left, Node right, FormulaType type) : Node(type)
{
    public override ImmutableArray<Node> Parts => [left, right];

    public override IEnumerable<Node> Results => left.Results.Concat(right.Results);

    public override object? Evaluate(Evaluation evaluation)
    {
        var value = left.Evaluate(evaluation);
        return Truth.Of(value) == isAnd ? right.Evaluate(evaluation) : value;
    }

    public override void Write(SqlText sql)
    {
        if (Type == FormulaType.Answer)
        {
            WriteTruth(sql, exact: true);
            return;
        }
        sql.Text("(case when ");
        left.WriteTruth(sql, exact: false);
        sql.Text(" then ");
        (isAnd ? right : left).Write(sql);
        sql.Text(" else ");
        (isAnd ? left : right).Write(sql);
        sql.Text(" end)");
    }

    public override void WriteTruth(SqlText sql, bool exact) =>
        sql.Infix(inner => left.WriteTruth(inner, exact), isAnd ? " and " : " or ", inner => right.WriteTruth(inner, exact));
}

/// <summary><c>test ? then : other</c>.</summary>
internal sealed class ConditionalNode(Node test, Node then, Node other, FormulaType type) : Node(type)
{
    public override ImmutableArray<Node> Parts => [test, then, other];

    public override IEnumerable<Node> Results => then.Results.Concat(other.Results);

    public override object? Evaluate(Evaluation evaluation) => (test.IsTrue(evaluation) ? then : other).Evaluate(evaluation);

    public override void Write(SqlText sql)
    {
        sql.Text("(case when ");
        test.WriteTruth(sql, exact: false);
        sql.Text(" then ");
        then.Write(sql);
        sql.Text(" else ");
        other.Write(sql);
        sql.Text(" end)");
    }

    public override void WriteTruth(SqlText sql, bool exact)
    {
        sql.Text("(case when ");
        test.WriteTruth(sql, exact: false);
        sql.Text(" then ");
        then.WriteTruth(sql, exact);
        sql.Text(" else ");
        other.WriteTruth(sql, exact);
        sql.Text(" end)");
    }
}

/// <summary><c>??</c> and <c>coalesce(…)</c>: the first value that is not null.</summary>
internal sealed class CoalesceNode(ImmutableArray<Node> values, FormulaType type) : Node(type)
{
    public override ImmutableArray<Node> Parts => values;

    public override IEnumerable<Node> Results => values.SelectMany(value => value.Results);

    public override object? Evaluate(Evaluation evaluation)
    {
        foreach (var value in values)
        {
            if (value.Evaluate(evaluation) is { } found) return found;
        }
        return null;
    }

    public override void Write(SqlText sql)
    {
        sql.Text("coalesce(");
        for (var index = 0; index < values.Length; index++)
        {
            if (index > 0) sql.Text(", ");
            values[index].Write(sql);
        }
        sql.Text(")");
    }
}
