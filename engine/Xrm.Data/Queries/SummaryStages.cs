using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Plans the steps of <c>$apply</c> one after the other. Until rows are put together, steps are about the rows themselves; behind that, each
/// is about the result so far.
/// </summary>
internal sealed class SummaryStages
{
    private const int MostSkipped = 1_000_000;

    private readonly QueryContext _context;
    private readonly ImmutableArray<SummaryStage>.Builder _stages = ImmutableArray.CreateBuilder<SummaryStage>();
    private readonly int _input;
    private ImmutableArray<SummaryColumn> _columns = [];
    private ImmutableArray<Term> _pending = [];
    private ImmutableArray<PlannedOrder> _order = [];
    private ImmutableArray<PlannedOrder> _ties = [];

    /// <param name="context">Model, caller and time.</param>
    /// <param name="names">Names of the rows.</param>
    /// <param name="rows">The rows: tables, and what the caller may see of them.</param>
    public SummaryStages(QueryContext context, QueryNames names, Selection rows) => (_context, Names, Rows) = (context, names, rows);

    /// <summary>Begins where other steps have ended.</summary>
    private SummaryStages(SummaryStages before)
    {
        (_context, Names, Rows, RowOrder) = (before._context, before.Names, before.Rows, before.RowOrder);
        (_columns, _order, _ties) = (before._columns, before._order, before._ties);
        _input = before._stages.Count > 0 ? before._input + 1 : before._input;
        if (before._stages.Count > 0) Rows = null;
    }

    /// <summary>The rows, and what they must fulfil; null where the steps begin with a result.</summary>
    public Selection? Rows { get; private set; }

    /// <summary>What names mean after the last step.</summary>
    public QueryNames Names { get; private set; }

    /// <summary>The order that a step gave to rows that are still records, as written.</summary>
    public ImmutableArray<OrderItem> RowOrder { get; private set; } = [];

    /// <summary>All steps.</summary>
    public SummaryPipe Pipe => new(Rows, _input, _stages.ToImmutable());

    /// <summary>What the last stage's rows must fulfil.</summary>
    public ImmutableArray<Term> Pending => _pending;

    /// <summary>Nothing was put together yet: the rows are records.</summary>
    private bool HasRecords => _columns.IsEmpty;

    /// <summary>Plans one step.</summary>
    /// <exception cref="Errors.XrmException">400 where it does not fit, 403 where the caller may not see a value.</exception>
    public void Add(ApplyStep step)
    {
        switch (step)
        {
            case FilterStep filter: Filter(filter.Condition); break;
            case ComputeStep compute: Compute(compute); break;
            case GroupStep group: Group(group); break;
            case ConcatStep concat: Concat(concat); break;
            case OrderStep order when HasRecords: RowOrder = order.Order; break;
            case OrderStep order: _order = [.. order.Order.Select(item => OrderPlanner.Step(Names, item))]; break;
            case RangeStep { Skip: > MostSkipped }: throw QueryProblems.TooLarge($"skip may be {MostSkipped} ($apply, character {step.Position}).");
            case RangeStep range when HasRecords: Narrow(RowOrder, range.Top, range.Skip); break;
            case RangeStep range: Same(OrderOf([]), range.Top, range.Skip); break;
            case ExtremeStep extreme: Extreme(extreme, [new OrderItem(extreme.By, extreme.Largest)]); break;
            default: throw new InvalidOperationException($"{step.GetType().Name} has no plan.");
        }
    }

    /// <summary>Only what fulfils the condition goes on.</summary>
    public void Filter(QueryNode condition)
    {
        var term = new ConditionPlanner(Names).Condition(condition);
        if (HasRecords) Rows = Rows! with { Where = Rows.Where.Add(term) };
        else _pending = _pending.Add(term);
    }

    /// <summary>The order of the result: as asked for here, else as a step said; the same rows always in the same order.</summary>
    public ImmutableArray<PlannedOrder> OrderOf(ImmutableArray<OrderItem> wanted) =>
        (wanted.IsEmpty ? _order : [.. wanted.Select(item => OrderPlanner.Step(Names, item))]).AddRange(_ties);

    /// <summary>Shows the values named alone: one of the result, or a lookup with all that was reached through it. The others keep their places.</summary>
    /// <exception cref="Errors.XrmException">400: there is none of that name.</exception>
    public void Select(ImmutableArray<NameNode> names)
    {
        foreach (var name in names.Where(name => name.Name != "*" && !_columns.Any(column => !column.IsHidden && column.Path[0] == name.Name)))
            throw QueryProblems.UnknownResult(name.Name, Names.Computed.Keys);
        if (names.Any(name => name.Name == "*")) return;
        Next(new SummaryStage([.. Shown().Select(column => column.IsHidden || names.Any(name => name.Name == column.Path[0]) ? column : column with { Path = [] })], 0));
    }

