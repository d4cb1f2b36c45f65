using System.Collections;
using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Changes;

/// <summary>The queries by which the changes of a list are found.</summary>
/// <param name="context">Model, caller and time.</param>
/// <param name="entity">Entity of the list.</param>
/// <param name="query">What the client asked for.</param>
internal sealed class DeltaPlans(QueryContext context, Entity entity, DataQuery query)
{
    private static readonly ImmutableArray<NameNode> Id = [new NameNode("id", 1)];

    private DataQuery Whole => query with { IsWhole = true, OrderBy = [new OrderItem(new PathNode(["id"], 1), Descending: false)] };

    /// <summary>
    /// Whether a record can come into the list or leave it only by a change of its own: not by one of another record, nor by the time.
    /// </summary>
    /// <param name="schema">Schema of the organisation.</param>
    public bool IsTrackable(string schema)
    {
        if (entity.IsGeneratedLink || query is not { Search: null, Top: null, Skip: 0, Csv: null, OnlyDeleted: false, Expand.IsEmpty: true, Apply.IsEmpty: true }) return false;
        var now = SelectSql.Plain(new QueryPlanner(context).List(entity, Whole), schema);
        var later = SelectSql.Plain(new QueryPlanner(context.Later(TimeSpan.FromDays(400))).List(entity, Whole), schema);
        // The statement says what it reads: one table, and the same at any time. A token is bound to what is shared with the caller.
        var tables = now.ToString().Split($"{SqlName.Quote(schema)}.").Skip(1).Count(table => !table.StartsWith(SqlName.Quote(RecordShares.Table), StringComparison.Ordinal));
        return now.ToString() == later.ToString() && tables == 1
            && now.Parameters.Zip(later.Parameters).All(pair => StructuralComparisons.StructuralEqualityComparer.Equals(pair.First.Value, pair.Second.Value));
    }

    /// <summary>Those of the records that are in the list now, as the client wants them.</summary>
    public QueryPlan Now(IEnumerable<Guid> ids) => new QueryPlanner(context).List(entity, Whole, root => [Among(root, ids)]);

    /// <summary>Those of the records that the caller may see now, in the list or not.</summary>
    public QueryPlan Seen(IEnumerable<Guid> ids) => new QueryPlanner(context).List(entity, Everything, root => [Among(root, ids)]);

    /// <summary>Those of the records that are there, whoever may see them.</summary>
    public QueryPlan There(IEnumerable<Guid> ids) => new QueryPlanner(context.For(Caller.System)).List(entity, Everything, root => [Among(root, ids)]);

    /// <summary>Those of the rows that were in the list.</summary>
    /// <param name="rows">JSON array of rows as they were.</param>
    public QueryPlan Before(string rows) => new QueryPlanner(context, rows).List(entity, Whole with { Select = Id, Compute = query.Compute });

    /// <summary>Those of the rows that the caller may see as they were, in the list or not.</summary>
    /// <param name="rows">JSON array of rows as they were.</param>
    public QueryPlan SeenBefore(string rows) => new QueryPlanner(context, rows).List(entity, Everything);

    /// <summary>The ids of the records that a query finds.</summary>
    /// <param name="plan">The query, one of these.</param>
    /// <param name="connection">An open connection.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task<HashSet<Guid>> IdsAsync(QueryPlan plan, NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        var ids = new HashSet<Guid>();
        await using var command = SelectSql.Rows(plan, schema).ToCommand(connection).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        // Column 0 is the version, and the id comes first behind it.
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(1));
        return ids;
    }

    private static DataQuery Everything => new() { Select = Id, IsWhole = true };

    private static InTerm Among(RowSource root, IEnumerable<Guid> ids) =>
        new(ReadRights.SystemColumn(root, "id"), [.. ids.Select(id => (object?)id)], ColumnType.Uuid, OrNull: false, Exact: false);
}
