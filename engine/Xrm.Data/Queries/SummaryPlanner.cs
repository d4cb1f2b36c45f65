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
        if (!query.Expand.IsEmpty || query.After is not null || query.EstimateCount)
            throw QueryProblems.NotSummed("Beside groupby, aggregate and concat there can be $compute, $filter, $orderby, $select, $top, $skip, $count=true, $search and view.");
        if (query.KeepsRecords) throw QueryProblems.NotSummed("A summary needs a groupby, an aggregate or a concat.");
        var (source, names) = new QueryPlanner(context).Source(entity, query with { Compute = [] }, belongs);
        var stages = new SummaryStages(context, names, source.Rows);
        foreach (var step in query.Apply) stages.Add(step);
        if (!query.Compute.IsEmpty) stages.Add(new ComputeStep(query.Compute, 1));
        if (query.Filter is { } condition) stages.Filter(condition);
        var order = stages.OrderOf(query.OrderBy);
        if (!query.Select.IsEmpty) stages.Select(query.Select);
        return Paged(new SummaryPlan(source, stages.Pipe) { Where = stages.Pending }, query, order);
    }

    private static SummaryPlan Paged(SummaryPlan plan, DataQuery query, ImmutableArray<PlannedOrder> order)
    {
        var (pageSize, hasNext) = QueryPlanner.Page(query);
        return plan with
        {
            Order = order,
            WithCount = query.Count,
            PageSize = pageSize,
            HasNextPages = hasNext,
            // One row more than the page tells whether there is a next one.
            Limit = hasNext ? pageSize + 1 : pageSize,
            Offset = query.Skip,
        };
    }
}
