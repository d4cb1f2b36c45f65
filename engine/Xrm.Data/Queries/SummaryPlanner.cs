using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>Plans a query with <c>$apply</c>: its steps, then what is asked of their result.</summary>
internal sealed class SummaryPlanner(QueryContext context)
{
    public SummaryPlan Plan(Entity entity, DataQuery query)
    {
        if (!query.Select.IsEmpty || !query.Expand.IsEmpty || !query.Compute.IsEmpty || query.After is not null || query.EstimateCount)
            throw QueryProblems.NotSummed("Beside $apply there can be $filter, $orderby, $top, $skip, $count=true, $search and view.");
        var (source, names) = new QueryPlanner(context).Source(entity, query);
        var stages = new SummaryStages(context, names);
        foreach (var step in query.Apply) stages.Add(step);
        if (stages.IsEmpty) throw QueryProblems.NotSummed("$apply needs a groupby or an aggregate.");
        if (query.Filter is { } condition) stages.Filter(condition);
        var rows = source.Rows with { Where = source.Rows.Where.AddRange(stages.OfRows) };
        return Paged(new SummaryPlan(new QueryPlan(context.Published, context.Caller, context.UtcNow, rows), stages.Stages) { Where = stages.Pending }, query, stages);
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
