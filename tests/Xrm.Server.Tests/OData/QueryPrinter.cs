using System.Globalization;
using Xrm.Data.Queries;

namespace Xrm.Server.Tests.OData;

/// <summary>Writes a condition with all its parentheses, so that tests can say what was understood in one line.</summary>
internal static class QueryPrinter
{
    public static string Print(QueryNode? node) => node switch
    {
        null => "none",
        PathNode path => path.ToString(),
        LiteralNode literal => Print(literal),
        BinaryNode binary => $"({Print(binary.Left)} {binary.Operator} {Print(binary.Right)})",
        NegateNode negate => $"Negate({Print(negate.Operand)})",
        LambdaNode { Condition: null } any => $"Any({any.Collection})",
        LambdaNode lambda => $"{(lambda.All ? "All" : "Any")}({lambda.Collection}, {lambda.Variable}: {Print(lambda.Condition)})",
        CountNode count => $"Count({count.Collection}{(count.Filter is null ? "" : $", {Print(count.Filter)}")})",
        NotNode not => $"Not({Print(not.Operand)})",
        InNode list => $"{Print(list.Operand)} In [{string.Join(", ", list.Items.Select(Print))}]",
        CallNode call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Print))})",
        _ => node.ToString(),
    };

    private static string Print(LiteralNode literal) => literal.Value switch
    {
        null => "null",
        string text => $"'{text}'",
        DateTime instant => instant.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        var value => $"{literal.Kind}:{Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };
}
