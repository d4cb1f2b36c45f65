using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans <c>$apply</c>: steps over rows, one that puts them together, steps over the result.</summary>
internal sealed class SummaryPlanner(QueryContext context)
{
    public SummaryPlan Plan(Entity entity, DataQuery query)
    {
        if (!query.Select.IsEmpty || !query.Expand.IsEmpty || !query.Compute.IsEmpty || query.After is not null || query.EstimateCount)
            throw QueryProblems.NotSummed("Beside $apply there can be $filter, $orderby, $top, $skip, $count=true, $search and view.");
        var steps = query.Apply;
        var at = steps.Length - 1;
        while (at >= 0 && steps[at] is not GroupStep) at--;
        if (at < 0) throw QueryProblems.NotSummed("$apply needs a groupby or an aggregate.");
        var (source, names) = new QueryPlanner(context).Source(entity, query);
        var where = source.Rows.Where.ToBuilder();
        names = Before(steps[..at], names, where);
        var (columns, groups, result) = Group((GroupStep)steps[at], names);
        var having = ImmutableArray.CreateBuilder<Term>();
        foreach (var step in steps[(at + 1)..])
            having.Add(step is FilterStep filter ? new ConditionPlanner(result).Condition(filter.Condition) : throw QueryProblems.NotSummed($"Behind groupby and aggregate there can only be filter ($apply, character {step.Position})."));
        if (query.Filter is { } condition) having.Add(new ConditionPlanner(result).Condition(condition));
        var rows = source.Rows with { Where = where.ToImmutable() };
        return Paged(new SummaryPlan(new QueryPlan(context.Published, context.Caller, context.UtcNow, rows), columns) { Groups = groups, Where = having.ToImmutable() }, query, result);
    }

    private static SummaryPlan Paged(SummaryPlan plan, DataQuery query, QueryNames result)
    {
        var (pageSize, hasNext) = QueryPlanner.Page(query);
        var order = query.OrderBy.Select(item => OrderPlanner.Step(result, item)).Concat(plan.Columns.Take(plan.Groups).Select((column, index) =>
            new PlannedOrder(new ResultTerm(index, column.Term.Type), Descending: false, AsWords: column.Term.Type == ColumnType.Text, Nullable: true)));
        return plan with
        {
            Order = [.. order],
            WithCount = query.Count,
            PageSize = pageSize,
            HasNextPages = hasNext,
            // One row more than the page tells whether there is a next one.
            Limit = hasNext ? pageSize + 1 : pageSize,
            Offset = query.Skip,
        };
    }

    private static QueryNames Before(ImmutableArray<ApplyStep> steps, QueryNames names, ImmutableArray<Term>.Builder where)
    {
        foreach (var step in steps)
        {
            if (step is FilterStep filter) where.Add(new ConditionPlanner(names).Condition(filter.Condition));
            else if (step is ComputeStep compute) names = names.With(compute.Items);
            else throw QueryProblems.NotSummed($"There can be one groupby or aggregate ($apply, character {step.Position}).");
        }
        return names;
    }

    private (ImmutableArray<SummaryColumn> Columns, int Groups, QueryNames Result) Group(GroupStep step, QueryNames names)
    {
        var columns = ImmutableArray.CreateBuilder<SummaryColumn>(step.By.Length + step.Aggregates.Length);
        foreach (var path in step.By)
        {
            var term = names.Find(path).Term;
            if (!ValuePlanner.IsComparable(term.Type)) throw QueryProblems.WrongType(path.ToString(), $"'{path}' (character {path.Position}) cannot tell groups apart: it is {LiteralValues.Expected(term.Type)}.");
            Add(columns, path.Segments, term, path.Position);
        }
        foreach (var item in step.Aggregates) Add(columns, [item.Name.Name], Aggregate(item, names), item.Name.Position);
        var found = columns.Select((column, index) => KeyValuePair.Create(string.Join('/', column.Path), (Term)new ResultTerm(index, column.Term.Type)));
        return (columns.ToImmutable(), step.By.Length, new QueryNames(context, found.ToImmutableDictionary(StringComparer.Ordinal)));
    }

    private static void Add(ImmutableArray<SummaryColumn>.Builder columns, ImmutableArray<string> path, Term term, int position)
    {
        // One name for a value and for an object with values would be one property twice.
        if (columns.Any(known => known.Path.Take(path.Length).SequenceEqual(path.Take(known.Path.Length))))
            throw QueryProblems.NotSummed($"'{string.Join('/', path)}' ($apply, character {position}) is there already: take another name.");
        columns.Add(new SummaryColumn(path, term, AsJsonTerm.Shown(new ResultTerm(columns.Count, term.Type))));
    }

    private static AggregateTerm Aggregate(AggregateItem item, QueryNames names)
    {
        if (item.Value is null) return new AggregateTerm(AggregateMethod.Count, null, ColumnType.Integer);
        var operand = new ValuePlanner(names).Operand(item.Value);
        var term = operand.Natural();
        if (!ValuePlanner.IsComparable(term.Type) || (term.Type is ColumnType.Boolean or ColumnType.Uuid && item.Method is AggregateMethod.Min or AggregateMethod.Max))
            throw Wrong(item, operand, "can only be counted");
        switch (item.Method)
        {
            case AggregateMethod.Count or AggregateMethod.CountDistinct:
                return new AggregateTerm(item.Method, term, ColumnType.Integer);
            case AggregateMethod.Min or AggregateMethod.Max:
                return new AggregateTerm(item.Method, term, term.Type);
            default:
                if (!ValuePlanner.IsNumber(term.Type)) throw Wrong(item, operand, "is not a number");
                return new AggregateTerm(item.Method, term, term.Type == ColumnType.Float ? ColumnType.Float : ColumnType.Decimal);
        }
    }

    private static Errors.XrmException Wrong(AggregateItem item, Operand operand, string problem) =>
        QueryProblems.WrongType(operand.Name, $"'{operand.Name}' (character {item.Value!.Position}) {problem}: {item.Method.ToString().ToLowerInvariant()} does not fit.");
}
