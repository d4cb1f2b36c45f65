using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans what a row shows: the selected properties and the related records inside it.</summary>
internal sealed class RowPlanner(QueryContext context, RowSet set)
{
    /// <summary>Rows of one nested list where the client names no limit.</summary>
    public const int NestedLimit = 1_000;

    private static readonly ImmutableDictionary<string, Term> NoneComputed = ImmutableDictionary<string, Term>.Empty;

    private readonly PropertyPlanner _properties = new(context, set);

    /// <summary>Plans the row of one source.</summary>
    /// <param name="source">Table of the row.</param>
    /// <param name="select">Names of the wanted properties; empty for all.</param>
    /// <param name="expand">Related records wanted inside.</param>
    /// <param name="computed">Values with names of the query's own, which can be selected like properties.</param>
    public PlannedRow Plan(RowSource source, ImmutableArray<NameNode> select, ImmutableArray<ExpandItem> expand, ImmutableDictionary<string, Term> computed) =>
        new([.. Columns(source, [.. select.Where(item => !computed.ContainsKey(item.Name))], IsAll(select)), .. Computed(select, computed)], Expands(source, expand), ShowsAll: IsAll(select));

    private static bool IsAll(ImmutableArray<NameNode> select) => select.IsEmpty || select.Any(item => item.Name == "*");

