using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads the options of a query, at the top and inside <c>$expand</c>.</summary>
internal static class OptionParser
{
    /// <summary>Reads one <c>$select</c>: names with commas between.</summary>
    public static ImmutableArray<NameNode> ReadSelect(ref QueryLexer lexer)
    {
        var names = ImmutableArray.CreateBuilder<NameNode>();
        do
        {
            Limit(names.Count, "$select");
            var position = lexer.Position;
            names.Add(new NameNode(lexer.Skip(QueryToken.Star) ? "*" : lexer.RequireWord("the name of a property"), position));
            if (lexer.Token == QueryToken.Slash) throw lexer.Wrong($"values of related records come with $expand={names[^1].Name}($select=…), or with $compute and a name.");
        }
        while (lexer.Skip(QueryToken.Comma));
        return names.ToImmutable();
    }

    /// <summary>Reads one <c>$orderby</c>: expressions with <c>asc</c> or <c>desc</c>.</summary>
    public static ImmutableArray<OrderItem> ReadOrderBy(ref QueryLexer lexer)
    {
        var items = ImmutableArray.CreateBuilder<OrderItem>();
        do
        {
            Limit(items.Count, "$orderby");
            var by = new FilterParser().ReadCondition(ref lexer);
            var descending = lexer.Is("desc");
            if (descending || lexer.Is("asc")) lexer.Read();
            items.Add(new OrderItem(by, descending));
        }
        while (lexer.Skip(QueryToken.Comma));
        return items.ToImmutable();
    }

    /// <summary>Reads one <c>$expand</c>: names, each with options in parentheses.</summary>
    public static ImmutableArray<ExpandItem> ReadExpand(ref QueryLexer lexer, int depth)
    {
        if (depth > QueryLimits.ExpandDepth) throw QueryErrors.TooLarge($"$expand may be nested {QueryLimits.ExpandDepth} deep.");
        var items = ImmutableArray.CreateBuilder<ExpandItem>();
        do
        {
            Limit(items.Count, "$expand");
            var position = lexer.Position;
            var name = lexer.RequireWord("the name of a lookup or of a collection");
            var (options, query) = lexer.Skip(QueryToken.Open) ? ReadNested(ref lexer, depth) : (new DataQuery(), "");
            items.Add(new ExpandItem(name, options, position, query));
        }
        while (lexer.Skip(QueryToken.Comma));
        return items.ToImmutable();
    }

    /// <summary>Reads the whole number of <c>$top</c> and <c>$skip</c>.</summary>
    public static int ReadNumber(ref QueryLexer lexer)
    {
        if (lexer.Token != QueryToken.Number || !int.TryParse(lexer.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw lexer.Expected("a whole number, 0 or greater");
        lexer.Read();
        return number;
    }

    /// <summary>Reads the <c>true</c> or <c>false</c> of <c>$count</c>.</summary>
    public static bool ReadBoolean(ref QueryLexer lexer)
    {
        var value = lexer.Is("true");
        if (!value && !lexer.Is("false")) throw lexer.Expected("true, false, or (not inside of $expand) estimate");
        lexer.Read();
        return value;
    }

    private static (DataQuery Options, string Query) ReadNested(ref QueryLexer lexer, int depth)
    {
        var query = new DataQuery();
        var text = new StringBuilder();
        var seen = ImmutableArray<string>.Empty;
        do
        {
            var name = NestedName(ref lexer);
            if (seen.Contains(name)) throw lexer.Wrong($"{name} is given twice.");
            seen = seen.Add(name);
            var start = lexer.Start;
            query = ReadOption(ref lexer, query, name, depth);
            if (name is not ("$top" or "$skip" or "$count"))
                text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(lexer.Text[start..lexer.Start].TrimEnd()));
        }
        while (lexer.Skip(QueryToken.Semicolon));
        foreach (var (name, value) in lexer.Aliases ?? ImmutableDictionary<string, string>.Empty) text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        lexer.Require(QueryToken.Close, "';' or ')'");
        return (query, text.ToString());
    }

    private static string NestedName(ref QueryLexer lexer)
    {
        const string Expected = "$select, $filter, $compute, $orderby, $top, $skip, $count or $expand";
        if (lexer.Token != QueryToken.Word) throw lexer.Expected(Expected);
        var name = (lexer.Span[0] == '$' ? lexer.Span.ToString() : $"${lexer.Span}").ToLowerInvariant();
        if (name is not ("$select" or "$filter" or "$compute" or "$orderby" or "$top" or "$skip" or "$count" or "$expand")) throw lexer.Expected(Expected);
        lexer.Read();
        lexer.Require(QueryToken.Equals, "'='");
        return name;
    }

    /// <summary>Reads the value of one option into the query.</summary>
    public static DataQuery ReadOption(ref QueryLexer lexer, DataQuery query, string name, int depth) => name switch
    {
        "$select" => query with { Select = ReadSelect(ref lexer) },
        "$filter" => query with { Filter = new FilterParser().ReadCondition(ref lexer) },
        "$apply" => query with { Apply = ApplyParser.ReadApply(ref lexer) },
        "$compute" => query with { Compute = ApplyParser.ReadCompute(ref lexer) },
        "$orderby" => query with { OrderBy = ReadOrderBy(ref lexer) },
        "$expand" => query with { Expand = ReadExpand(ref lexer, depth + 1) },
        "$top" => query with { Top = ReadNumber(ref lexer) },
        "$skip" => query with { Skip = ReadNumber(ref lexer) },
        "$count" => query with { Count = ReadBoolean(ref lexer) },
        _ => throw lexer.Expected("an option of the query"),
    };

    private static void Limit(int count, string option)
    {
        if (count == QueryLimits.Names) throw QueryErrors.TooLarge($"{option} may have {QueryLimits.Names} names.");
    }
}
