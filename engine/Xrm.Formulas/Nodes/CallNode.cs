using System.Collections.Immutable;
using System.Globalization;
using Xrm.Formulas.Functions;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>A call of a function that needs nothing but its arguments.</summary>
internal sealed class CallNode(Function function, ImmutableArray<Node> arguments, FormulaType type) : Node(type)
{
    public Function Function { get; } = function;

    public override ImmutableArray<Node> Parts => arguments;

    private bool IsAnswer => Type.Kind == ValueKind.Boolean;

    public override object? Evaluate(Evaluation evaluation)
    {
        var given = new object?[arguments.Length];
        for (var index = 0; index < given.Length; index++)
        {
            given[index] = arguments[index].Evaluate(evaluation);
            if (given[index] is null && Function.IsStrict) return IsAnswer ? false : null;
        }
        return Function.Value(given, evaluation.Scope);
    }

    public override void Write(SqlText sql)
    {
        if (IsAnswer) WriteTruth(sql, exact: true);
        else WriteCall(sql);
    }

    public override void WriteTruth(SqlText sql, bool exact)
    {
        if (!IsAnswer)
        {
            base.WriteTruth(sql, exact);
            return;
        }
        if (exact) sql.Text("coalesce(");
        WriteCall(sql);
        if (exact) sql.Text(", false)");
    }

    private void WriteCall(SqlText sql)
    {
        var isRepeated = Enumerable.Range(0, arguments.Length).Any(index => !arguments[index].IsSimple && Occurrences(index) > 1);
        if (!isRepeated)
        {
            WriteTemplate(sql, index => WriteArgument(sql, index));
            return;
        }
        // An argument that is long, and needed more than once, is computed once: nested calls would double their SQL at each level.
        sql.Text("(select ");
        WriteTemplate(sql, index => sql.Text("given." + Alias(index)));
        sql.Text(" from (select ");
        for (var index = 0; index < arguments.Length; index++)
        {
            if (index > 0) sql.Text(", ");
            WriteArgument(sql, index);
            sql.Text(" as " + Alias(index));
        }
        // Without the offset, PostgreSQL would put the arguments back where they are asked for.
        sql.Text(" offset 0) as given)");
    }

    private void WriteArgument(SqlText sql, int index)
    {
        if (Function.Parameter(index)[0] == ValueKind.Number) arguments[index].WriteNumeric(sql);
        else arguments[index].Write(sql);
    }

    private void WriteTemplate(SqlText sql, Action<int> argument)
    {
        var rest = Function.Sql;
        while (NextHole(rest) is var (start, end))
        {
            sql.Text(rest[..start]);
            WriteHole(sql, rest[(start + 1)..end], argument);
            rest = rest[(end + 1)..];
        }
        sql.Text(rest);
    }

    private void WriteHole(SqlText sql, string hole, Action<int> argument)
    {
        switch (hole)
        {
            case "*":
                for (var index = 0; index < arguments.Length; index++)
                {
                    if (index > 0) sql.Text(", ");
                    argument(index);
                }
                break;
            case "now":
                sql.Value(Stored.Instant(sql.Target.UtcNow), ColumnType.Timestamp);
                break;
            case "today":
                sql.Value(Dates.DayOf(sql.Target.UtcNow, sql.Target.TimeZone)!.Value, ColumnType.Date);
                break;
            case "zone":
                sql.Value(sql.Target.TimeZone, ColumnType.Text);
                break;
            default:
                argument(int.Parse(hole, CultureInfo.InvariantCulture));
                break;
        }
    }

    // Braces also count repetitions in regular expressions, such as {1,16}: those are no holes.
    private static (int Start, int End)? NextHole(string template)
    {
        for (var start = template.IndexOf('{', StringComparison.Ordinal); start >= 0; start = template.IndexOf('{', start + 1))
        {
            var end = template.IndexOf('}', start);
            if (!template[start..end].Contains(',', StringComparison.Ordinal)) return (start, end);
        }
        return null;
    }

    private int Occurrences(int index)
    {
        var hole = "{" + Alias(index)[1..] + "}";
        return Function.Sql.Split(hole).Length - 1;
    }

    private static string Alias(int index) => "a" + index.ToString(CultureInfo.InvariantCulture);
}
