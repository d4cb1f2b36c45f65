using System.Collections.Immutable;
using System.Globalization;
using Xrm.Formulas.Nodes;
using Xrm.Formulas.Parsing;
using Xrm.Formulas.Values;
using Xrm.Metadata;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Typing;

internal sealed partial class Checker
{
    private Node Unary(UnarySyntax unary)
    {
        var operand = Check(unary.Operand);
        if (operand.Type.IsMistake || unary.Operator == "!") return operand.Type.IsMistake ? operand : new NotNode(operand);
        if (operand is ConstantNode { Value: decimal number }) return ConstantNode.Of(-number);
        return operand.Type.Kind == ValueKind.Number
            ? new NegateNode(operand)
            : Mistake(unary.Position, FormulaProblems.Kind, $"{Begin(operand)} has no sign.", "Only numbers can stand behind -.");
    }

    private Node Binary(BinarySyntax binary)
    {
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        if (left.Type.IsMistake || right.Type.IsMistake) return new ConstantNode(null, FormulaType.Mistake);
        return binary.Operator switch
        {
            "&&" or "||" => Logic(binary.Operator == "&&", left, right),
            "??" => Coalesce(binary.Position, [left, right]),
            "==" or "!=" => Equal(binary, left, right),
            "<" or "<=" or ">" or ">=" => Order(binary, left, right),
            _ => Arithmetic(binary, left, right),
        };
    }

    private static LogicNode Logic(bool isAnd, Node left, Node right) =>
        new(isAnd, left, right, FormulaType.Join(left.Type, right.Type) ?? new FormulaType(ValueKind.Boolean) { IsTruthOnly = true });

    private Node Choose(int position, Node test, Node then, Node other)
    {
        if (test.Type.IsMistake || then.Type.IsMistake || other.Type.IsMistake) return new ConstantNode(null, FormulaType.Mistake);
        (then, other) = (Adapt(then, other.Type), Adapt(other, then.Type));
        return FormulaType.Join(then.Type, other.Type) is { } type
            ? new ConditionalNode(test, then, other, type)
            : Mistake(position, FormulaProblems.Kind, $"One result is {then.Type.Name}, the other is {other.Type.Name}.", "Make both the same kind, for example with text(…).");
    }

    private Node Coalesce(int position, ImmutableArray<Node> values)
    {
        if (values.Any(value => value.Type.IsMistake)) return new ConstantNode(null, FormulaType.Mistake);
        var kind = values.Select(value => value.Type).FirstOrDefault(type => !type.IsNull) ?? FormulaType.Null;
        values = [.. values.Select(value => Adapt(value, kind))];
        var joined = values.Skip(1).Aggregate((FormulaType?)values[0].Type, (type, value) => type is null ? null : FormulaType.Join(type, value.Type));
        return joined is { } result
            ? new CoalesceNode(values, result with { IsNullable = values.All(value => value.Type.IsNullable) })
            : Mistake(position, FormulaProblems.Kind, "The values are of different kinds.", "Make them the same kind, for example with text(…).");
    }

    private Node Equal(BinarySyntax binary, Node left, Node right)
    {
        (left, right) = (Adapt(left, right.Type), Adapt(right, left.Type));
        if (!left.Type.IsNull && !right.Type.IsNull && !AreComparable(left.Type, right.Type))
            return Mismatch(binary, left, right);
        if (left.Type.Kind is ValueKind.List or ValueKind.Json && right.Type.Kind == left.Type.Kind)
            return Mistake(binary.Position, FormulaProblems.Kind, $"{Begin(left)} cannot be compared.", "Ask includes(list, value) or isEmpty(list).");
        CheckOptions(binary.Position, left.Type.Choice, right);
        CheckOptions(binary.Position, right.Type.Choice, left);
        return new EqualNode(left, right, binary.Operator == "!=");
    }

    private Node Order(BinarySyntax binary, Node left, Node right)
    {
        (left, right) = (Adapt(left, right.Type), Adapt(right, left.Type));
        if (left.Type.IsNull || right.Type.IsNull)
            return Mistake(binary.Position, FormulaProblems.Kind, "Nothing is smaller or larger than null.", "Compare with == null, or ask isEmpty(…).");
        if (!AreComparable(left.Type, right.Type)) return Mismatch(binary, left, right);
        return FormulaType.Ordered.Contains(left.Type.Kind)
            ? new OrderNode(binary.Operator, left, right)
            : Mistake(binary.Position, FormulaProblems.Kind, $"{Begin(left)} has no order.", "Only numbers, texts, dates and times can be smaller or larger.");
    }

