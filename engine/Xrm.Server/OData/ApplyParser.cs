using System.Collections.Immutable;
using System.Text;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads <c>$apply</c> and <c>$compute</c>.</summary>
internal static class ApplyParser
{
    /// <summary>The steps that there are.</summary>
    public static readonly ImmutableArray<string> Steps = ["filter", "compute", "groupby", "aggregate", "concat", "orderby", "top", "skip", "identity", "topcount", "topsum", "toppercent", "bottomcount", "bottomsum", "bottompercent"];

    private const string StepExpected = "filter, compute, groupby, aggregate, concat, orderby, top, skip, identity, or topcount, topsum, toppercent and their opposites with bottom";

    /// <summary>Reads the steps of <c>$apply</c>, with slashes between them.</summary>
    public static ImmutableArray<ApplyStep> ReadApply(ref QueryLexer lexer)
    {
        var count = 0;
        return ReadSteps(ref lexer, ref count, 0);
    }

    private static ImmutableArray<ApplyStep> ReadSteps(ref QueryLexer lexer, ref int count, int depth)
    {
        var steps = ImmutableArray.CreateBuilder<ApplyStep>();
        do
        {
            if (++count > QueryLimits.ApplySteps) throw QueryErrors.TooLarge($"$apply may have {QueryLimits.ApplySteps} steps.");
            if (lexer.Is("identity")) lexer.Read();
            else steps.Add(lexer.Is("concat") ? ReadConcat(ref lexer, ref count, depth + 1) : ReadStep(ref lexer));
        }
        while (lexer.Skip(QueryToken.Slash));
        return steps.ToImmutable();
    }