    private static IEnumerable<PlannedColumn> Computed(ImmutableArray<NameNode> select, ImmutableDictionary<string, Term> computed) => computed
        .Where(pair => select.IsEmpty || select.Any(item => item.Name == "*" || item.Name == pair.Key))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => new PlannedColumn(pair.Key, AsJsonTerm.Shown(pair.Value), IsComputed: true));

    private ImmutableArray<PlannedColumn> Columns(RowSource source, ImmutableArray<NameNode> select, bool all)
    {
        var entity = source.Entity;
        if (select.IsEmpty && all) return All(source);
        var wanted = new HashSet<string>(StringComparer.Ordinal) { "id" };
        foreach (var item in select)
        {
            if (item.Name == "*") continue;
            if (entity.FindColumn(item.Name) is not null) wanted.Add(item.Name);
            else if (entity.FindField(item.Name) is { } field) wanted.UnionWith(field.Columns.Select(column => column.Name));
            else throw QueryProblems.UnknownField(entity, item.Name, item.Name);
        }
        if (all) return All(source);
        // A selected property that the caller may not see is absent from the answer, as it is without a selection:
        // a saved list goes on working for people with fewer rights.
        return [.. IdFirst(Visible(entity).Where(column => wanted.Contains(column.Column.Name))).Select(column => Planned(source, column))];
    }

    private ImmutableArray<PlannedColumn> All(RowSource source) => [.. IdFirst(Visible(source.Entity)).Select(column => Planned(source, column))];

    private IEnumerable<(Field Field, Column Column)> Visible(Entity entity) =>
        from field in entity.Fields
        where context.Caller.SeesField(field) && !field.IsOfRecycleBin
        from column in field.Columns
        select (field, column);

    private static IEnumerable<(Field Field, Column Column)> IdFirst(IEnumerable<(Field Field, Column Column)> columns) =>
        columns.OrderBy(column => column.Column.Name == "id" ? 0 : 1);

    private PlannedColumn Planned(RowSource source, (Field Field, Column Column) column)
    {
        if (column.Field.Type is FileType or FilesType) return new PlannedColumn(column.Column.Name, new FileTerm(source, column.Column));
        var value = _properties.Value(source, column.Field, column.Column);
        return new PlannedColumn(column.Column.Name, context.Caller.MaskOf(column.Field) is { } mask ? new MaskTerm(value, mask) : value);
    }

    private ImmutableArray<PlannedExpand> Expands(RowSource source, ImmutableArray<ExpandItem> items)
    {
        if (items.IsEmpty) return [];
        var expands = ImmutableArray.CreateBuilder<PlannedExpand>(items.Length);
        foreach (var item in items)
        {
            if (expands.Any(known => known.Name == item.Name)) throw QueryProblems.NotFilterable(item.Name, $"'{item.Name}' is expanded twice.");
            expands.Add(Expand(source, item));
        }
        return expands.ToImmutable();
    }

    private PlannedExpand Expand(RowSource source, ExpandItem item)
    {
        if (RelatedRows.Find(context, source.Entity, item.Name, item.Name) is { } related) return Nested(source, item, related);
        if (source.Entity.FindField(item.Name) is { } field)
        {
            if (!context.Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(item.Name);
            if (field.IsPolymorphic) return Kind(source, item, field);
            if (field.IsLookup) return One(source, item, field);
        }
        throw QueryProblems.UnknownExpand(source.Entity, item.Name);
    }

    private PlannedExpand One(RowSource source, ExpandItem item, Field lookup)
    {
        if (!context.Caller.Can(lookup.Targets[0], Operation.Read)) return new HiddenExpand(item.Name, IsList: false);
        if (item.Options is not { Filter: null, Top: null, Skip: 0, OrderBy.IsEmpty: true, Count: false, Compute.IsEmpty: true })
            throw QueryProblems.NotFilterable(item.Name, $"'{item.Name}' is one record: only $select and $expand apply to it.");
        var target = set.JoinVisible(source, lookup, lookup.Targets[0], joined => ReadRights.Conditions(context.Caller, joined));
        return new OneExpand(item.Name, target, Plan(target, item.Options.Select, item.Options.Expand, NoneComputed));
    }

    private KindExpand Kind(RowSource source, ExpandItem item, Field lookup)
    {
        if (item.Options is not { Filter: null, Top: null, Skip: 0, OrderBy.IsEmpty: true, Count: false, Compute.IsEmpty: true, Select.IsEmpty: true, Expand.IsEmpty: true })
            throw QueryProblems.NotFilterable(item.Name, $"'{item.Name}' points to records of several kinds and shows their kind and title: options do not apply to it. Take values with $compute={item.Name}/{TypePlanner.TypeName(lookup.Targets[0])}/… as name.");
        var labels = lookup.Targets.Where(target => context.Caller.Can(target, Operation.Read) && context.Caller.CanReadField(target.Primary))
            .Select(target => new KindLabel(target, Label(source, lookup, target)));
        return new KindExpand(item.Name, new ColumnTerm(source, lookup.Columns[0]), new ColumnTerm(source, lookup.Columns[1]), [.. labels]);
    }

    private Selection Label(RowSource source, Field lookup, Entity target)
    {
        var rows = new RowSet(target, set.Aliases);
        var label = new PropertyPlanner(context, rows).Value(rows.Root, target.Primary, target.Primary.Columns[0]);
        return new Selection(rows)
        {
            Row = new PlannedRow([new PlannedColumn("label", label)], []),
            Where = [Equal(ReadRights.SystemColumn(rows.Root, "id"), new ColumnTerm(source, lookup.Columns[0])), .. ReadRights.Conditions(context.Caller, rows.Root)],
        };
    }

    private PlannedExpand Nested(RowSource source, ExpandItem item, RelatedRows related)
    {
        var entity = related.Entity;
        if (!context.Caller.Can(entity, Operation.Read)) return new HiddenExpand(item.Name, IsList: true);
        if (item.Options.Top > NestedLimit) throw QueryProblems.TooLarge($"$top inside $expand may be {NestedLimit}.");
        var rows = new RowSet(entity, set.Aliases);
        var names = new QueryNames(new PropertyPlanner(context, rows)).With(item.Options.Compute);
        var where = related.BelongsTo(rows.Root, ReadRights.SystemColumn(source, "id")).AddRange(ReadRights.Conditions(context.Caller, rows.Root));
        if (item.Options.Filter is { } filter) where = where.Add(new ConditionPlanner(names).Condition(filter));
        return new ManyExpand(item.Name, new Selection(rows)
        {
            Row = new RowPlanner(context, rows).Plan(rows.Root, item.Options.Select, item.Options.Expand, names.Computed),
            Where = where,
            Order = new OrderPlanner(names, rows.Root).Plan(item.Options.OrderBy, null, null),
            Limit = item.Options.Top ?? NestedLimit + 1,
            Offset = item.Options.Skip,
        }, item.Options.Count, item.Options.Top is null ? new NextList(source.Entity.Plural, item.Query, NestedLimit, item.Options.Skip) : null);
    }

    private static CompareTerm Equal(Term left, Term right) => new(BinaryOperator.Equal, left, right, Exact: false);
}
