using System.Collections.Immutable;
using System.Text;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads <c>$apply</c> and <c>$compute</c>.</summary>
internal static class ApplyParser
{
    private const string StepExpected = "filter, compute, groupby, aggregate, orderby, top, skip, topcount or bottomcount";

    /// <summary>Reads the steps of <c>$apply</c>, with slashes between them.</summary>
    public static ImmutableArray<ApplyStep> ReadApply(ref QueryLexer lexer)
    {
        var steps = ImmutableArray.CreateBuilder<ApplyStep>();
        do
        {
            if (steps.Count == QueryLimits.ApplySteps) throw QueryErrors.TooLarge($"$apply may have {QueryLimits.ApplySteps} steps.");
            steps.Add(ReadStep(ref lexer));
        }
        while (lexer.Skip(QueryToken.Slash));
        return steps.ToImmutable();
    }

    /// <summary>Reads expressions with names: <c>value mul 2 as double</c>.</summary>
    public static ImmutableArray<ComputeItem> ReadCompute(ref QueryLexer lexer)
    {
        var items = ImmutableArray.CreateBuilder<ComputeItem>();
        var parser = new FilterParser();
        do
        {
            var value = parser.ReadCondition(ref lexer);
            if (parser.Terms > QueryLimits.ComputedTerms) throw QueryErrors.TooLarge($"$compute may have {QueryLimits.ComputedTerms} terms.");
            items.Add(new ComputeItem(value, ReadAlias(ref lexer)));
        }
        while (lexer.Skip(QueryToken.Comma));
        return items.ToImmutable();
    }

    private static ApplyStep ReadStep(ref QueryLexer lexer)
    {
        var position = lexer.Position;
        if (lexer.Token != QueryToken.Word) throw lexer.Expected(StepExpected);
        ApplyStep step;
        if (Open(ref lexer, "filter")) step = new FilterStep(new FilterParser().ReadCondition(ref lexer), position);
        else if (Open(ref lexer, "compute")) step = new ComputeStep(ReadCompute(ref lexer), position);
        else if (Open(ref lexer, "aggregate")) step = new GroupStep([], ReadAggregates(ref lexer), position);
        else if (Open(ref lexer, "groupby")) step = ReadGroup(ref lexer, position);
        else if (Open(ref lexer, "orderby")) step = new OrderStep(OptionParser.ReadOrderBy(ref lexer), position);
        else if (Open(ref lexer, "top")) step = new RangeStep(OptionParser.ReadNumber(ref lexer), 0, position);
        else if (Open(ref lexer, "skip")) step = new RangeStep(null, OptionParser.ReadNumber(ref lexer), position);
        else if (Open(ref lexer, "topcount")) step = ReadExtreme(ref lexer, true, position);
        else if (Open(ref lexer, "bottomcount")) step = ReadExtreme(ref lexer, false, position);
        else throw lexer.Expected(StepExpected);
        lexer.Require(QueryToken.Close, "',' or ')'");
        return step;
    }

    private static bool Open(ref QueryLexer lexer, string word)
    {
        if (!lexer.Is(word)) return false;
        lexer.Read();
        lexer.Require(QueryToken.Open, "'('");
        return true;
    }

    private static ExtremeStep ReadExtreme(ref QueryLexer lexer, bool largest, int position)
    {
        var count = OptionParser.ReadNumber(ref lexer);
        lexer.Require(QueryToken.Comma, "',' and the value that counts");
        return new ExtremeStep(count, new FilterParser().ReadCondition(ref lexer), largest, position);
    }

    private static GroupStep ReadGroup(ref QueryLexer lexer, int position)
    {
        lexer.Require(QueryToken.Open, "'(' and the properties that tell groups apart");
        var by = ImmutableArray.CreateBuilder<PathNode>();
        do
        {
            Limit(by.Count);
            by.Add(FilterParser.ReadPath(ref lexer, "the name of a property"));
        }
        while (lexer.Skip(QueryToken.Comma));
        lexer.Require(QueryToken.Close, "',' or ')'");
        if (!lexer.Skip(QueryToken.Comma)) return new GroupStep(by.ToImmutable(), [], position);
        if (!Open(ref lexer, "aggregate")) throw lexer.Expected("aggregate");
        var aggregates = ReadAggregates(ref lexer);
        lexer.Require(QueryToken.Close, "',' or ')'");
        return new GroupStep(by.ToImmutable(), aggregates, position);
    }

    private static ImmutableArray<AggregateItem> ReadAggregates(ref QueryLexer lexer)
    {
        var items = ImmutableArray.CreateBuilder<AggregateItem>();
        do
        {
            Limit(items.Count);
            if (lexer.Is("$count"))
            {
                lexer.Read();
                items.Add(new AggregateItem(null, AggregateMethod.Count, ReadAlias(ref lexer)));
                continue;
            }
            var value = new FilterParser().ReadCondition(ref lexer);
            if (!lexer.Is("with")) throw lexer.Expected("with and how values are put together, such as: with sum as total");
            lexer.Read();
            items.Add(new AggregateItem(value, ReadMethod(ref lexer), ReadAlias(ref lexer)));
        }
        while (lexer.Skip(QueryToken.Comma));
        return items.ToImmutable();
    }

    private static AggregateMethod ReadMethod(ref QueryLexer lexer)
    {
        var method = lexer.Token != QueryToken.Word ? (AggregateMethod?)null : lexer.Span switch
        {
            "sum" => AggregateMethod.Sum,
            "average" => AggregateMethod.Average,
            "min" => AggregateMethod.Min,
            "max" => AggregateMethod.Max,
            "count" => AggregateMethod.Count,
            "countdistinct" => AggregateMethod.CountDistinct,
            _ => null,
        };
        if (method is not { } known) throw lexer.Expected("sum, average, min, max, count or countdistinct");
        lexer.Read();
        return known;
    }

    private static NameNode ReadAlias(ref QueryLexer lexer)
    {
        if (!lexer.Is("as")) throw lexer.Expected("as and a name for the result");
        lexer.Read();
        var position = lexer.Position;
        var name = lexer.RequireWord("a name for the result");
        if (Encoding.UTF8.GetByteCount(name) > QueryLimits.NameBytes) throw QueryErrors.TooLarge($"A name may have {QueryLimits.NameBytes} bytes in UTF-8 ({lexer.Option}, character {position}).");
        // What answers say about themselves has a dot or an at sign in its name.
        return name.AsSpan().ContainsAny(".@$") ? throw QueryErrors.NotUnderstood($"{lexer.Option}, character {position}: a name has letters, digits and underscores.") : new NameNode(name, position);
    }

    private static void Limit(int count)
    {
        if (count == QueryLimits.Names) throw QueryErrors.TooLarge($"$apply may have {QueryLimits.Names} names in a list.");
    }
}
