using System.Globalization;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.OData;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.OData;

/// <summary>Our parser and Microsoft's accept and refuse the same conditions, and understand the same by them.</summary>
public sealed class DifferentialTests
{
    private const int Rounds = 6_000;

    [Theory]
    [InlineData(20261123)]
    [InlineData(7)]
    [InlineData(1001)]
    [InlineData(1002)]
    public void Conditions_mean_what_they_mean_to_the_reference(int seed)
    {
        var (reference, random) = (new ReferenceParser(), new Random(seed));
        var (differences, accepted, refused) = (new List<string>(), 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var generator = new QueryGenerator(random);
            var filter = generator.Condition();
            if (round % 2 == 1) filter = generator.Mutate(filter);
            var (ours, ourRefusal) = Parse(filter);
            var (theirs, theirRefusal) = reference.Parse(filter);
            if (theirs is null && ours is not null && reference.Parse(DeliberateDifferences.WithSpaces(filter)) is { Tree: { } spaced }) theirs = spaced;
            if (DeliberateDifferences.AreSame(ours, theirs))
            {
                if (ours is null) refused++;
                else accepted++;
            }
            else if (!DeliberateDifferences.Explain(ours, theirs, theirRefusal + ourRefusal)) differences.Add($"{filter}\n  ours: {ours ?? ourRefusal}\n  reference: {theirs ?? theirRefusal}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(40))}");
        Assert.True(accepted > Rounds / 3 && refused > Rounds / 10, $"{accepted} accepted, {refused} refused: the generator has lost its aim.");
    }

    private static (string? Tree, string Refusal) Parse(string filter)
    {
        try
        {
            var query = ODataUrl.Parse($"?$filter={Uri.EscapeDataString(filter)}");
            QueryPlan.For("contracts", query, QueryModel.Context(QueryModel.Person("legal")));
            return (Print(query.Filter!), "");
        }
        catch (XrmException refused)
        {
            Assert.Equal(400, refused.Status);
            return (null, refused.Message);
        }
    }

    /// <summary>An expression in the words of the reference.</summary>
    public static string Print(QueryNode node) => node switch
    {
        LiteralNode { Value: decimal number } => number.ToString("G29", CultureInfo.InvariantCulture),
        LiteralNode { Value: bool truth } => truth ? "true" : "false",
        LiteralNode { Value: Guid id } => id.ToString("D"),
        PathNode path => path.ToString().Replace("$it/", "", StringComparison.Ordinal),
        BinaryNode binary => $"({Print(binary.Left)} {binary.Operator} {Print(binary.Right)})",
        NotNode not => $"Not({Print(not.Operand)})",
        NegateNode negate => $"Negate({Print(negate.Operand)})",
        InNode list => $"{Print(list.Operand)} In [{string.Join(", ", list.Items.Select(Print))}]",
        CallNode call => $"{call.Function.ToString().ToLowerInvariant()}({string.Join(", ", call.Arguments.Select(Print))})",
        LambdaNode { Condition: { } condition } lambda => $"{(lambda.All ? "All" : "Any")}({Print(lambda.Collection)}, {lambda.Variable}: {Print(condition)})",
        LambdaNode any => $"Any({Print(any.Collection)})",
        CountNode { Filter: null } count => $"Count({Print(count.Collection)})",
        _ => QueryPrinter.Print(node),
    };
}
