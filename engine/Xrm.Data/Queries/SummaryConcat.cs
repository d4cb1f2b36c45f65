using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans how the results of <c>concat</c> become one: all with the same columns, each row with those that its own result has.</summary>
internal sealed class SummaryConcat
{
    private readonly (ImmutableArray<SummaryColumn> Columns, ImmutableArray<PlannedOrder> Order)[] _branches;
    private readonly List<(ImmutableArray<string> Path, ColumnType Type, bool IsEverywhere)> _shown = [];

    /// <param name="branches">The columns of each result, and its order.</param>
    /// <param name="position">One-based position of the step.</param>
    /// <exception cref="Errors.XrmException">400: one name is used for values of different types.</exception>
    public SummaryConcat((ImmutableArray<SummaryColumn> Columns, ImmutableArray<PlannedOrder> Order)[] branches, int position)
    {
        _branches = branches;
        foreach (var path in branches.SelectMany(branch => branch.Columns).Where(column => !column.IsHidden).Select(column => column.Path).DistinctBy(Text))
        {
            var found = branches.SelectMany(branch => branch.Columns.Where(column => Text(column.Path) == Text(path))).ToArray();
            var isEverywhere = found.Length == branches.Length && found.All(column => column.Presence is null);
            _shown.Add((path, found.Select(column => column.Term.Type).Aggregate((left, right) => Common(left, right, path, position)), isEverywhere));
        }
        Columns = Laid(path => new ResultTerm(_shown.FindIndex(shown => Text(shown.Path) == Text(path)), Type(path)), _ => new ConstantTerm(true, ColumnType.Boolean), 0, position);
    }

    /// <summary>The columns of the whole.</summary>
    public ImmutableArray<SummaryColumn> Columns { get; }

    /// <summary>One result behind the other, each in its own order.</summary>
    public ImmutableArray<PlannedOrder> Order => [Place(2), Place(1)];

    /// <summary>A result in the columns of the whole.</summary>
    /// <param name="branch">Index of the result.</param>
    public SummaryStage Aligned(int branch)
    {
        var columns = _branches[branch].Columns;
        return new SummaryStage(Laid(
            path => Find(columns, path) is >= 0 and var index ? new ResultTerm(index, columns[index].Term.Type) : new ConstantTerm(null, Type(path)),
            path => Find(columns, path) is >= 0 and var index ? columns[index].Presence is { } place ? new ResultTerm(place, ColumnType.Boolean) : new ConstantTerm(true, ColumnType.Boolean) : new ConstantTerm(false, ColumnType.Boolean),
            branch, 1), 0);
    }

    private ImmutableArray<SummaryColumn> Laid(Func<ImmutableArray<string>, Term> value, Func<ImmutableArray<string>, Term> presence, int branch, int position)
    {
        var columns = new SummaryColumns([]);
        foreach (var (path, _, _) in _shown) columns.Add(path, value(path), position);
        for (var index = 0; index < _shown.Count; index++)
            if (!_shown[index].IsEverywhere) columns.AddPresence(index, presence(_shown[index].Path));
        return columns.AddHidden(new ConstantTerm((long)branch, ColumnType.Integer)).AddHidden(new RowNumberTerm(_branches[branch].Order)).All;
    }

    private PlannedOrder Place(int fromEnd) => new(new ResultTerm(Columns.Length - fromEnd, ColumnType.Integer), Descending: false, AsWords: false, Nullable: false);

    private ColumnType Type(ImmutableArray<string> path) => _shown.First(shown => Text(shown.Path) == Text(path)).Type;

    private static int Find(ImmutableArray<SummaryColumn> columns, ImmutableArray<string> path)
    {
        for (var index = 0; index < columns.Length; index++)
            if (!columns[index].IsHidden && Text(columns[index].Path) == Text(path)) return index;
        return -1;
    }

    private static ColumnType Common(ColumnType left, ColumnType right, ImmutableArray<string> path, int position)
    {
        if (left == right) return left;
        if (!ValuePlanner.IsNumber(left) || !ValuePlanner.IsNumber(right))
            throw QueryProblems.NotSummed($"'{Text(path)}' has values of different types in the parts of concat ($apply, character {position}): take different names.");
        return left == ColumnType.Float || right == ColumnType.Float ? ColumnType.Float : ColumnType.Decimal;
    }

    private static string Text(ImmutableArray<string> path) => string.Join('/', path);
}
