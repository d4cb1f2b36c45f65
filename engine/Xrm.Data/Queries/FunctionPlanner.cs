using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans calls: the types of arguments and results. A function of null gives null.</summary>
internal sealed class FunctionPlanner(ValuePlanner values, QueryContext context)
{
    public Term Plan(CallNode call) => call.Function switch
    {
        QueryFunction.ToLower => new CaseTerm(Text(call, 0), Upper: false),
        QueryFunction.ToUpper => new CaseTerm(Text(call, 0), Upper: true),
        QueryFunction.Contains or QueryFunction.StartsWith or QueryFunction.EndsWith => new MatchTerm(call.Function, Text(call, 0), Text(call, 1)),
        QueryFunction.MatchesPattern => new FunctionTerm(call.Function, [Text(call, 0), Pattern(call)], ColumnType.Boolean),
        QueryFunction.Length => new FunctionTerm(call.Function, [Text(call, 0)], ColumnType.Integer),
        QueryFunction.IndexOf => new FunctionTerm(call.Function, [Text(call, 0), Text(call, 1)], ColumnType.Integer),
        QueryFunction.Substring => new FunctionTerm(call.Function, [Text(call, 0), .. Enumerable.Range(1, call.Arguments.Length - 1).Select(index => WholeNumber(call, index))], ColumnType.Text),
        QueryFunction.Concat => new FunctionTerm(call.Function, [Text(call, 0), Text(call, 1)], ColumnType.Text),
        QueryFunction.Trim => new FunctionTerm(call.Function, [Text(call, 0)], ColumnType.Text),
        QueryFunction.Year or QueryFunction.Month or QueryFunction.Day => PartOf(call, ColumnType.Date, ColumnType.Integer),
        QueryFunction.Hour or QueryFunction.Minute or QueryFunction.Second => PartOf(call, ColumnType.Time, ColumnType.Integer),
        QueryFunction.FractionalSeconds => PartOf(call, ColumnType.Time, ColumnType.Decimal),
        QueryFunction.Date => PartOf(call, ColumnType.Timestamp, ColumnType.Date),
        QueryFunction.Time => PartOf(call, ColumnType.Timestamp, ColumnType.Time),
        QueryFunction.TotalOffsetMinutes => PartOf(call, ColumnType.Timestamp, ColumnType.Integer),
        QueryFunction.Now => new ConstantTerm(context.UtcNow, ColumnType.Timestamp),
        QueryFunction.MinDateTime => new ConstantTerm(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), ColumnType.Timestamp),
        QueryFunction.MaxDateTime => new ConstantTerm(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc).AddTicks(1 - TimeSpan.TicksPerMicrosecond), ColumnType.Timestamp),
        _ => Rounded(call),
    };

    private Term Text(CallNode call, int index)
    {
        var operand = values.Operand(call.Arguments[index]);
        var term = operand.As(ColumnType.Text, "the argument");
        return term.Type == ColumnType.Text ? term : throw WrongArgument(call, index, operand, "a text");
    }

    private Term WholeNumber(CallNode call, int index)
    {
        var operand = values.Operand(call.Arguments[index]);
        var term = operand.As(ColumnType.Integer, "the argument");
        return term.Type == ColumnType.Integer ? term : throw WrongArgument(call, index, operand, "a whole number");
    }

    private static ConstantTerm Pattern(CallNode call)
    {
        if (call.Arguments[1] is not LiteralNode { Value: string pattern } literal)
            throw QueryProblems.WrongType("matchesPattern", $"matchesPattern (character {call.Position}) needs its pattern as a text in quotes.");
        if (TextPattern.Problem(pattern) is { } problem)
            throw QueryProblems.WrongType("matchesPattern", $"The pattern of matchesPattern (character {literal.Position}) {problem}");
        return new ConstantTerm(pattern, ColumnType.Text);
    }

    private FunctionTerm PartOf(CallNode call, ColumnType type, ColumnType result)
    {
        var operand = values.Operand(call.Arguments[0]);
        var term = operand.Literal is { Value: null } ? new ConstantTerm(null, type) : operand.Natural();
        return term.Type == type || term.Type == ColumnType.Timestamp
            ? new FunctionTerm(call.Function, [term], result)
            : throw WrongArgument(call, 0, operand, type == ColumnType.Timestamp ? "an instant" : type == ColumnType.Date ? "a date or an instant" : "a time of day or an instant");
    }

    private FunctionTerm Rounded(CallNode call)
    {
        var operand = values.Operand(call.Arguments[0]);
        var term = operand.Literal is { Value: null } ? new ConstantTerm(null, ColumnType.Decimal) : operand.Natural();
        return ValuePlanner.IsNumber(term.Type) ? new FunctionTerm(call.Function, [term], term.Type) : throw WrongArgument(call, 0, operand, "a number");
    }

    private static Errors.XrmException WrongArgument(CallNode call, int index, Operand operand, string expected) =>
        QueryProblems.WrongType(operand.Name, $"'{operand.Name}' (character {call.Arguments[index].Position}) is not {expected}, as {call.Function.ToString().ToLowerInvariant()} needs it.");
}
