using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Plans conditions about the items of lists and about related records. Records that the caller may not see do not count.
/// </summary>
internal sealed class CollectionPlanner(QueryNames names)
{
    public Term AnyOrAll(LambdaNode node, bool exact)
    {
        var (properties, source) = names.Reach(node.Collection);
        if (FindList(source, node.Collection, readsItems: node.Condition is not null) is { } list) return AnyOrAllOf(list, properties, node, exact);
        var (rows, inner) = Rows(properties, source, node.Collection);
        if (node.Condition is null) return new ExistsTerm(rows);
        var condition = new ConditionPlanner(names.With(node, inner)).Condition(node.Condition);
        var exists = new ExistsTerm(rows with { Where = rows.Where.Add(node.All ? new NotTrueTerm(condition) : condition) });
        return node.All ? new NotTerm(exists) : exists;
    }

    public Term Count(CountNode node)
    {
        var (properties, source) = names.Reach(node.Collection);
        if (FindList(source, node.Collection, readsItems: node.Filter is not null) is { } list)
        {
            if (node.Filter is not null) throw QueryProblems.NotFilterable(node.Collection.ToString(), $"'{node.Collection}' is a list of values: $count takes no $filter there.");
            return new ListCountTerm(list);
        }
        var (rows, inner) = Rows(properties, source, node.Collection);
        return new RowCountTerm(node.Filter is null ? rows : rows with { Where = rows.Where.Add(new ConditionPlanner(new QueryNames(inner)).Condition(node.Filter)) });
    }

    /// <summary>Whether a list has a value: <c>labels has 'a'</c>.</summary>
    public static Term Has(Term list, string path, LiteralNode? value, bool exact)
    {
        if (ItemType(list.Type) is not { } type) throw QueryProblems.WrongType(path, $"'{path}' is not a list: 'has' asks whether a list has a value.");
        if (value?.Value is null) throw QueryProblems.WrongType(path, $"'{path}' has … needs a constant on the right.");
        return new OverlapTerm(list, [LiteralValues.For(value, type, path).Value], type, exact);
    }

    private Term AnyOrAllOf(ColumnTerm list, PropertyPlanner properties, LambdaNode node, bool exact)
    {
        var type = ItemType(list.Type)!.Value;
        if (node.Condition is null) return new CompareTerm(BinaryOperator.Greater, new ListCountTerm(list), new ConstantTerm(0L, ColumnType.Integer), Exact: false);
        var item = new ItemTerm(properties.Set.Aliases.Next(), type);
        var condition = new ConditionPlanner(names.With(node, item)).Condition(node.Condition);
        // An index on the list serves this form, and not the other.
        if (!node.All && Values(condition, item) is { } values) return new OverlapTerm(list, values, type, exact);
        return new ItemExistsTerm(list, item, condition, node.All);
    }

    /// <summary>The values that the condition compares an item with, where it does nothing else.</summary>
    private static ImmutableArray<object?>? Values(Term condition, ItemTerm item) => condition switch
    {
        CompareTerm { Operator: BinaryOperator.Equal, Right: ConstantTerm { Value: not null } constant } compare when compare.Left == item && constant.Type == item.Type => [constant.Value],
        CompareTerm { Operator: BinaryOperator.Equal, Left: ConstantTerm { Value: not null } constant } compare when compare.Right == item && constant.Type == item.Type => [constant.Value],
        InTerm { OrNull: false } list when list.Operand == item && list.ValueType == item.Type => list.Values,
        _ => null,
    };

    private ColumnTerm? FindList(RowSource source, PathNode path, bool readsItems)
    {
        var name = path.Segments[^1];
        if (source.Entity.FindColumn(name) is not var (field, column)) return null;
        if (!names.Context.Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(path.ToString());
        // Of files it is known how many there are; what they are is not in the record.
        if (ItemType(column.Type) is null || (field.Type is FilesType && readsItems))
            throw QueryProblems.NotFilterable(path.ToString(), $"'{path}' (character {path.Position}) is not a list of values, nor are they related records.");
        return new ColumnTerm(source, column);
    }

    private (Selection Rows, PropertyPlanner Properties) Rows(PropertyPlanner properties, RowSource source, PathNode path)
    {
        var name = path.Segments[^1];
        if (RelatedRows.Find(names.Context, source.Entity, name, path.ToString()) is not { } related)
        {
            if (source.Entity.FindField(name) is null) throw QueryProblems.UnknownItems(source.Entity, name, path.ToString());
            throw QueryProblems.NotFilterable(path.ToString(), $"'{path}' (character {path.Position}) is not a list of values, nor are they related records.");
        }
        if (!names.Context.Caller.Can(related.Entity, Operation.Read)) throw QueryProblems.NoRight(related.Entity);
        var set = new RowSet(related.Entity, properties.Set.Aliases);
        var where = related.BelongsTo(set.Root, ReadRights.SystemColumn(source, "id")).AddRange(ReadRights.Conditions(names.Context.Caller, set.Root));
        return (new Selection(set) { Where = where }, new PropertyPlanner(names.Context, set));
    }

    private static ColumnType? ItemType(ColumnType list) => list switch
    {
        ColumnType.TextList => ColumnType.Text,
        ColumnType.IntegerList => ColumnType.Integer,
        ColumnType.UuidList => ColumnType.Uuid,
        _ => null,
    };
}
