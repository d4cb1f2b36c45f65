using System.Collections.Immutable;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>What stands between the operators: constants, paths, calls, conditions about items, parentheses.</summary>
internal ref partial struct FilterParser
{
    /// <summary>The record that the query is about, where a name alone would mean something else.</summary>
    public const string This = "$it";

    private const string Root = "$root";

    private const string OperandExpected = "a property, a constant, a function or '('";

    /// <summary>Reads a path of names.</summary>
    public static PathNode ReadPath(ref QueryLexer lexer, string expected)
    {
        var position = lexer.Position;
        var segments = ImmutableArray.CreateBuilder<string>(1);
        if (lexer.Is(This))
        {
            segments.Add(This);
            lexer.Read();
        }
        else segments.Add(lexer.RequireWord(expected));
        while (lexer.Token == QueryToken.Slash && !lexer.IsBefore("any", "all", "$count"))
        {
            lexer.Read();
            if (segments.Count == QueryLimits.PathSegments) throw QueryErrors.TooLarge($"A path may have {QueryLimits.PathSegments} names.");
            segments.Add(lexer.RequireWord("a name after '/'"));
        }
        return new PathNode(segments.ToImmutable(), position);
    }

    private QueryNode ReadOperand(ref QueryLexer lexer)
    {
        Count();
        if (lexer.Token == QueryToken.Open)
        {
            Enter();
            lexer.Read();
            var inner = ReadCondition(ref lexer);
            lexer.Require(QueryToken.Close, "')'");
            _depth--;
            return inner;
        }
        if (LiteralParser.IsLiteral(ref lexer)) return LiteralParser.Read(ref lexer);
        if (lexer.Token == QueryToken.Word && lexer.Span[0] == '@') return ReadAlias(ref lexer);
        if (lexer.Is(Root)) return ReadRoot(ref lexer);
        var name = ReadPath(ref lexer, OperandExpected);
        if (lexer.Skip(QueryToken.Slash)) return ReadCollection(ref lexer, name);
        return lexer.Token == QueryToken.Open && name.Segments.Length == 1 ? ReadCall(ref lexer, name) : name;
    }

    private QueryNode ReadCall(ref QueryLexer lexer, PathNode name)
    {
        if (name.Segments[0].ToLowerInvariant() is "case" or "cast" or "isof") return ReadSpecial(ref lexer, name);
        if (FunctionNames.Find(name.Segments[0]) is not { } function)
            throw QueryErrors.NotUnderstood($"{lexer.Option}, character {name.Position}: there is no function '{name.Segments[0]}'. There are {FunctionNames.All}.");
        Enter();
        lexer.Read();
        var arguments = ImmutableArray.CreateBuilder<QueryNode>(function.Most);
        while (arguments.Count < function.Least || (arguments.Count < function.Most && lexer.Token == QueryToken.Comma))
        {
            if (arguments.Count > 0) lexer.Require(QueryToken.Comma, "','");
            arguments.Add(ReadCondition(ref lexer));
        }
        lexer.Require(QueryToken.Close, "')'");
        _depth--;
        return new CallNode(function.Function, arguments.ToImmutable(), name.Position);
    }

    private QueryNode ReadSpecial(ref QueryLexer lexer, PathNode name)
    {
        Enter();
        lexer.Read();
        QueryNode node = name.Segments[0].ToLowerInvariant() switch
        {
            "case" => ReadCase(ref lexer, name.Position),
            "cast" => ReadCast(ref lexer, name.Position),
            _ => ReadIsOf(ref lexer, name.Position),
        };
        lexer.Require(QueryToken.Close, "')'");
        _depth--;
        return node;
    }

    private CaseNode ReadCase(ref QueryLexer lexer, int position)
    {
        var choices = ImmutableArray.CreateBuilder<(QueryNode, QueryNode)>();
        do
        {
            var when = ReadCondition(ref lexer);
            lexer.Require(QueryToken.Colon, "':' and the value for that condition");
            choices.Add((when, ReadCondition(ref lexer)));
        }
        while (lexer.Skip(QueryToken.Comma));
        return new CaseNode(choices.ToImmutable(), position);
    }

    private CastNode ReadCast(ref QueryLexer lexer, int position)
    {
        var value = ReadCondition(ref lexer);
        lexer.Require(QueryToken.Comma, "','");
        return new CastNode(value, ReadType(ref lexer, "the name of a type, such as Edm.String"), position);
    }

    private IsOfNode ReadIsOf(ref QueryLexer lexer, int position)
    {
        const string Expected = "the name of a type, such as Xrm.account";
        var value = ReadCondition(ref lexer);
        if (lexer.Skip(QueryToken.Comma)) return new IsOfNode(value, ReadType(ref lexer, Expected), position);
        return value is PathNode { Segments: [var type] } ? new IsOfNode(null, type, position) : throw lexer.Expected($"',' and {Expected}");
    }

    /// <summary>The name of a type, which some libraries put into quotes.</summary>
    private static string ReadType(ref QueryLexer lexer, string expected) =>
        lexer.Token == QueryToken.Text ? (string)LiteralParser.Read(ref lexer).Value! : lexer.RequireWord(expected);

    /// <summary>A value of one record of a collection: <c>$root/accounts(…)/name</c>.</summary>
    private RootNode ReadRoot(ref QueryLexer lexer)
    {
        CountCollection();
        var position = Take(ref lexer);
        lexer.Require(QueryToken.Slash, "'/' and the name of a collection");
        var collection = lexer.RequireWord("the name of a collection");
        lexer.Require(QueryToken.Open, "'(' and the key of a record: $root leads to one record");
        var key = lexer.Token == QueryToken.Uuid ? [("id", LiteralParser.Read(ref lexer))] : KeyParser.Read(ref lexer);
        lexer.Require(QueryToken.Close, "')'");
        lexer.Require(QueryToken.Slash, "'/' and the name of a property");
        var path = ReadPath(ref lexer, "the name of a property");
        return lexer.Token == QueryToken.Slash ? throw lexer.Wrong("any, all and $count are not supported behind $root.") : new RootNode(collection, key, path, position);
    }

    /// <summary>An expression that stands elsewhere in the URL: <c>$filter=title eq @p&amp;@p='x'</c>.</summary>
    private QueryNode ReadAlias(ref QueryLexer lexer)
    {
        var name = lexer.Span.ToString();
        if (lexer.Aliases?.TryGetValue(name, out var text) != true) throw lexer.Wrong($"there is no {name} in the URL: add &{name}=… to it.");
        // Without aliases of its own: none can lead back to itself.
        var inner = new QueryLexer(text, name);
        Enter();
        var node = ReadCondition(ref inner);
        if (inner.Token != QueryToken.End) throw inner.Expected("the end, or an operator");
        _depth--;
        lexer.Read();
        return node;
    }

    private QueryNode ReadCollection(ref QueryLexer lexer, PathNode collection)
    {
        var position = lexer.Position;
        CountCollection();
        if (lexer.Is("$count"))
        {
            lexer.Read();
            return new CountNode(collection, lexer.Token == QueryToken.Open ? ReadCountFilter(ref lexer) : null, position);
        }
        var isAll = lexer.Is("all");
        lexer.Read();
        lexer.Require(QueryToken.Open, "'('");
        if (!isAll && lexer.Skip(QueryToken.Close)) return new LambdaNode(collection, All: false, null, null, position);
        Enter();
        var variable = lexer.RequireWord("a name for an item, such as x: x/amount gt 1");
        lexer.Require(QueryToken.Colon, "':'");
        var condition = ReadCondition(ref lexer);
        lexer.Require(QueryToken.Close, "')'");
        _depth--;
        return new LambdaNode(collection, isAll, variable, condition, position);
    }

    private void CountCollection()
    {
        if (++_lambdas > QueryLimits.Lambdas) throw QueryErrors.TooLarge($"A condition may have {QueryLimits.Lambdas} of any, all, $count and $root.");
    }

    private QueryNode ReadCountFilter(ref QueryLexer lexer)
    {
        Enter();
        lexer.Read();
        if (!lexer.Is("$filter") && !lexer.Is("filter")) throw lexer.Expected("$filter");
        lexer.Read();
        lexer.Require(QueryToken.Equals, "'='");
        var filter = ReadCondition(ref lexer);
        lexer.Require(QueryToken.Close, "')'");
        _depth--;
        return filter;
    }

    private InNode ReadIn(ref QueryLexer lexer, QueryNode operand)
    {
        var position = Take(ref lexer);
        lexer.Require(QueryToken.Open, "'(' and a list of constants");
        var items = ImmutableArray.CreateBuilder<LiteralNode>();
        do
        {
            if (items.Count == QueryLimits.ListItems) throw QueryErrors.TooLarge($"A list may have {QueryLimits.ListItems} constants.");
            items.Add(LiteralParser.Read(ref lexer));
        }
        while (lexer.Skip(QueryToken.Comma));
        lexer.Require(QueryToken.Close, "',' or ')'");
        return new InNode(operand, items.ToImmutable(), position);
    }
}
