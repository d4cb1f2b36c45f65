using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Plans the steps of <c>$apply</c> one after the other. Until rows are put together, steps are about the rows themselves; behind that, each
/// is about the result so far.
/// </summary>
internal sealed class SummaryStages(QueryContext context, QueryNames names)
{
    private const int MostSkipped = 1_000_000;

    private readonly ImmutableArray<SummaryStage>.Builder _stages = ImmutableArray.CreateBuilder<SummaryStage>();
    private readonly ImmutableArray<Term>.Builder _ofRows = ImmutableArray.CreateBuilder<Term>();
    private ImmutableArray<Term> _pending = [];
    private ImmutableArray<PlannedOrder> _order = [];
    private QueryNames _names = names;
    private int _keys;

    /// <summary>Nothing was put together yet.</summary>
    public bool IsEmpty => _stages.Count == 0;

    /// <summary>What the rows must fulfil.</summary>
    public ImmutableArray<Term> OfRows => _ofRows.ToImmutable();

    /// <summary>The stages.</summary>
    public ImmutableArray<SummaryStage> Stages => _stages.ToImmutable();

    /// <summary>What the last stage's rows must fulfil.</summary>
    public ImmutableArray<Term> Pending => _pending;

    /// <summary>Plans one step.</summary>
    /// <exception cref="Errors.XrmException">400 where it does not fit, 403 where the caller may not see a value.</exception>
    public void Add(ApplyStep step)
    {
        switch (step)
        {
            case FilterStep filter: Filter(filter.Condition); break;
            case ComputeStep compute: Compute(compute); break;
            case GroupStep group: Group(group); break;
            case var _ when IsEmpty: throw QueryProblems.NotSummed($"orderby, top, skip, topcount and bottomcount come behind groupby or aggregate ($apply, character {step.Position}).");
            case OrderStep order: _order = [.. order.Order.Select(item => OrderPlanner.Step(_names, item))]; break;
            case RangeStep { Skip: > MostSkipped }: throw QueryProblems.TooLarge($"skip may be {MostSkipped} ($apply, character {step.Position}).");
            case RangeStep range: Same(OrderOf([]), range.Top, range.Skip); break;
            case ExtremeStep extreme: Same(OrderOf([new OrderItem(extreme.By, extreme.Largest)]), extreme.Count, 0); break;
            default: throw new InvalidOperationException($"{step.GetType().Name} has no plan.");
        }
    }

    /// <summary>Only what fulfils the condition goes on.</summary>
    public void Filter(QueryNode condition)
    {
        var term = new ConditionPlanner(_names).Condition(condition);
        if (IsEmpty) _ofRows.Add(term);
        else _pending = _pending.Add(term);
    }

    /// <summary>The order of the result: as asked for here, else as a step said; the same rows always in the same order.</summary>
    public ImmutableArray<PlannedOrder> OrderOf(ImmutableArray<OrderItem> wanted)
    {
        var first = wanted.IsEmpty ? _order : [.. wanted.Select(item => OrderPlanner.Step(_names, item))];
        return first.AddRange(_stages[^1].Columns.Take(_keys).Select((column, index) =>
            new PlannedOrder(new ResultTerm(index, column.Term.Type), Descending: false, AsWords: column.Term.Type == ColumnType.Text, Nullable: true)));
    }

    private void Compute(ComputeStep step)
    {
        var known = _names.Computed.Keys.ToHashSet(StringComparer.Ordinal);
        _names = _names.With(step.Items);
        if (IsEmpty) return;
        var columns = Shown();
        foreach (var item in step.Items.Where(item => !known.Contains(item.Name.Name))) Add(columns, [item.Name.Name], _names.Computed[item.Name.Name], item.Name.Position);
        Next(new SummaryStage(columns.ToImmutable(), 0));
    }

    /// <summary>The same values, of fewer rows.</summary>
    private void Same(ImmutableArray<PlannedOrder> order, int? limit, int offset) => Next(new SummaryStage(Shown().ToImmutable(), 0) { Order = order, Limit = limit, Offset = offset });

    private ImmutableArray<SummaryColumn>.Builder Shown()
    {
        var columns = ImmutableArray.CreateBuilder<SummaryColumn>();
        columns.AddRange(_stages[^1].Columns.Select((column, index) => column with { Term = new ResultTerm(index, column.Term.Type) }));
        return columns;
    }

    private void Next(SummaryStage stage)
    {
        _stages.Add(stage with { Where = _pending });
        _pending = [];
        var found = stage.Columns.Select((column, index) => KeyValuePair.Create(string.Join('/', column.Path), (Term)new ResultTerm(index, column.Term.Type)));
        _names = new QueryNames(context, found.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private void Group(GroupStep step)
    {
        var columns = ImmutableArray.CreateBuilder<SummaryColumn>(step.By.Length + step.Aggregates.Length);
        foreach (var path in step.By)
        {
            var term = _names.Find(path).Term;
            if (!ValuePlanner.IsComparable(term.Type)) throw QueryProblems.WrongType(path.ToString(), $"'{path}' (character {path.Position}) cannot tell groups apart: it is {LiteralValues.Expected(term.Type)}.");
            Add(columns, path.Segments, term, path.Position);
        }
        foreach (var item in step.Aggregates) Add(columns, [item.Name.Name], Aggregate(item), item.Name.Position);
        (_keys, _order) = (step.By.Length, []);
        Next(new SummaryStage(columns.ToImmutable(), step.By.Length));
    }

    private static void Add(ImmutableArray<SummaryColumn>.Builder columns, ImmutableArray<string> path, Term term, int position)
    {
        // One name for a value and for an object with values would be one property twice.
        if (columns.Any(known => known.Path.Take(path.Length).SequenceEqual(path.Take(known.Path.Length))))
            throw QueryProblems.NotSummed($"'{string.Join('/', path)}' ($apply, character {position}) is there already: take another name.");
        columns.Add(new SummaryColumn(path, term, AsJsonTerm.Shown(new ResultTerm(columns.Count, term.Type))));
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