    private Node Arithmetic(BinarySyntax binary, Node left, Node right)
    {
        var (one, other) = (left.Type.Kind, right.Type.Kind);
        if (left.Type.IsNull || right.Type.IsNull || left.Type.IsTruthOnly || right.Type.IsTruthOnly) return NoArithmetic(binary, left, right);
        if (one == ValueKind.Number && other == ValueKind.Number)
            return new ArithmeticNode(binary.Operator, left, right, Result(binary.Operator, left.Type, right.Type));
        var position = binary.Position;
        return binary.Operator switch
        {
            "+" when one == ValueKind.Text || other == ValueKind.Text => Joined(position, [left, right], skipsNulls: false),
            "+" when one == ValueKind.Date && other == ValueKind.Number => CallOf("addDays", position, [left, right]),
            "-" when one == ValueKind.Date && other == ValueKind.Number => CallOf("addDays", position, [left, new NegateNode(right)]),
            "-" when one == ValueKind.Date && other == ValueKind.Date => CallOf("diffDays", position, [right, left]),
            _ => NoArithmetic(binary, left, right),
        };
    }

    private Node NoArithmetic(BinarySyntax binary, Node left, Node right) =>
        Mistake(binary.Position, FormulaProblems.Kind, $"{binary.Operator} cannot stand between {left.Type.Name} and {right.Type.Name}.",
            left.Type.Kind is ValueKind.Date or ValueKind.DateTime || right.Type.Kind is ValueKind.Date or ValueKind.DateTime
                ? "Calculate with dates by addDays, addMonths, addYears, diffDays and diffMonths."
                : left.Type.Kind == ValueKind.Text || right.Type.Kind == ValueKind.Text ? "Make a number of a text with number(…)." : "Calculate with numbers.");

    private Node Mismatch(BinarySyntax binary, Node left, Node right)
    {
        var kinds = new[] { left.Type.Kind, right.Type.Kind };
        return Mistake(binary.Position, FormulaProblems.Kind, $"{Begin(left)} cannot be compared with {right.Type.Name}.",
            kinds.Contains(ValueKind.Date) && kinds.Contains(ValueKind.DateTime) ? "Take the day of the moment with date(…), or compare with today()."
            : kinds.Contains(ValueKind.Date) ? "Write dates as '2024-12-31'."
            : kinds.Contains(ValueKind.DateTime) ? "Write moments as '2024-12-31T23:59:59Z'."
            : kinds.Contains(ValueKind.Text) && kinds.Contains(ValueKind.Number) ? "Make both numbers with number(…), or both texts with text(…)." : "Compare values of one kind.");
    }

    /// <summary>What a value is, at the beginning of a sentence.</summary>
    private static string Begin(Node value) => char.ToUpperInvariant(value.Type.Name[0]) + value.Type.Name[1..];

    /// <summary>Whatever of a value is written in the formula must be an option.</summary>
    private void CheckOptions(int position, Metadata.Compiled.Field? choice, Node value)
    {
        foreach (var constant in value.Results.OfType<ConstantNode>())
            if (constant.Value is { } written) CheckOption(position, choice, written);
    }

    /// <summary>A constant compared with a choice must be one of its options: a mistyped option is silently never true.</summary>
    private void CheckOption(int position, Metadata.Compiled.Field? choice, object value)
    {
        if (choice is null) return;
        var options = choice.Options.Select(option => option.Value.ToString()).ToArray();
        var wanted = value is decimal number ? number.ToString(CultureInfo.InvariantCulture) : value.ToString()!;
        if (wanted.Length == 0 || options.Contains(wanted)) return;
        report(position, FormulaProblems.UnknownOption, $"{choice} has no option '{wanted}'.",
            value is string && Names.Nearest(wanted, options) is { } near ? $"Did you mean '{near}'?" : $"Its options are {string.Join(", ", options)}.");
    }

    private static bool AreComparable(FormulaType left, FormulaType right) => !left.IsTruthOnly && !right.IsTruthOnly && left.Comparable == right.Comparable;

    private static FormulaType Result(string @operator, FormulaType left, FormulaType right) => FormulaType.Number with
    {
        IsNullable = left.IsNullable || right.IsNullable || @operator is "/" or "%",
        Scale = @operator switch
        {
            "*" => Math.Min(left.Scale + right.Scale, Exact.Scale),
            "/" => Exact.Scale,
            _ => Math.Max(left.Scale, right.Scale),
        },
    };

    /// <summary>A text written in the formula where a date, moment, time or id is wanted means one.</summary>
    private static Node Adapt(Node node, FormulaType wanted)
    {
        if (node is not ConstantNode { Value: string text }) return node;
        object? value = wanted.Comparable switch
        {
            ValueKind.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
            ValueKind.DateTime => Constants.Instant(text),
            ValueKind.Time when TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) => time,
            ValueKind.Reference when Guid.TryParseExact(text, "D", out var id) => id,
            _ => null,
        };
        return value is null ? node : ConstantNode.Of(value);
    }
}
