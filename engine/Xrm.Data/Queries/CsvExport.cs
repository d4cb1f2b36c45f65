using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>All rows that a query finds, as lines of CSV. Turning it into SQL cannot fail.</summary>
public sealed class CsvExport
{
    private readonly Func<string, SqlBuilder> _sql;

    private CsvExport(Entity entity, ImmutableArray<CsvColumn> columns, Func<string, SqlBuilder> sql) => (Entity, Columns, _sql) = (entity, columns, sql);

    /// <summary>Entity of the rows, or of those that are put together.</summary>
    public Entity Entity { get; }

    /// <summary>The columns, in their order.</summary>
    public ImmutableArray<CsvColumn> Columns { get; }

    /// <summary>Plans the export of a list.</summary>
    /// <param name="query">What the client asked for.</param>
    /// <param name="planner">Plans the list.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <exception cref="Errors.XrmException">403 no right, 400 a name or value that does not fit, or what has no place in CSV.</exception>
    public static CsvExport Of(DataQuery query, Func<DataQuery, QueryPlan> planner, QueryContext context)
    {
        var whole = Whole(query);
        var plan = planner(CsvLayout.WithTitles(whole, planner(whole).Entity, context.Caller));
        return new CsvExport(plan.Entity, CsvLayout.Of(plan.Rows.Row, plan.Entity, query), schema => SelectSql.Rows(plan, schema));
    }

    /// <summary>Plans the export of a summary.</summary>
    /// <param name="query">What the client asked for, with <see cref="DataQuery.Apply"/>.</param>
    /// <param name="planner">Plans the summary.</param>
    /// <exception cref="Errors.XrmException">404 unknown collection, 403 no right, 400 a name or value that does not fit.</exception>
    public static CsvExport OfSummary(DataQuery query, Func<DataQuery, SummaryPlan> planner)
    {
        var plan = planner(Whole(query));
        var columns = plan.Columns.Select((column, index) => (column, index)).Where(pair => !pair.column.IsHidden)
            .OrderBy(pair => Place(query.Select, pair.column.Path[0]))
            .Select(pair => new CsvColumn(string.Join('/', pair.column.Path), Fields(plan.Entity, pair.column.Path), pair.column.Shown.Type, pair.index));
        return new CsvExport(plan.Entity, [.. columns], schema => SummarySql.Rows(plan, schema));
    }

    internal SqlBuilder Sql(string schema) => _sql(schema);

    private static int Place(ImmutableArray<NameNode> select, string name)
    {
        for (var index = 0; index < select.Length; index++)
            if (select[index].Name == name) return index;
        return int.MaxValue;
    }

    private static DataQuery Whole(DataQuery query) => query is { Count: false, EstimateCount: false } ? query with { IsWhole = true }
        : throw QueryProblems.NotFilterable("$count", "CSV has no place for $count: ask for …/$count.");

    private static ImmutableArray<Field> Fields(Entity entity, ImmutableArray<string> path)
    {
        var fields = ImmutableArray.CreateBuilder<Field>(path.Length);
        foreach (var name in path)
        {
            if ((entity.FindColumn(name)?.Field ?? entity.FindField(name)) is not { } field) return [];
            fields.Add(field);
            if (field.Targets.Length == 1) entity = field.Targets[0];
        }
        return fields.ToImmutable();
    }
}