    private void Compute(ComputeStep step)
    {
        var known = Names.Computed.Keys.ToHashSet(StringComparer.Ordinal);
        Names = Names.With(step.Items);
        if (HasRecords) return;
        var columns = new SummaryColumns(Shown());
        foreach (var item in step.Items.Where(item => !known.Contains(item.Name.Name))) columns.Add([item.Name.Name], Names.Computed[item.Name.Name], item.Name.Position);
        Next(new SummaryStage(columns.All, 0));
    }

    private void Extreme(ExtremeStep step, ImmutableArray<OrderItem> order)
    {
        if (step.Measure == ExtremeMeasure.Count)
        {
            if (HasRecords) Narrow(order, (int)step.Amount, 0);
            else Same(OrderOf(order), (int)step.Amount, 0);
            return;
        }
        var planned = HasRecords ? new OrderPlanner(Names, Rows!.Set.Root).Plan(order, null, null) : OrderOf(order);
        var value = planned[0].Term;
        if (!ValuePlanner.IsNumber(value.Type)) throw QueryProblems.WrongType(step.By.ToString()!, $"The value at character {step.By.Position} of $apply is not a number: it cannot be added up.");
        var running = new RunningTerm(value, planned, step.Amount, step.Measure == ExtremeMeasure.Percent);
        // Null adds nothing: rows without a value are not among the fewest that come to the amount.
        var hasValue = new NullTerm(value, Negated: true);
        if (HasRecords)
        {
            Narrow(Rows! with { Where = Rows.Where.Add(hasValue) }, running);
            return;
        }
        _pending = _pending.Add(hasValue);
        var place = _columns.Length;
        Next(new SummaryStage(new SummaryColumns(Shown()).AddHidden(running).All, 0));
        _pending = [new ResultTerm(place, ColumnType.Boolean)];
    }

    private void Narrow(ImmutableArray<OrderItem> order, int? limit, int offset) =>
        Narrow(Rows! with { Order = new OrderPlanner(Names, Rows.Set.Root).Plan(order, null, null), Limit = limit, Offset = offset }, null);

    private void Narrow(Selection first, RunningTerm? running) =>
        Rows = new Selection(first.Set) { Where = [new NarrowedTerm(first with { NeededJoins = first.Set.Joins.Count }, running)] };

    /// <summary>The same values, of fewer rows.</summary>
    private void Same(ImmutableArray<PlannedOrder> order, int? limit, int offset) => Next(new SummaryStage(Shown(), 0) { Order = order, Limit = limit, Offset = offset });

    private ImmutableArray<SummaryColumn> Shown() => [.. _columns.Select((column, index) => column with { Term = new ResultTerm(index, column.Term.Type) })];

    private void Next(SummaryStage stage)
    {
        _stages.Add(stage with { Where = _pending });
        (_pending, _columns) = ([], stage.Columns);
        var found = stage.Columns.Select((column, index) => (column.Path, Term: (Term)new ResultTerm(index, column.Term.Type))).Where(column => !column.Path.IsEmpty);
        Names = new QueryNames(_context, found.ToImmutableDictionary(column => string.Join('/', column.Path), column => column.Term, StringComparer.Ordinal));
    }

    private void Group(GroupStep step)
    {
        var groups = new SummaryGroups(Names, step);
        foreach (var stage in groups.Stages) Next(stage);
        (_order, _ties) = ([], groups.Order);
    }

    private void Concat(ConcatStep step)
    {
        // What is still to be fulfilled is so for all branches.
        if (!_pending.IsEmpty) Same([], null, 0);
        var branches = step.Branches.Select(Branch).ToArray();
        var concat = new SummaryConcat(branches.Select(branch => (branch._columns, branch.OrderOf([]))).ToArray(), step.Position);
        for (var index = 0; index < branches.Length; index++) branches[index].Next(concat.Aligned(index));
        Next(new SummaryStage(concat.Columns, 0) { Branches = [.. branches.Select(branch => branch.Pipe)] });
        (_order, _ties) = ([], concat.Order);
    }

    private SummaryStages Branch(ImmutableArray<ApplyStep> steps)
    {
        var branch = new SummaryStages(this);
        foreach (var step in steps) branch.Add(step);
        if (branch.HasRecords) branch.Flatten();
        return branch;
    }

    /// <summary>Records become rows of a result: their own properties, without what hangs on them.</summary>
    private void Flatten()
    {
        var (set, columns) = (Rows!.Set, new SummaryColumns([]));
        foreach (var column in new RowPlanner(_context, set).Plan(set.Root, [], [], Names.Computed).Columns) columns.Add([column.Name], column.IsComputed ? Names.Computed[column.Name] : column.Term, 1);
        var order = new OrderPlanner(Names, set.Root).Plan(RowOrder, null, null);
        var first = columns.All.Length;
        foreach (var step in order) columns.AddHidden(step.Term);
        Next(new SummaryStage(columns.All, 0));
        _order = [.. order.Select((step, index) => step with { Term = new ResultTerm(first + index, step.Term.Type) })];
    }
}
