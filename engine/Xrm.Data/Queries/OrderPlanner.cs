using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans the order of rows. It always ends with the id, so that two pages never share a row or miss one.</summary>
internal sealed class OrderPlanner(QueryNames names, RowSource root)
{
    private Caller Caller => names.Context.Caller;

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
        // In the direction of the step before it, so that one index serves both when read backwards.
        order.Add(new PlannedOrder(ReadRights.SystemColumn(root, "id"), Descending: order.Count > 0 && order[^1].Descending, AsWords: false, Nullable: false));
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
            if (field is null || !Caller.CanReadField(field)) return null;
            if (name == path[^1] && field.Column is { } column)
                return Step(new PathNode(path.SetItem(path.Length - 1, entity.FindColumn(name)?.Column.Name ?? column.Name), 0), sort.Descending);
            if (field.Targets.Length != 1 || !Caller.Can(field.Targets[0], Operation.Read)) return null;
            entity = field.Targets[0];
        }
        return null;
    }

    private PlannedOrder Step(QueryNode by, bool descending)
    {
        var step = Step(names, new OrderItem(by, descending));
        // Indexes put null first in every column but the id, whether it can be null or not, so that one rule fits all orders.
        return step.Term is ColumnTerm { Column.Name: "id" } column && column.Source == root ? step with { Nullable = false } : step;
    }

    /// <summary>One step of a client's order.</summary>
    public static PlannedOrder Step(QueryNames names, OrderItem item)
    {
        var by = item.By;
        var (term, isWords) = by is PathNode path ? names.Find(path) : new FoundValue(new ValuePlanner(names).Value(by), IsWords: true);
        var what = by is PathNode named ? named.ToString() : "the expression";
        if (!ValuePlanner.IsComparable(term.Type))
            throw QueryProblems.WrongType(what, $"'{what}' has no order: it is {LiteralValues.Expected(term.Type)}.");
        return new PlannedOrder(term, item.Descending, isWords && term.Type == ColumnType.Text, Nullable: true);
    }
}
