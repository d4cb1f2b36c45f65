namespace Xrm.Server.OData;

/// <summary>How large a query may be. Each limit is named in the error of who exceeds it.</summary>
internal static class QueryLimits
{
    /// <summary>Characters of one option.</summary>
    public const int OptionLength = 16_384;

    /// <summary>Parentheses and negations inside one another.</summary>
    public const int Depth = 40;

    /// <summary>Properties, constants, operators and calls in one condition.</summary>
    public const int Terms = 500;

    /// <summary>Constants in one <c>in</c> list.</summary>
    public const int ListItems = 1_000;

    /// <summary>Looks into lists and related records (<c>any</c>, <c>all</c>, <c>$count</c>, <c>$root</c>) in one condition.</summary>
    public const int Lambdas = 20;

    /// <summary>Terms in all expressions of one <c>$compute</c> or <c>compute</c>: each use of a name costs as much as what it names.</summary>
    public const int ComputedTerms = 50;

    /// <summary>Steps of <c>$apply</c>, those inside of <c>concat</c> among them.</summary>
    public const int ApplySteps = 20;

    /// <summary><c>concat</c> inside one another.</summary>
    public const int ConcatDepth = 3;

    /// <summary>Combinations of levels that one <c>groupby</c> with <c>rollup</c> counts, each a grouping of its own.</summary>
    public const int Groupings = 64;

    /// <summary>Names in a path.</summary>
    public const int PathSegments = 6;

    /// <summary>Properties in a selection, steps in an order, expansions at one level.</summary>
    public const int Names = 300;

    /// <summary>Expansions inside one another.</summary>
    public const int ExpandDepth = 4;

    /// <summary>Bytes in UTF-8 of a name that a query gives to a value: in related records, PostgreSQL writes it into their JSON.</summary>
    public const int NameBytes = 63;

    /// <summary>Aliases of one query.</summary>
    public const int Aliases = 50;

    /// <summary>Characters of a search.</summary>
    public const int SearchLength = 200;

    /// <summary>Words and phrases of a search.</summary>
    public const int SearchWords = 12;
}
