using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Resolves names, converts constants and adds the caller's rights: query to plan.</summary>
internal sealed class QueryPlanner(QueryContext context)
{
    /// <summary>Rows per page where the client has no wish.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>Most rows per page.</summary>
    public const int MaxPageSize = 1_000;

    /// <summary>Rows that can be left out; deep pages are reached by filtering.</summary>
    private const int MaxSkip = 1_000_000;

    public QueryPlan List(Entity entity, DataQuery query)
    {
        RequireRight(entity);
        if (query.Skip > MaxSkip) throw QueryProblems.TooLarge($"$skip may be {MaxSkip}.");
        var set = new RowSet(entity, new AliasSequence());
        var properties = new PropertyPlanner(context, set);
        var view = FindView(entity, query.View);
        var (search, first) = query.Search is { } typed ? SearchPlanner.Plan(context, properties, set.Root, typed) : ([], null);
        var where = Where(set.Root, properties, view, query, search);
        var order = new OrderPlanner(new QueryNames(properties), set.Root).Plan(query.OrderBy, view, first);
        var neededJoins = set.Joins.Count;
        var pageSize = Math.Clamp(query.PageSize ?? (query.Top is null ? DefaultPageSize : MaxPageSize), 1, MaxPageSize);
        var hasNext = query.Top is not { } top || top > pageSize;
        var rows = new Selection(set)
        {
            Row = new RowPlanner(context, set).Plan(set.Root, query.Select, query.Expand),
            Where = where,
            Order = order,
            Behind = query.After is { } token ? PageToken.Read(token, order) : null,
            NeededJoins = neededJoins,
            // One row more than the page tells whether there is a next one.
            Limit = hasNext ? pageSize + 1 : query.Top,
            Offset = query.Skip,
        };
        return Finish(rows) with { WithCount = query.Count, PageSize = hasNext ? pageSize : query.Top!.Value, HasNextPages = hasNext };
    }

    public QueryPlan One(Entity entity, Guid id, DataQuery query)
    {
        RequireRight(entity);
        var set = new RowSet(entity, new AliasSequence());
        var isThis = new CompareTerm(BinaryOperator.Equal, ReadRights.SystemColumn(set.Root, "id"), new ConstantTerm(id, ColumnType.Uuid), Exact: false);
        return Finish(new Selection(set)
        {
            Row = new RowPlanner(context, set).Plan(set.Root, query.Select, query.Expand),
            Where = [isThis, .. ReadRights.Conditions(context.Caller, set.Root)],
        });
    }

    private QueryPlan Finish(Selection rows) => new(context.Published, context.Caller, context.UtcNow, rows);

    private ImmutableArray<Term> Where(RowSource root, PropertyPlanner properties, View? view, DataQuery query, ImmutableArray<Term> search)
    {
        var where = ReadRights.Conditions(context.Caller, root).ToBuilder();
        if (view?.Filter is { } formula) where.Add(properties.Condition(root, formula));
        if (query.Filter is { } filter) where.Add(new ConditionPlanner(new QueryNames(properties)).Condition(filter));
        where.AddRange(search);
        return where.ToImmutable();
    }

    private View? FindView(Entity entity, string? name)
    {
        if (name is null) return null;
        var views = context.Published.Model.Views.Where(view => view.Entity == entity).ToArray();
        return views.FirstOrDefault(view => view.Name == name) ?? throw QueryProblems.UnknownView(entity, name, views.Select(view => view.Name));
    }

    private void RequireRight(Entity entity)
    {
        if (context.Caller.Depth(entity, Operation.Read) == Depth.None) throw QueryProblems.NoRight(entity);
    }
}
