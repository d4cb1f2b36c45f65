using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary><c>==</c> and <c>!=</c>: never null; null equals null and nothing else.</summary>
internal sealed class EqualNode(Node left, Node right, bool isNegated) : Node(FormulaType.Answer)
{
    public override ImmutableArray<Node> Parts => [left, right];

    public override object? Evaluate(Evaluation evaluation) =>
        Comparison.AreEqual(left.Evaluate(evaluation), right.Evaluate(evaluation)) != isNegated;

    public override void Write(SqlText sql) => WriteTruth(sql, exact: true);

    public override void WriteTruth(SqlText sql, bool exact)
    {
        if (right.IsNullIn(sql)) WriteNullTest(sql, left);
        else if (left.IsNullIn(sql)) WriteNullTest(sql, right);
        else sql.Infix(left.Write, Operator(sql, exact), right.Write);
    }

    private void WriteNullTest(SqlText sql, Node value)
    {
        sql.Text("(");
        value.Write(sql);
        sql.Text(isNegated ? " is not null)" : " is null)");
    }

    // The plain operators are null where a side is: good enough for false, and the only ones that indexes serve.
    private string Operator(SqlText sql, bool exact)
    {
        var nullable = (left.IsNullableIn(sql) ? 1 : 0) + (right.IsNullableIn(sql) ? 1 : 0);
        if (nullable == 0 || (!isNegated && !exact && nullable == 1)) return isNegated ? " <> " : " = ";
        return isNegated ? " is distinct from " : " is not distinct from ";
    }
}

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>: never null; false where a side is null.</summary>
internal sealed class OrderNode(string @operator, Node left, Node right) : Node(FormulaType.Answer)
{
    public override ImmutableArray<Node> Parts => [left, right];

    public override object? Evaluate(Evaluation evaluation)
    {
        if (left.Evaluate(evaluation) is not { } one || right.Evaluate(evaluation) is not { } other) return false;
        var order = Comparison.Compare(one, other);
        return @operator switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    public override void Write(SqlText sql) => WriteTruth(sql, exact: true);

    public override void WriteTruth(SqlText sql, bool exact)
    {
        exact &= left.Type.IsNullable || right.Type.IsNullable;
        if (exact) sql.Text("coalesce(");
        sql.Text("(");
        left.Write(sql);
        // Parameters have the database's collation; columns have "C" anyway.
        if (left.Type.Kind == ValueKind.Text) sql.Text(" collate \"C\"");
        sql.Text(@operator switch { "<" => " < ", "<=" => " <= ", ">" => " > ", _ => " >= " });
        right.Write(sql);
        sql.Text(")");
        if (exact) sql.Text(", false)");
    }
}

/// <summary><c>['a', 'b'].includes(x)</c> and <c>list.includes(x)</c>: never null.</summary>
internal sealed class IncludesNode(Node list, Node item) : Node(FormulaType.Answer)
{
    public override ImmutableArray<Node> Parts => [list, item];

    public override object? Evaluate(Evaluation evaluation)
    {
        var wanted = item.Evaluate(evaluation);
        return list.Evaluate(evaluation) is object?[] items && items.Any(found => found is not null && Comparison.AreEqual(found, wanted));
    }

    public override void Write(SqlText sql) => WriteTruth(sql, exact: true);

    public override void WriteTruth(SqlText sql, bool exact)
    {
        if (exact) sql.Text("coalesce(");
        var isNumber = item.Type.Kind == ValueKind.Number;
        sql.Text("(");
        if (isNumber) item.WriteNumeric(sql);
        else item.Write(sql);
        sql.Text(" = any(");
        if (isNumber) sql.Text("cast(");
        list.Write(sql);
        if (isNumber) sql.Text(" as numeric[])");
        sql.Text("))");
        if (exact) sql.Text(", false)");
    }
}

/// <summary>A list written in the formula: what something is looked up in.</summary>
internal sealed class ArrayNode(ImmutableArray<Node> items, FormulaType type) : Node(type)
{
    public override ImmutableArray<Node> Parts => items;

    public override object? Evaluate(Evaluation evaluation) => items.Select(item => item.Evaluate(evaluation)).ToArray();

    public override void Write(SqlText sql)
    {
        sql.Text("array[");
        for (var index = 0; index < items.Length; index++)
        {
            if (index > 0) sql.Text(", ");
            items[index].Write(sql);
        }
        sql.Text("]");
    }
}
