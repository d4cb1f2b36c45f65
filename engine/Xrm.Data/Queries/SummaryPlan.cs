using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>A query whose rows are put together to groups (<c>$apply</c>), with the caller's rights. Turning it into SQL cannot fail.</summary>
public sealed record SummaryPlan
{
    internal SummaryPlan(QueryPlan source, SummaryPipe pipe) => (Source, Pipe) = (source, pipe);

    /// <summary>Entity of the rows that are put together.</summary>
    public Entity Entity => Source.Entity;

    /// <summary>Say how many rows the result has.</summary>
    public bool WithCount { get; internal init; }

    /// <summary>Most rows that one answer has.</summary>
    public int PageSize { get; internal init; }

    /// <summary>The client may go on behind this page: its own limit is not reached.</summary>
    public bool HasNextPages { get; internal init; }

    /// <summary>What the rows show.</summary>
    public string Shape => string.Join(',', Columns.Where(column => !column.IsHidden).Select(column => string.Join('/', column.Path)));

    internal QueryPlan Source { get; }

    /// <summary>What becomes of the rows.</summary>
    internal SummaryPipe Pipe { get; }

    /// <summary>What the result shows: the groups' values first, then those about each group.</summary>
    internal ImmutableArray<SummaryColumn> Columns => Pipe.Stages[^1].Columns;

    /// <summary>What rows of the result must fulfil.</summary>
    internal ImmutableArray<Term> Where { get; init; } = [];

    internal ImmutableArray<PlannedOrder> Order { get; init; } = [];

    internal int Limit { get; init; }

    internal int Offset { get; init; }

    /// <summary>The statement of the plan, with <c>$n</c> in place of values.</summary>
    /// <param name="schema">Schema of the organisation.</param>
    public string ToSql(string schema) => SummarySql.Rows(this, schema).ToString();

    /// <summary>Plans a query with <see cref="DataQuery.Apply"/>.</summary>
    /// <param name="collection">Plural name of the entity.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <exception cref="Errors.XrmException">404 unknown collection, 403 no right, 400 a name or value that does not fit.</exception>
    public static SummaryPlan For(string collection, DataQuery query, QueryContext context) =>
        new SummaryPlanner(context).Plan(context.Collection(collection), query, _ => []);

    /// <summary>Plans a summary of the records that are related to one, as <see cref="QueryPlan.ForRelated"/> finds them.</summary>
    /// <param name="near">Entity of the one record.</param>
    /// <param name="id">Its id; that the caller may see it is not checked here.</param>
    /// <param name="name">Name of children, links or an inverse collection.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <returns>The plan; null where the entity has no such related records.</returns>
    /// <exception cref="Errors.XrmException">403 no right, 400 a name or value that does not fit.</exception>
    public static SummaryPlan? ForRelated(Entity near, Guid id, string name, DataQuery query, QueryContext context) =>
        RelatedRows.Find(context, near, name, name) is { } related
            ? new SummaryPlanner(context).Plan(related.Entity, query, row => related.BelongsTo(row, new ConstantTerm(id, ColumnType.Uuid)))
            : null;
}

/// <summary>What becomes of rows, step by step.</summary>
/// <param name="Rows">The rows; null where it begins with a result.</param>
/// <param name="Input">Number of the result that it begins with; 0 for rows.</param>
/// <param name="Stages">The steps, at least one.</param>
internal sealed record SummaryPipe(Selection? Rows, int Input, ImmutableArray<SummaryStage> Stages);

/// <summary>A select over the rows, or over the stage before it.</summary>
/// <param name="Columns">Its values.</param>
/// <param name="Groups">How many of them, from the first on, tell groups apart; 0 where all rows become one, or each stays one.</param>
internal sealed record SummaryStage(ImmutableArray<SummaryColumn> Columns, int Groups)
{
    /// <summary>What tells groups apart by levels; its columns follow those that <see cref="Groups"/> counts, in their order.</summary>
    public ImmutableArray<SummaryRollup> Rollups { get; init; } = [];

    /// <summary>Where not empty: the results of these, with the same columns each, one behind the other.</summary>
    public ImmutableArray<SummaryPipe> Branches { get; init; } = [];

    /// <summary>What rows of the stage before must fulfil.</summary>
    public ImmutableArray<Term> Where { get; init; } = [];

    public ImmutableArray<PlannedOrder> Order { get; init; } = [];

    public int? Limit { get; init; }

    public int Offset { get; init; }
}

/// <summary>Levels of groups.</summary>
/// <param name="Levels">How many values, from the coarsest to the finest.</param>
/// <param name="ToAll">Down to the group of all rows; else to the first level.</param>
internal sealed record SummaryRollup(int Levels, bool ToAll);

/// <summary>One value of each row of a summary.</summary>
/// <param name="Path">Name of the property, or names of the objects around it; empty for a value that is not shown.</param>
/// <param name="Term">The value, over the rows that are put together.</param>
/// <param name="Shown">The value, over the result.</param>
/// <param name="Presence">Place of the value that is true in rows that have this one; null where all have it.</param>
internal sealed record SummaryColumn(ImmutableArray<string> Path, Term Term, Term Shown, int? Presence = null)
{
    /// <summary>The engine needs it, and nobody else.</summary>
    public bool IsHidden => Path.IsEmpty;
}
