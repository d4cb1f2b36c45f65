using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Resolves names, converts constants and adds the caller's rights: query to plan.</summary>
/// <param name="context">Model, caller and time.</param>
/// <param name="values">JSON array with the values of the rows, by column, in place of the table's; null for the table.</param>
internal sealed class QueryPlanner(QueryContext context, string? values = null)
{
    /// <summary>Rows per page where the client has no wish.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>Most rows per page.</summary>
    public const int MaxPageSize = 1_000;

    /// <summary>Rows that can be left out; deep pages are reached by filtering.</summary>
    private const int MaxSkip = 1_000_000;

    public QueryPlan List(Entity entity, DataQuery query) => List(entity, query, _ => []);

    /// <param name="entity">Entity of the rows.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="belongs">What the rows must fulfil besides.</param>
    public QueryPlan List(Entity entity, DataQuery query, Func<RowSource, ImmutableArray<Term>> belongs)
    {
        if (!query.KeepsRecords) throw QueryProblems.NotSummed("groupby, aggregate and concat make no records, which are asked for here.");
        var isSimilar = PageToken.IsOfSimilar(query.After);
        var plan = List(entity, query, belongs, isSimilar);
        var canBeSimilar = !isSimilar && query is { Search: { } wanted, After: null, Skip: 0, IsWhole: false } && SearchSql.HasSimilar(wanted);
        return canBeSimilar ? plan with { Similar = List(entity, query, belongs, isSimilar: true) } : plan;
    }

    private QueryPlan List(Entity entity, DataQuery query, Func<RowSource, ImmutableArray<Term>> belongs, bool isSimilar)
    {
        var (set, view, names, search, first) = Begin(entity, query, isSimilar);
        var where = belongs(set.Root).AddRange(Where(query, names, view, query.Apply.IsEmpty ? query.Filter : null, search));
        if (!query.Apply.IsEmpty) (query, names, where) = Applied(query, names, new Selection(set) { Where = where });
        var isRanked = first is not null && query.OrderBy.IsEmpty && !query.IsWhole;
        var order = new OrderPlanner(names, set.Root).Plan(query.OrderBy, view, isRanked ? first : null);
        var neededJoins = set.Joins.Count;
        var (pageSize, hasNext) = Page(query);
        var row = new RowPlanner(context, set).Plan(set.Root, query.Select, query.Expand, names.Computed);
        var rows = new Selection(set)
        {
            Row = query.OnlyDeleted ? row with { Columns = row.Columns.AddRange(Deletion(set.Root)) } : row,
            Where = where,
            Order = order,
            Behind = query.After is { } token ? PageToken.Read(token, order) : null,
            NeededJoins = neededJoins,
            MostOrdered = isRanked ? SearchPlanner.MostRanked : null,
            // One row more than the page tells whether there is a next one.
            Limit = hasNext ? pageSize + 1 : query.Top,
            Offset = query.Skip,
        };
        return Finish(rows) with { WithCount = query.Count, WithEstimate = query.EstimateCount, Top = query.Top, PageSize = pageSize, HasNextPages = hasNext, IsSimilar = isSimilar };
    }

    /// <summary>When and by whom a row was deleted.</summary>
    private static IEnumerable<PlannedColumn> Deletion(RowSource root) =>
        root.Entity.Fields.Where(field => field.IsOfRecycleBin).SelectMany(field => field.Columns).Select(column => new PlannedColumn(column.Name, ReadRights.SystemColumn(root, column.Name)));

    /// <summary>What is asked for behind the steps of <c>$apply</c> that leave records records.</summary>
    private (DataQuery Query, QueryNames Names, ImmutableArray<Term> Where) Applied(DataQuery query, QueryNames names, Selection rows)
    {
        var stages = new SummaryStages(context, names, rows);
        foreach (var step in query.Apply) stages.Add(step);
        if (query.Filter is { } condition) stages.Filter(condition);
        return (query.OrderBy.IsEmpty ? query with { OrderBy = stages.RowOrder } : query, stages.Names, stages.Rows!.Where);
    }

