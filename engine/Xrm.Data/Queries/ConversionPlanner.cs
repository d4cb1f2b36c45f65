using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans choices between values, values as other types, and dates with durations.</summary>
internal sealed class ConversionPlanner(ValuePlanner values, QueryNames names)
{
    /// <summary><c>case(condition:value,…)</c>; the values are of one type, or numbers.</summary>
    public ChoiceTerm Choice(CaseNode node)
    {
        var conditions = node.Choices.Select(choice => new ConditionPlanner(names).Condition(choice.When)).ToArray();
        var operands = node.Choices.Select(choice => values.Operand(choice.Then)).ToArray();
        var known = operands.Where(operand => operand.Literal is not { Value: null }).Select(operand => operand.Natural().Type).Distinct().ToArray();
        var type = known switch
        {
            [] => ColumnType.Text,
            [var one] => one,
            _ when known.All(ValuePlanner.IsNumber) => known.Contains(ColumnType.Float) ? ColumnType.Float : ColumnType.Decimal,
            _ => throw QueryProblems.WrongType("case", $"The values of case (character {node.Position}) are of different types."),
        };
        if (!ValuePlanner.IsComparable(type)) throw QueryProblems.WrongType("case", $"The values of case (character {node.Position}) can be no lists.");
        return new ChoiceTerm([.. conditions.Zip(operands, (when, then) => (when, Typed(then, type)))], type);
    }

    /// <summary><c>cast(value,Edm.String)</c>; between types where no value is lost or refused.</summary>
    public Term Cast(CastNode node)
    {
        var operand = values.Operand(node.Value);
        var type = node.Type switch
        {
            "Edm.String" => ColumnType.Text,
            "Edm.Int64" => ColumnType.Integer,
            "Edm.Decimal" => ColumnType.Decimal,
            "Edm.Double" => ColumnType.Float,
            "Edm.Date" => ColumnType.Date,
            "Edm.DateTimeOffset" => ColumnType.Timestamp,
            _ => throw QueryProblems.WrongType("cast", $"cast (character {node.Position}) knows Edm.String, Edm.Int64, Edm.Decimal, Edm.Double, Edm.Date and Edm.DateTimeOffset, not '{node.Type}'."),
        };
        if (operand.Literal is { Value: null }) return new ConstantTerm(null, type);
        var term = operand.Natural();
        if (term.Type == type) return term;
        return CanBe(term.Type, type) ? new CastTerm(term, type)
            : throw QueryProblems.WrongType(operand.Name, $"'{operand.Name}' (character {node.Value.Position}) cannot be cast to {node.Type}.");
    }

    /// <summary>A date or an instant with a duration added or subtracted; null where no duration is there.</summary>
    public Term? Shift(BinaryNode node, Operand left, Operand right)
    {
        var (moment, duration) = right.Literal is { Value: TimeSpan } ? (left, right) : (right, left);
        if (duration.Literal is not { Value: TimeSpan by }) return null;
        var isSum = node.Operator == BinaryOperator.Add;
        if (moment.Literal is not { Value: TimeSpan } && (isSum || (node.Operator == BinaryOperator.Subtract && right.Literal is { Value: TimeSpan })))
        {
            var term = moment.Natural();
            if (term.Type == ColumnType.Timestamp) return new ShiftTerm(term, isSum ? by : -by);
            if (term.Type == ColumnType.Date)
                return by.Ticks % TimeSpan.TicksPerDay == 0 ? new ShiftTerm(term, isSum ? by : -by)
                    : throw QueryProblems.WrongType(moment.Name, $"'{moment.Name}' is a date: what is added to it (character {node.Position}) has whole days.");
        }
        throw QueryProblems.WrongType(moment.Name, $"A duration (character {duration.Literal.Position}) can only be added to a date or an instant, or subtracted from it.");
    }

    private static Term Typed(Operand operand, ColumnType type)
    {
        if (operand.Literal is { Value: null }) return new ConstantTerm(null, type);
        var term = operand.Natural();
        return term.Type == type ? term : new CastTerm(term, type);
    }

    private static bool CanBe(ColumnType from, ColumnType to) => (from, to) switch
    {
        (ColumnType.Integer or ColumnType.Decimal or ColumnType.Uuid or ColumnType.Date or ColumnType.Boolean, ColumnType.Text) => true,
        (ColumnType.Integer, ColumnType.Decimal or ColumnType.Float) or (ColumnType.Decimal, ColumnType.Float) => true,
        (ColumnType.Timestamp, ColumnType.Date) or (ColumnType.Date, ColumnType.Timestamp) => true,
        _ => false,
    };
}
