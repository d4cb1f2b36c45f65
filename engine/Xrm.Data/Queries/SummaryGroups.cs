using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans <c>groupby</c> and <c>aggregate</c>. Groups by levels are counted over a select of their own, whose values have names.</summary>
internal sealed class SummaryGroups
{
    private readonly QueryNames _names;
    private readonly SummaryColumns _columns = new([]);
    private readonly int _keys;

    public SummaryGroups(QueryNames names, GroupStep step)
    {
        _names = names;
        ImmutableArray<PathNode> keys = [.. step.By, .. step.Rollups.SelectMany(rollup => rollup.Levels)];
        _keys = keys.Length;
        Stages = step.Rollups.IsEmpty ? [Plain(keys, step.Aggregates)] : Rolled(keys, step);
    }

    /// <summary>The stages, in their order.</summary>
    public ImmutableArray<SummaryStage> Stages { get; }

    /// <summary>An order in which each group has one place.</summary>
    public ImmutableArray<PlannedOrder> Order => [.. Stages[^1].Columns.Select((column, index) => (column, index))
        .Where(pair => pair.index < _keys || pair.column.IsHidden)
        .Select(pair => new PlannedOrder(new ResultTerm(pair.index, pair.column.Term.Type), Descending: false, AsWords: pair.column.Term.Type == ColumnType.Text, Nullable: !pair.column.IsHidden))];

    private SummaryStage Plain(ImmutableArray<PathNode> keys, ImmutableArray<AggregateItem> aggregates)
    {
        foreach (var path in keys) _columns.Add(path.Segments, Key(path), path.Position);
        foreach (var item in aggregates) _columns.Add([item.Name.Name], Aggregate(item), item.Name.Position);
        return new SummaryStage(_columns.All, keys.Length);
    }

    private ImmutableArray<SummaryStage> Rolled(ImmutableArray<PathNode> keys, GroupStep step)
    {
        var values = new SummaryColumns([]);
        for (var index = 0; index < keys.Length; index++)
        {
            var key = Key(keys[index]);
            values.AddHidden(key);
            _columns.Add(keys[index].Segments, new ResultTerm(index, key.Type), keys[index].Position);
        }
        foreach (var item in step.Aggregates)
        {
            var aggregate = Aggregate(item);
            if (aggregate.Operand is { } operand)
            {
                aggregate = aggregate with { Operand = new ResultTerm(values.All.Length, operand.Type) };
                values.AddHidden(operand);
            }
            _columns.Add([item.Name.Name], aggregate, item.Name.Position);
        }
        for (var index = step.By.Length; index < keys.Length; index++)
            _columns.AddPresence(index, new GroupedTerm((ResultTerm)_columns.All[index].Term));
        var rollups = step.Rollups.Select(rollup => new SummaryRollup(rollup.Levels.Length, rollup.ToAll));
        return [new SummaryStage(values.All, 0), new SummaryStage(_columns.All, step.By.Length) { Rollups = [.. rollups] }];
    }

    private Term Key(PathNode path)
    {
        if (path.Segments.Any(TypePlanner.IsTypeName))
            throw QueryProblems.WrongType(path.ToString(), $"'{path}' (character {path.Position}) needs a name of its own: compute({path} as name)/groupby((name)).");
        var term = _names.Find(path).Term;
        return ValuePlanner.IsComparable(term.Type) ? term
            : throw QueryProblems.WrongType(path.ToString(), $"'{path}' (character {path.Position}) cannot tell groups apart: it is {LiteralValues.Expected(term.Type)}.");
    }

    private AggregateTerm Aggregate(AggregateItem item)
    {
        if (item.Value is null) return new AggregateTerm(AggregateMethod.Count, null, ColumnType.Integer);
        var operand = new ValuePlanner(_names).Operand(item.Value);
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
