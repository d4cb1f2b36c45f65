using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Lays the values of rows out as columns: in the order of the selection, what a lookup points to beside the lookup.</summary>
internal static class CsvLayout
{
    /// <summary>The query, with the title of each record that a selected lookup points to.</summary>
    public static DataQuery WithTitles(DataQuery query, Entity entity, Caller caller)
    {
        var known = query.Expand.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        var titles = entity.Fields.Where(field => field.IsLookup && !known.Contains(field.Name) && caller.CanReadField(field) && Place(query.Select, field.Name, field.Columns) < int.MaxValue);
        return query with { Expand = query.Expand.AddRange(titles.Select(field => Title(field, caller)).OfType<ExpandItem>()) };
    }

    /// <summary>The columns of a row.</summary>
    /// <param name="row">What the statement selects.</param>
    /// <param name="entity">Entity of the row.</param>
    /// <param name="asked">What the client asked for.</param>
    /// <exception cref="Errors.XrmException">400: a list is asked for inside of the rows.</exception>
    public static ImmutableArray<CsvColumn> Of(PlannedRow row, Entity entity, DataQuery asked)
    {
        // Column 0 is the version.
        var ordinal = 1;
        return Of(row, entity, asked, ref ordinal);
    }

    private static ImmutableArray<CsvColumn> Of(PlannedRow row, Entity entity, DataQuery asked, ref int ordinal)
    {
        var groups = new List<(int Place, string Name, List<CsvColumn> Columns)>();
        foreach (var column in row.Columns)
        {
            var field = entity.FindColumn(column.Name)?.Field;
            var name = field?.Name ?? column.Name;
            var planned = new CsvColumn(column.Name, field is null ? [] : [field], column.Term.Type, ordinal++);
            if (column.Name == "id" && !asked.Select.IsEmpty && Place(asked.Select, "id", []) == int.MaxValue) continue;
            Group(groups, name, Place(asked.Select, name, field?.Columns ?? [])).Add(planned);
        }
        foreach (var expand in row.Expands)
        {
            var field = entity.FindField(expand.Name);
            var columns = Expanded(expand, field, asked.Expand.FirstOrDefault(item => item.Name == expand.Name), ref ordinal);
            if (columns.IsEmpty) continue;
            Group(groups, expand.Name, Place(asked.Select, expand.Name, field?.Columns ?? [])).AddRange(columns);
        }
        return [.. groups.OrderBy(group => group.Place).SelectMany(group => group.Columns)];
    }

    private static ImmutableArray<CsvColumn> Expanded(PlannedExpand expand, Field? field, ExpandItem? asked, ref int ordinal)
    {
        switch (expand)
        {
            case OneExpand one:
                var nested = Of(one.Row, one.Source.Entity, asked?.Options ?? new DataQuery { Select = [new NameNode(one.Source.Entity.Primary.Name, 1)] }, ref ordinal);
                // Nobody asked for the record: its title stands under the name of the lookup.
                return asked is null ? [.. nested.Take(1).Select(title => title with { Path = expand.Name, Fields = [field!] })]
                    : [.. nested.Select(column => column with { Path = $"{expand.Name}/{column.Path}", Fields = column.Fields.IsEmpty ? [] : column.Fields.Insert(0, field!) })];
            case KindExpand:
                ordinal += 3;
                return [new CsvColumn(expand.Name, [field!], ColumnType.Text, ordinal - 1)];
            case HiddenExpand { IsList: false }:
                return [];
            default:
                throw QueryProblems.NotFilterable(expand.Name, $"'{expand.Name}' is a list, which has no place in a row of CSV: export it by itself.");
        }
    }

    private static List<CsvColumn> Group(List<(int Place, string Name, List<CsvColumn> Columns)> groups, string name, int place)
    {
        var index = groups.FindIndex(group => group.Name == name);
        if (index >= 0) return groups[index].Columns;
        groups.Add((place, name, []));
        return groups[^1].Columns;
    }

    /// <summary>Where the selection names a field or one of its columns, or all; 0 without a selection.</summary>
    private static int Place(ImmutableArray<NameNode> select, string name, ImmutableArray<Column> columns)
    {
        if (select.IsEmpty) return 0;
        for (var index = 0; index < select.Length; index++)
            if (select[index].Name is var wanted && (wanted == "*" || wanted == name || columns.Any(column => column.Name == wanted))) return index;
        return int.MaxValue;
    }

    private static ExpandItem? Title(Field lookup, Caller caller)
    {
        if (lookup.IsPolymorphic) return new ExpandItem(lookup.Name, new DataQuery(), 1);
        var primary = lookup.Targets[0].Primary;
        return caller.CanReadField(primary) ? new ExpandItem(lookup.Name, new DataQuery { Select = [new NameNode(primary.Columns[0].Name, 1)] }, 1) : null;
    }
}
