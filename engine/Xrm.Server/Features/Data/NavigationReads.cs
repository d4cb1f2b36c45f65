using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.OData;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data;

/// <summary>Reading what hangs on one record: <c>contracts/{id}/lines</c>, <c>contracts/{id}/account</c>.</summary>
internal sealed class NavigationReads(DataReads reads)
{
    /// <summary>Answers with a page of related records, or with the one that a lookup points to (204 where it points to none).</summary>
    public async Task AnswerAsync(HttpContext http, string collection, string id, string name)
    {
        var context = await reads.ContextAsync(http);
        var key = RequestedRecord.Key(context.Collection(collection), id);
        if (key.Entity.FindField(name) is { Targets.IsEmpty: false, Child: null } lookup) await OneAsync(http, key, lookup, context);
        else await reads.ListAsync(http, DataReads.Parse(http.Request), await PlannerAsync(http, key, name, context), context);
    }

    /// <summary>Answers with the number of related records, as plain text.</summary>
    public async Task CountAsync(HttpContext http, string collection, string id, string name)
    {
        var context = await reads.ContextAsync(http);
        var planner = await PlannerAsync(http, RequestedRecord.Key(context.Collection(collection), id), name, context);
        await reads.CountAsync(http, planner(ODataUrl.Parse(http.Request.QueryString.Value)));
    }

    private async Task<Func<DataQuery, QueryPlan>> PlannerAsync(HttpContext http, RecordKey key, string name, QueryContext context)
    {
        var near = (Guid)(await reads.ValuesAsync(http, key, ["id"], context))[0]!;
        return query => QueryPlan.ForRelated(key.Entity, near, name, query, context)
            ?? throw new XrmException("unknown_navigation", 404, $"{key.Entity.Plural} have no related records named '{name}'.");
    }

    private async Task OneAsync(HttpContext http, RecordKey key, Field lookup, QueryContext context)
    {
        var values = await reads.ValuesAsync(http, key, lookup.Columns.Select(column => column.Name), context);
        var target = lookup.IsPolymorphic ? context.Published.Model.FindEntity(values[2] as string ?? "") : lookup.Targets[0];
        if (values[1] is Guid id && target is not null) await reads.OneAsync(http, RecordKey.OfId(target, id), context);
        else http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
