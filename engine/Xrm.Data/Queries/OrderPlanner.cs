using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans the order of rows. It always ends with the id, so that two pages never share a row or miss one.</summary>
internal sealed class OrderPlanner(QueryContext context, PropertyPlanner properties, RowSource root)
{
    /// <summary>The client's order, else the view's, else the entity's.</summary>
    public ImmutableArray<PlannedOrder> Plan(ImmutableArray<OrderItem> wanted, View? view, PlannedOrder? first)
    {
        var order = ImmutableArray.CreateBuilder<PlannedOrder>();
        if (!wanted.IsEmpty) order.AddRange(wanted.Select(item => Step(item.By, item.Descending)));
        else
        {
            if (first is not null) order.Add(first);
            var sort = view is { Source.Sort.IsEmpty: false } ? view.Source.Sort : root.Entity.Source.DefaultSort;
            order.AddRange(sort.Select(Step).OfType<PlannedOrder>());
        }
        order.Add(new PlannedOrder(ReadRights.SystemColumn(root, "id"), Descending: false, AsPeopleSort: false, Nullable: false));
        return order.ToImmutable();
    }

    /// <summary>A step of the model; left out where the caller may not see its values, for their order tells of them.</summary>
    private PlannedOrder? Step(Metadata.Source.Sort sort)
    {
        var path = sort.Field.Split('.').ToImmutableArray();
        var entity = root.Entity;
        foreach (var name in path)
        {
            var field = entity.FindField(name) ?? entity.FindColumn(name)?.Field;
            if (field is null || !context.Caller.CanReadField(field)) return null;
            if (name == path[^1] && field.Column is { } column)
                return Step(new PathNode(path.SetItem(path.Length - 1, entity.FindColumn(name)?.Column.Name ?? column.Name), 0), sort.Descending);
            if (field.Targets.Length != 1 || context.Caller.Depth(field.Targets[0], Operation.Read) == Depth.None) return null;
            entity = field.Targets[0];
        }
        return null;
    }

    private PlannedOrder Step(PathNode path, bool descending)
    {
        var (term, field, column) = properties.Find(path);
        if (column.Type is ColumnType.Json or ColumnType.TextList or ColumnType.IntegerList or ColumnType.UuidList)
            throw QueryProblems.WrongType(path.ToString(), $"'{path}' has no order: it is {LiteralValues.Expected(column.Type)}.");
        var isReadByPeople = column.Type == ColumnType.Text && field.Options.IsEmpty;
        var isNullable = path.Segments.Length > 1 || !field.IsSystem || column.Name is not ("id" or "version" or "created_at" or "modified_at");
        return new PlannedOrder(term, descending, isReadByPeople, isNullable);
    }
}
