using System.Collections.Immutable;

namespace Xrm.Data.Queries;

/// <summary>
/// What a client asked for, understood as text but not yet compared with the model: names may be unknown, types may not fit.
/// </summary>
public sealed record DataQuery
{
    /// <summary>Name of a view (<c>entity.view</c>) whose filter and order apply; null for none.</summary>
    public string? View { get; init; }

    /// <summary>Names of the wanted properties; empty for all, <c>*</c> likewise.</summary>
    public ImmutableArray<NameNode> Select { get; init; } = [];

    /// <summary>The condition; null for none.</summary>
    public QueryNode? Filter { get; init; }

    /// <summary>Steps that make other rows of the rows (<c>$apply</c>); empty for none. What else is asked for is then about their result.</summary>
    public ImmutableArray<ApplyStep> Apply { get; init; } = [];

    /// <summary>The rows are still records: no step of <see cref="Apply"/> makes something else of them.</summary>
    public bool KeepsRecords => Apply.IsEmpty || Apply.All(step => step is not (GroupStep or ConcatStep));

    /// <summary>Expressions with names (<c>$compute</c>), which the other options can use and rows show.</summary>
    public ImmutableArray<ComputeItem> Compute { get; init; } = [];

    /// <summary>The order; empty for the view's or the entity's own.</summary>
    public ImmutableArray<OrderItem> OrderBy { get; init; } = [];

    /// <summary>Most rows wanted; null for no wish.</summary>
    public int? Top { get; init; }

    /// <summary>Rows to leave out first.</summary>
    public int Skip { get; init; }

    /// <summary>Where the page before this one ended, as its link said (<c>$skiptoken</c>); null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>Say how many rows there are in all.</summary>
    public bool Count { get; init; }

    /// <summary>Say about how many rows there are in all, at a cost that does not grow with them. Not together with <see cref="Count"/>.</summary>
    public bool EstimateCount { get; init; }

    /// <summary>Related records wanted inside each row.</summary>
    public ImmutableArray<ExpandItem> Expand { get; init; } = [];

    /// <summary>The records in the recycle bin in place of the others.</summary>
    public bool OnlyDeleted { get; init; }

    /// <summary>What to search for; null for no search.</summary>
    public SearchNode? Search { get; init; }

    /// <summary>Rows per page that the client prefers; null for no wish.</summary>
    public int? PageSize { get; init; }

    /// <summary>All rows at once, without pages, up to <see cref="Top"/>.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How the rows are wanted as CSV; null for JSON.</summary>
    public CsvOptions? Csv { get; init; }
}

/// <summary>A name in the query.</summary>
/// <param name="Name">The name as written.</param>
/// <param name="Position">One-based position in the option's text, for errors.</param>
public sealed record NameNode(string Name, int Position);

/// <summary>One step of an order.</summary>
/// <param name="By">What to sort by.</param>
/// <param name="Descending">Largest first.</param>
public sealed record OrderItem(QueryNode By, bool Descending);

/// <summary>Related records wanted inside each row.</summary>
/// <param name="Name">Name of a lookup, of children or of links, or of the inverse side of a lookup.</param>
/// <param name="Options">What is wanted of them.</param>
/// <param name="Position">One-based position in the option's text, for errors.</param>
/// <param name="Query">The options but <c>$top</c>, <c>$skip</c> and <c>$count</c>, as they stand in a URL: for the link to further rows.</param>
public sealed record ExpandItem(string Name, DataQuery Options, int Position, string Query = "");
