using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>What names mean at one place of a query: properties of the row, and items that conditions have named.</summary>
internal sealed class QueryNames
{
    private const string This = "$it";
    private readonly PropertyPlanner? _row;
    private readonly ImmutableDictionary<string, Item> _items;
    private readonly ImmutableDictionary<string, Term> _computed;

    /// <summary>Names of a row.</summary>
    public QueryNames(PropertyPlanner row)
        : this(row.Context, row, ImmutableDictionary<string, Item>.Empty.Add(This, new Item(row, null)), ImmutableDictionary<string, Term>.Empty)
    {
    }

    /// <summary>Names of a summary, which are no properties of any row.</summary>
    /// <param name="context">Model, caller and time.</param>
    /// <param name="result">Values by path.</param>
    public QueryNames(QueryContext context, ImmutableDictionary<string, Term> result)
        : this(context, null, ImmutableDictionary<string, Item>.Empty, result)
    {
    }

    private QueryNames(QueryContext context, PropertyPlanner? row, ImmutableDictionary<string, Item> items, ImmutableDictionary<string, Term> computed) =>
        (Context, _row, _items, _computed) = (context, row, items, computed);

    /// <summary>Model, caller and time.</summary>
    public QueryContext Context { get; }

    /// <summary>The row's own properties; null for a summary.</summary>
    public PropertyPlanner? Row => _row;

    /// <summary>Values that have no place in any table, by the names that the query gives them.</summary>
    public ImmutableDictionary<string, Term> Computed => _computed;

    /// <summary>The same, and expressions that get names. They cannot use each other's.</summary>
    /// <exception cref="Errors.XrmException">400 where a name is taken, or an expression does not fit.</exception>
    public QueryNames With(ImmutableArray<ComputeItem> items)
    {
        var computed = _computed.ToBuilder();
        foreach (var (value, name) in items)
        {
            if (computed.ContainsKey(name.Name) || _items.ContainsKey(name.Name) || _row?.HasName(name.Name) == true)
                throw QueryProblems.NotFilterable(name.Name, $"'{name.Name}' (character {name.Position}) already names something here: take another name.");
            computed.Add(name.Name, new ValuePlanner(this).Value(value));
        }
        return new QueryNames(Context, _row, _items, computed.ToImmutable());
    }

    /// <summary>The same, and an item that is a row.</summary>
    public QueryNames With(LambdaNode lambda, PropertyPlanner row) => With(lambda, new Item(row, null));

    /// <summary>The same, and an item that is a value.</summary>
    public QueryNames With(LambdaNode lambda, Term value) => With(lambda, new Item(null, value));

    /// <summary>The value at the end of a path.</summary>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public FoundValue Find(PathNode path)
    {
        if (_computed.TryGetValue(path.ToString(), out var computed)) return new FoundValue(computed, IsWords: computed.Type == ColumnType.Text);
        if (!_items.TryGetValue(path.Segments[0], out var item)) return _row?.Find(path, 0) ?? throw QueryProblems.UnknownResult(path.ToString(), _computed.Keys);
        if (item.Value is { } value && path.Segments.Length == 1) return new FoundValue(value, IsWords: value.Type == ColumnType.Text);
        if (item.Row is { } row && path.Segments.Length > 1) return row.Find(path, 1);
        throw QueryProblems.NotFilterable(path.ToString(), item.Row is null
            ? $"'{path.Segments[0]}' (character {path.Position}) is a value: it has no properties."
            : $"'{path}' (character {path.Position}) is a record: name one of its properties, such as {path}/id.");
    }

    /// <summary>The id of the record that the lookup at the end of a path points to; null where something else stands there.</summary>
    /// <exception cref="Errors.XrmException">400 where a name before it is unknown, 403 where the caller may not see it.</exception>
    public Term? FindPointer(PathNode path)
    {
        if (_computed.ContainsKey(path.ToString())) return null;
        var (row, first) = _items.TryGetValue(path.Segments[0], out var item) ? (item.Row, 1) : (_row, 0);
        return first < path.Segments.Length ? row?.FindPointer(path, first) : null;
    }

    /// <summary>The row, in its tables, that has the last name of a path.</summary>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public (PropertyPlanner Properties, RowSource Source) Reach(PathNode path)
    {
        var (row, first) = _items.TryGetValue(path.Segments[0], out var item) ? (item.Row, 1) : (_row, 0);
        if (row is null || first == path.Segments.Length) throw QueryProblems.NotFilterable(path.ToString(), $"'{path}' (character {path.Position}) is not a list, nor are they related records.");
        return (row, row.Reach(path, first));
    }

    private QueryNames With(LambdaNode lambda, Item item) => _items.ContainsKey(lambda.Variable!) || _computed.ContainsKey(lambda.Variable!)
        ? throw QueryProblems.NotFilterable(lambda.Variable!, $"'{lambda.Variable}' (character {lambda.Position}) already names something here: take another name.")
        : new QueryNames(Context, _row, _items.Add(lambda.Variable!, item), _computed);

    private sealed record Item(PropertyPlanner? Row, Term? Value);
}

/// <summary>What a path leads to.</summary>
/// <param name="Term">The value.</param>
/// <param name="IsWords">A text that people read as words.</param>
internal readonly record struct FoundValue(Term Term, bool IsWords);
