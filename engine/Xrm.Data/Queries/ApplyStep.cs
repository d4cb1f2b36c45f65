using System.Collections.Immutable;

namespace Xrm.Data.Queries;

/// <summary>A step of <c>$apply</c>, as written.</summary>
/// <param name="Position">One-based position in the option's text, for errors.</param>
public abstract record ApplyStep(int Position);

/// <summary><c>filter(…)</c>: only the rows that fulfil a condition go on.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Position">One-based position.</param>
public sealed record FilterStep(QueryNode Condition, int Position) : ApplyStep(Position);

/// <summary><c>compute(…)</c>: gives expressions names.</summary>
/// <param name="Items">The expressions, at least one.</param>
/// <param name="Position">One-based position.</param>
public sealed record ComputeStep(ImmutableArray<ComputeItem> Items, int Position) : ApplyStep(Position);

/// <summary><c>groupby((…),aggregate(…))</c> or <c>aggregate(…)</c>: many rows become one.</summary>
/// <param name="By">What tells one group from another; empty where all rows become one.</param>
/// <param name="Rollups">What tells groups apart, too, with groups for each coarser level besides.</param>
/// <param name="Aggregates">What is said of each group; empty for nothing but the group itself.</param>
/// <param name="Position">One-based position.</param>
public sealed record GroupStep(ImmutableArray<PathNode> By, ImmutableArray<RollupItem> Rollups, ImmutableArray<AggregateItem> Aggregates, int Position) : ApplyStep(Position);

/// <summary><c>rollup(account/industry,account/name)</c>: groups by all levels, by all but the last, and so on.</summary>
/// <param name="Levels">Properties from the coarsest to the finest, at least one.</param>
/// <param name="ToAll">Down to the group of all rows (<c>$all</c>); else to the first level.</param>
public sealed record RollupItem(ImmutableArray<PathNode> Levels, bool ToAll);

/// <summary><c>concat(…,…)</c>: the results of several sequences of steps, one behind the other.</summary>
/// <param name="Branches">The sequences, at least two; one without steps leaves the rows as they are.</param>
/// <param name="Position">One-based position.</param>
public sealed record ConcatStep(ImmutableArray<ImmutableArray<ApplyStep>> Branches, int Position) : ApplyStep(Position);

/// <summary><c>orderby(…)</c>: the order of the rows.</summary>
/// <param name="Order">The order, at least one step.</param>
/// <param name="Position">One-based position.</param>
public sealed record OrderStep(ImmutableArray<OrderItem> Order, int Position) : ApplyStep(Position);

/// <summary><c>top(5)</c> and <c>skip(5)</c>: only the first rows go on, or all but these.</summary>
/// <param name="Top">How many go on; null for all.</param>
/// <param name="Skip">How many are left out first.</param>
/// <param name="Position">One-based position.</param>
public sealed record RangeStep(int? Top, int Skip, int Position) : ApplyStep(Position);

/// <summary><c>topcount(5,total)</c>, <c>bottompercent(10,total)</c> and the like: only the rows with the largest or smallest values go on.</summary>
/// <param name="Measure">What <paramref name="Amount"/> says.</param>
/// <param name="Amount">How much of the rows, greater than 0 but for a number of rows.</param>
/// <param name="By">The value.</param>
/// <param name="Largest">True for the largest.</param>
/// <param name="Position">One-based position.</param>
public sealed record ExtremeStep(ExtremeMeasure Measure, decimal Amount, QueryNode By, bool Largest, int Position) : ApplyStep(Position);

/// <summary>How rows with the largest or smallest values are limited.</summary>
public enum ExtremeMeasure
{
    /// <summary><c>topcount</c>: how many rows.</summary>
    Count,

    /// <summary><c>topsum</c>: the fewest rows whose values come to the amount.</summary>
    Sum,

    /// <summary><c>toppercent</c>: the fewest rows whose values come to so many hundredths of all values.</summary>
    Percent,
}

/// <summary>An expression with a name: <c>value mul 2 as double</c>.</summary>
/// <param name="Value">The expression.</param>
/// <param name="Name">Its name.</param>
public sealed record ComputeItem(QueryNode Value, NameNode Name);

/// <summary>One value for many rows: <c>value with sum as total</c>.</summary>
/// <param name="Value">What is put together; null for <c>$count</c>, the number of rows.</param>
/// <param name="Method">How.</param>
/// <param name="Name">Name of the result.</param>
public sealed record AggregateItem(QueryNode? Value, AggregateMethod Method, NameNode Name);

/// <summary>How many values become one. Null values do not take part.</summary>
public enum AggregateMethod
{
    /// <summary><c>sum</c>; null for none.</summary>
    Sum,

    /// <summary><c>average</c>; null for none.</summary>
    Average,

    /// <summary><c>min</c>; null for none.</summary>
    Min,

    /// <summary><c>max</c>; null for none.</summary>
    Max,

    /// <summary><c>count</c>: how many values there are.</summary>
    Count,

    /// <summary><c>countdistinct</c>: how many different values there are.</summary>
    CountDistinct,
}
