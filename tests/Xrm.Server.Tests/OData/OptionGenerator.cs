namespace Xrm.Server.Tests.OData;

/// <summary>Writes options of queries about contracts, as both parsers should understand them.</summary>
internal sealed class OptionGenerator(Random random)
{
    private readonly QueryGenerator _expressions = new(random);
    private int _names;

    /// <summary>A value of an option.</summary>
    public string Write(string option) => option switch
    {
        "$orderby" => Order(),
        "$select" => List(1, 6, () => Pick("title", "id", "months", "value", "status", "starts_on", "account_id", "labels", "*", "version")),
        "$expand" => Expand("contract", 3),
        "$compute" => List(1, 3, () => $"{Expression()} as {Name()}"),
        "$search" => Search(3),
        _ => Apply(),
    };

    /// <summary>The text with a part taken away, doubled, moved or put in.</summary>
    public string Mutate(string text) => random.Next(3) == 0
        ? text.Insert(random.Next(text.Length + 1), Pick(" desc", " asc", ";", "$top=1", "$filter=", "(", ")", " as x", " with sum", "with", "aggregate", "/", ",", "*", "$count", "NOT ", " OR ", "\"", "$select=title", "0", "all"))
        : _expressions.Mutate(text);

    private string Expression() => random.Next(4) switch
    {
        0 => _expressions.Text(2),
        1 => _expressions.Condition(1),
        _ => _expressions.Number(2),
    };

    private string Order() => List(1, 4, () => $"{(random.Next(2) == 0 ? Pick("title", "account/name", "account/holding/score", "id", "opens", "lines/$count", "$it/months") : Expression())}{Pick("", "", " asc", " desc")}");

    private string Expand(string entity, int depth) => string.Join(',', (entity switch
    {
        "contract" => Some("account", "lines", "topics"),
        "account" => Some("holding", "contracts"),
        "contract_line" => Some("asset", "contract"),
        "topic" => Some("contracts"),
        _ => [""],
    }).Where(name => name.Length > 0).Select(name => name + Nested(name, depth)));

    private string Nested(string name, int depth)
    {
        if (random.Next(3) == 0 || depth == 0) return "";
        var (entity, isList) = name switch { "account" or "holding" => ("account", false), "lines" => ("contract_line", true), "topics" => ("topic", true), "asset" => ("asset", false), "contract" => ("contract", false), _ => ("contract", true) };
        var title = entity switch { "contract" => "title", "contract_line" => "product", "asset" => "code", _ => "name" };
        var options = new List<string>();
        if (random.Next(2) == 0) options.Add($"$select={Pick(title, $"id,{title}", "*", $"{title},version")}");
        if (isList && random.Next(2) == 0) options.Add($"$filter={Pick($"{title} eq 'x'", $"contains({title},'a;b') or id ne null", $"length({title}) gt 1 and not ({title} eq 'O''Neil')")}");
        if (isList && random.Next(2) == 0) options.Add($"$orderby={title}{Pick("", " desc", ",id desc")}");
        if (isList && random.Next(3) == 0) options.Add($"$top={random.Next(1, 20)}");
        if (isList && random.Next(3) == 0) options.Add($"$skip={random.Next(1, 20)}");
        if (isList && random.Next(3) == 0) options.Add($"$count={Pick("true", "false")}");
        if (entity != "asset" && random.Next(2) == 0 && Expand(entity, depth - 1) is { Length: > 0 } inner) options.Add($"$expand={inner}");
        return options.Count == 0 ? "" : $"({string.Join(';', options.OrderBy(_ => random.Next()))})";
    }

    private string Apply()
    {
        var steps = new List<string>();
        if (random.Next(2) == 0) steps.Add($"filter({_expressions.Condition(1)})");
        if (random.Next(3) == 0) steps.Add($"compute({List(1, 2, () => $"{_expressions.Number(1)} as {Name()}")})");
        steps.Add(random.Next(4) switch
        {
            0 => $"aggregate({Aggregates()},value with sum as total)",
            1 => $"groupby(({string.Join(',', Keys())}))",
            _ => $"groupby(({string.Join(',', Keys())}),aggregate({Aggregates()},value with max as total))",
        });
        if (steps[^1].Contains("total", StringComparison.Ordinal) && random.Next(2) == 0) steps.Add(Pick("filter(total gt 1)", "aggregate(total with average as mean)", "compute(total mul 2 as twice)", "filter(total ge 2.5 or total eq null)/aggregate(total with min as least)"));
        return string.Join('/', steps);
    }

    private string[] Keys() => Some("status", "months", "account/industry", "account/name", "starts_on", "account/holding/name", "title");

    private string Aggregates() => List(1, 3, () => random.Next(5) switch
    {
        0 => $"$count as {Name()}",
        1 => $"{Pick("title", "status", "months", "account/name", "starts_on")} with countdistinct as {Name()}",
        2 => $"{Pick("months", "value")} with {Pick("min", "max", "sum", "average")} as {Name()}",
        3 => $"value mul 2.5 with sum as {Name()}",
        _ => $"account/score with {Pick("average", "sum", "max")} as {Name()}",
    });

    private string Search(int depth) => depth == 0 ? Pick("acme", "berlin", "\"two words\"", "lift", "\"x\"") : random.Next(7) switch
    {
        0 => $"{Search(depth - 1)} AND {Search(depth - 1)}",
        1 => $"{Search(depth - 1)} OR {Search(depth - 1)}",
        2 => $"({Search(depth - 1)})",
        3 => $"NOT {Search(0)}",
        4 => $"{Search(0)} {Search(0)}",
        _ => Search(0),
    };

    private string[] Some(params string[] names)
    {
        var some = names.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next()).ToArray();
        return some.Length > 0 ? some : [names[random.Next(names.Length)]];
    }

    private string List(int least, int most, Func<string> item) => string.Join(',', Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => item()));

    private string Name() => $"n{_names++}";

    private string Pick(params ReadOnlySpan<string> choices) => _expressions.Pick(choices);
}
