using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>What names mean at one place of a query: properties of the row, and items that conditions have named.</summary>
internal sealed class QueryNames
{
    private const string This = "$it";
    private readonly PropertyPlanner _row;
    private readonly ImmutableDictionary<string, Item> _items;

    /// <summary>Names of a row.</summary>
    public QueryNames(PropertyPlanner row)
        : this(row, ImmutableDictionary<string, Item>.Empty.Add(This, new Item(row, null)))
    {
    }

    private QueryNames(PropertyPlanner row, ImmutableDictionary<string, Item> items) => (_row, _items) = (row, items);

    /// <summary>Model, caller and time.</summary>
    public QueryContext Context => _row.Context;

    /// <summary>The same, and an item that is a row.</summary>
    public QueryNames With(LambdaNode lambda, PropertyPlanner row) => With(lambda, new Item(row, null));

    /// <summary>The same, and an item that is a value.</summary>
    public QueryNames With(LambdaNode lambda, Term value) => With(lambda, new Item(null, value));

    /// <summary>The value at the end of a path.</summary>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public FoundValue Find(PathNode path)
    {
        if (!_items.TryGetValue(path.Segments[0], out var item)) return _row.Find(path, 0);
        if (item.Value is { } value && path.Segments.Length == 1) return new FoundValue(value, IsWords: value.Type == ColumnType.Text);
        if (item.Row is { } row && path.Segments.Length > 1) return row.Find(path, 1);
        throw QueryProblems.NotFilterable(path.ToString(), item.Row is null
            ? $"'{path.Segments[0]}' (character {path.Position}) is a value: it has no properties."
            : $"'{path}' (character {path.Position}) is a record: name one of its properties, such as {path}/id.");
    }

    /// <summary>The row, in its tables, that has the last name of a path.</summary>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public (PropertyPlanner Properties, RowSource Source) Reach(PathNode path)
    {
        var (row, first) = _items.TryGetValue(path.Segments[0], out var item) ? (item.Row, 1) : (_row, 0);
        if (row is null || first == path.Segments.Length) throw QueryProblems.NotFilterable(path.ToString(), $"'{path}' (character {path.Position}) is not a list, nor are they related records.");
        return (row, row.Reach(path, first));
    }

    private QueryNames With(LambdaNode lambda, Item item) => _items.ContainsKey(lambda.Variable!)
        ? throw QueryProblems.NotFilterable(lambda.Variable!, $"'{lambda.Variable}' (character {lambda.Position}) already names something here: take another name.")
        : new QueryNames(_row, _items.Add(lambda.Variable!, item));

    private sealed record Item(PropertyPlanner? Row, Term? Value);
}

/// <summary>What a path leads to.</summary>
/// <param name="Term">The value.</param>
/// <param name="IsWords">A text that people read as words.</param>
internal readonly record struct FoundValue(Term Term, bool IsWords);
