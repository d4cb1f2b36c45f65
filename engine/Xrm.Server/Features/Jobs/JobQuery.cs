using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Queries;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Jobs;

/// <summary>Which records a job is about.</summary>
internal static class JobQuery
{
    /// <summary>Reads the query part of the URL by which a job is asked for.</summary>
    /// <param name="query">It may hold <c>$filter</c>, <c>$search</c> and <c>view</c>, and of a deletion <c>deleted=only</c>.</param>
    /// <param name="kind">Kind of the job.</param>
    /// <exception cref="XrmException">400: it holds something else, or is not understood.</exception>
    public static DataQuery Parse(string query, string kind)
    {
        var parsed = ODataUrl.Parse(query);
        var isPurge = parsed.OnlyDeleted && kind == Job.Delete;
        if (parsed == new DataQuery { Filter = parsed.Filter, Search = parsed.Search, View = parsed.View, OnlyDeleted = isPurge }) return parsed;
        throw new XrmException("query_not_understood", 400, "A change of many records takes $filter, $search and view, all=true for all records, and preview=true to count them; a deletion also deleted=only, for those in the recycle bin.");
    }

    /// <summary>The next records of a job, in the order of their ids.</summary>
    /// <param name="job">The job.</param>
    /// <param name="most">Most records.</param>
    public static DataQuery Next(Job job, int most)
    {
        var query = Parse(job.Query, job.Kind);
        // Records that came later, there or into the recycle bin, were not meant, and could keep the job going for ever.
        var filter = And(query.Filter, Compare(query.OnlyDeleted ? "deleted_at" : "created_at", BinaryOperator.LessOrEqual, new LiteralNode(LiteralKind.DateTime, job.CreatedAt, 1)));
        if (job.Position is { } position) filter = And(filter, Compare("id", BinaryOperator.Greater, new LiteralNode(LiteralKind.Uuid, position, 1)));
        return query with { Filter = filter, Select = [new NameNode("id", 1)], OrderBy = [new OrderItem(new PathNode(["id"], 1), Descending: false)], IsWhole = true, Top = most };
    }

    private static BinaryNode Compare(string name, BinaryOperator comparison, LiteralNode value) => new(comparison, new PathNode([name], 1), value, 1);

    private static BinaryNode And(QueryNode? left, BinaryNode right) => left is null ? right : new BinaryNode(BinaryOperator.And, left, right, 1);
}