    private static ConcatStep ReadConcat(ref QueryLexer lexer, ref int count, int depth)
    {
        var position = lexer.Position;
        if (depth > QueryLimits.ConcatDepth) throw QueryErrors.TooLarge($"concat may be nested {QueryLimits.ConcatDepth} deep.");
        Open(ref lexer, "concat");
        var branches = ImmutableArray.CreateBuilder<ImmutableArray<ApplyStep>>();
        do branches.Add(ReadSteps(ref lexer, ref count, depth));
        while (lexer.Skip(QueryToken.Comma));
        if (branches.Count == 1) throw lexer.Expected("',' and further steps");
        lexer.Require(QueryToken.Close, "'/', ',' or ')'");
        return new ConcatStep(branches.ToImmutable(), position);
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
        else if (Open(ref lexer, "aggregate")) step = new GroupStep([], [], ReadAggregates(ref lexer), position);
        else if (Open(ref lexer, "groupby")) step = ReadGroup(ref lexer, position);
        else if (Open(ref lexer, "orderby")) step = new OrderStep(OptionParser.ReadOrderBy(ref lexer), position);
        else if (Open(ref lexer, "top")) step = new RangeStep(OptionParser.ReadNumber(ref lexer), 0, position);
        else if (Open(ref lexer, "skip")) step = new RangeStep(null, OptionParser.ReadNumber(ref lexer), position);
        else if (Extreme(lexer) is { } extreme) step = ReadExtreme(ref lexer, extreme, position);
        else throw lexer.Span is "join" or "outerjoin" or "nest" or "addnested" or "expand" or "search" or "ancestors" or "descendants" or "traverse"
            ? lexer.Wrong($"{lexer.Span} is not supported. There are {StepExpected}.")
            : lexer.Expected(StepExpected);
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

    private static (ExtremeMeasure Measure, bool Largest)? Extreme(QueryLexer lexer) => lexer.Find<(ExtremeMeasure, bool)>(
    [
        ("topcount", (ExtremeMeasure.Count, true)),
        ("topsum", (ExtremeMeasure.Sum, true)),
        ("toppercent", (ExtremeMeasure.Percent, true)),
        ("bottomcount", (ExtremeMeasure.Count, false)),
        ("bottomsum", (ExtremeMeasure.Sum, false)),
        ("bottompercent", (ExtremeMeasure.Percent, false)),
    ]);

    private static ExtremeStep ReadExtreme(ref QueryLexer lexer, (ExtremeMeasure Measure, bool Largest) kind, int position)
    {
        lexer.Read();
        lexer.Require(QueryToken.Open, "'('");
        var amount = kind.Measure == ExtremeMeasure.Count ? OptionParser.ReadNumber(ref lexer) : ReadAmount(ref lexer, kind.Measure);
        lexer.Require(QueryToken.Comma, "',' and the value that counts");
        return new ExtremeStep(kind.Measure, amount, new FilterParser().ReadCondition(ref lexer), kind.Largest, position);
    }

    private static decimal ReadAmount(ref QueryLexer lexer, ExtremeMeasure measure)
    {
        var isPercent = measure == ExtremeMeasure.Percent;
        var place = lexer;
        return lexer.Token == QueryToken.Number && LiteralParser.Read(ref lexer).Value is decimal and > 0 and var amount && (!isPercent || amount <= 100)
            ? amount : throw place.Expected(isPercent ? "a number greater than 0, at most 100" : "a number greater than 0");
    }

    private static GroupStep ReadGroup(ref QueryLexer lexer, int position)
    {
        lexer.Require(QueryToken.Open, "'(' and the properties that tell groups apart");
        var (by, rollups) = (ImmutableArray.CreateBuilder<PathNode>(), ImmutableArray.CreateBuilder<RollupItem>());
        var groupings = 1;
        do
        {
            Limit(by.Count);
            if (lexer.Token == QueryToken.Word && !lexer.Is("rollup") && lexer.IsBeforeOpen()) throw lexer.Wrong(NoGroup(lexer.Span));
            if (!lexer.Is("rollup") || !lexer.IsBeforeOpen()) by.Add(FilterParser.ReadPath(ref lexer, "the name of a property, or rollup"));
            else
            {
                rollups.Add(ReadRollup(ref lexer));
                if ((groupings *= rollups[^1].Levels.Length + 1) > QueryLimits.Groupings) throw QueryErrors.TooLarge($"The levels of rollup may have {QueryLimits.Groupings} combinations.");
            }
        }
        while (lexer.Skip(QueryToken.Comma));
        lexer.Require(QueryToken.Close, "',' or ')'");
        var aggregates = ImmutableArray<AggregateItem>.Empty;
        if (lexer.Skip(QueryToken.Comma))
        {
            if (!Open(ref lexer, "aggregate")) throw lexer.Expected("aggregate: no other steps are supported inside of groupby");
            aggregates = ReadAggregates(ref lexer);
            lexer.Require(QueryToken.Close, "',' or ')'");
        }
        return new GroupStep(by.ToImmutable(), rollups.ToImmutable(), aggregates, position);
    }

    private static string NoGroup(ReadOnlySpan<char> call) => FunctionNames.Find(call.ToString()) is null
        ? $"{call} is not supported: a group goes by properties, or by rollup(…)."
        : $"a group goes by properties and by values with names: compute({call}(…) as part)/groupby((part)).";

    private static RollupItem ReadRollup(ref QueryLexer lexer)
    {
        lexer.Read();
        lexer.Require(QueryToken.Open, "'('");
        var toAll = lexer.Is("$all");
        var levels = ImmutableArray.CreateBuilder<PathNode>();
        if (toAll) lexer.Read();
        else levels.Add(FilterParser.ReadPath(ref lexer, "$all or the name of a property"));
        if (lexer.Token != QueryToken.Comma) throw lexer.Expected("',' and a finer level: hierarchies with names are not supported");
        while (lexer.Skip(QueryToken.Comma))
        {
            Limit(levels.Count);
            levels.Add(FilterParser.ReadPath(ref lexer, "the name of a property"));
        }
        lexer.Require(QueryToken.Close, "',' or ')'");
        return new RollupItem(levels.ToImmutable(), toAll);
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
        var method = lexer.Find<AggregateMethod>(
        [
            ("sum", AggregateMethod.Sum),
            ("average", AggregateMethod.Average),
            ("min", AggregateMethod.Min),
            ("max", AggregateMethod.Max),
            ("count", AggregateMethod.Count),
            ("countdistinct", AggregateMethod.CountDistinct),
        ]);
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
