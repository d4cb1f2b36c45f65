using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>Plans a query with <c>$apply</c>: its steps, then what is asked of their result.</summary>
internal sealed class SummaryPlanner(QueryContext context)
{
    /// <param name="entity">Entity of the rows.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="belongs">What the rows must fulfil besides.</param>
    public SummaryPlan Plan(Entity entity, DataQuery query, Func<RowSource, ImmutableArray<Term>> belongs)
    {
        if (!query.Select.IsEmpty || !query.Expand.IsEmpty || !query.Compute.IsEmpty || query.After is not null || query.EstimateCount)
            throw QueryProblems.NotSummed("Beside $apply there can be $filter, $orderby, $top, $skip, $count=true, $search and view.");
        if (query.KeepsRecords) throw QueryProblems.NotSummed("A summary needs a groupby, an aggregate or a concat.");
        var (source, names) = new QueryPlanner(context).Source(entity, query, belongs);
        var stages = new SummaryStages(context, names, source.Rows);
        foreach (var step in query.Apply) stages.Add(step);
        if (query.Filter is { } condition) stages.Filter(condition);
        return Paged(new SummaryPlan(source, stages.Pipe) { Where = stages.Pending }, query, stages);
    }

    private static SummaryPlan Paged(SummaryPlan plan, DataQuery query, SummaryStages stages)
    {
        var (pageSize, hasNext) = QueryPlanner.Page(query);
        return plan with
        {
            Order = stages.OrderOf(query.OrderBy),
            WithCount = query.Count,
            PageSize = pageSize,
            HasNextPages = hasNext,
            // One row more than the page tells whether there is a next one.
            Limit = hasNext ? pageSize + 1 : pageSize,
            Offset = query.Skip,
        };
    }
}