    /// <summary>The rows that a summary puts together, and their names: what the caller may see of them, of the view and of the search.</summary>
    public (QueryPlan Rows, QueryNames Names) Source(Entity entity, DataQuery query, Func<RowSource, ImmutableArray<Term>> belongs)
    {
        var (set, view, names, search, _) = Begin(entity, query, isSimilar: false);
        return (Finish(new Selection(set) { Where = belongs(set.Root).AddRange(Where(query, names, view, null, search)) }), names);
    }

    /// <summary>Rows on a page, and whether there may be pages behind it.</summary>
    public static (int Size, bool HasNext) Page(DataQuery query)
    {
        if (query.IsWhole) return (query.Top ?? int.MaxValue, false);
        var size = Math.Clamp(query.PageSize ?? (query.Top is null ? DefaultPageSize : MaxPageSize), 1, MaxPageSize);
        return query.Top is { } top && top <= size ? (top, false) : (size, true);
    }

    public QueryPlan One(Entity entity, ImmutableArray<(Column Column, object? Value)> key, DataQuery query)
    {
        RequireRight(entity);
        var set = new RowSet(entity, new AliasSequence());
        // Whether a record with a value is there tells of the value.
        if (key.FirstOrDefault(pair => !context.Caller.CanReadField(entity.FindColumn(pair.Column.Name)!.Value.Field)).Column is { } hidden) throw QueryProblems.NoFieldRight(hidden.Name);
        var isThis = key.Select(Term (pair) => new CompareTerm(BinaryOperator.Equal, new ColumnTerm(set.Root, pair.Column), new ConstantTerm(pair.Value, pair.Column.Type), Exact: false));
        return Finish(new Selection(set)
        {
            Row = new RowPlanner(context, set).Plan(set.Root, query.Select, query.Expand, ImmutableDictionary<string, Term>.Empty),
            Where = [.. isThis, .. ReadRights.Conditions(context.Caller, set.Root)],
        });
    }

    private QueryPlan Finish(Selection rows) => new(context, rows);

    private (RowSet Set, View? View, QueryNames Names, ImmutableArray<Term> Search, PlannedOrder? First) Begin(Entity entity, DataQuery query, bool isSimilar)
    {
        RequireRight(entity);
        if (query.Csv is not null && !context.Caller.Can(entity, Operation.Export))
            throw Errors.XrmException.Forbidden($"You may not export {entity.PluralLabel}: none of your roles grants export for them.");
        if (query.OnlyDeleted && !entity.HasRecycleBin) throw new Errors.XrmException("no_recycle_bin", 400, $"{entity.PluralLabel} have no recycle bin: what is deleted is gone.");
        if (query.Skip > MaxSkip) throw QueryProblems.TooLarge($"$skip may be {MaxSkip}.");
        var set = new RowSet(entity, new AliasSequence(), values);
        var properties = new PropertyPlanner(context, set);
        var (search, first) = query.Search is { } wanted ? SearchPlanner.Plan(properties, wanted, isSimilar) : (ImmutableArray<Term>.Empty, (PlannedOrder?)null);
        return (set, FindView(entity, query.View), new QueryNames(properties).With(query.Compute), search, first);
    }

    private ImmutableArray<Term> Where(DataQuery query, QueryNames names, View? view, QueryNode? filter, ImmutableArray<Term> search)
    {
        var root = names.Row!.Set.Root;
        var where = ReadRights.Conditions(context.Caller, root, query.OnlyDeleted).ToBuilder();
        if (query.Csv is not null) where.AddRange(ReadRights.Reached(context.Caller.Reach(root.Entity, Operation.Export), root));
        if (view?.Filter is { } formula) where.Add(names.Row!.Condition(root, formula));
        if (filter is not null) where.Add(new ConditionPlanner(names).Condition(filter));
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
        if (!context.Caller.Can(entity, Operation.Read)) throw QueryProblems.NoRight(entity);
    }
}
