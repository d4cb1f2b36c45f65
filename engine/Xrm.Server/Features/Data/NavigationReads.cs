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
        else
        {
            var (query, near) = (DataReads.Parse(http.Request), await IdAsync(http, key, context));
            if (query.KeepsRecords) await reads.ListAsync(http, query, paged => List(key, near, name, paged, context), context);
            else await reads.SummaryAsync(http, query, paged => Summary(key, near, name, paged, context), context);
        }
    }

    /// <summary>Answers with the number of related records, as plain text.</summary>
    public async Task CountAsync(HttpContext http, string collection, string id, string name)
    {
        var context = await reads.ContextAsync(http);
        var key = RequestedRecord.Key(context.Collection(collection), id);
        var (query, near) = (ODataUrl.Parse(http.Request.QueryString.Value), await IdAsync(http, key, context));
        if (query.KeepsRecords) await reads.CountAsync(http, List(key, near, name, query, context));
        else await reads.CountAsync(http, Summary(key, near, name, query, context));
    }

    private async Task<Guid> IdAsync(HttpContext http, RecordKey key, QueryContext context) => (Guid)(await reads.ValuesAsync(http, key, ["id"], context))[0]!;

    private static QueryPlan List(RecordKey key, Guid near, string name, DataQuery query, QueryContext context) =>
        QueryPlan.ForRelated(key.Entity, near, name, query, context) ?? throw Unknown(key, name);

    private static SummaryPlan Summary(RecordKey key, Guid near, string name, DataQuery query, QueryContext context) =>
        SummaryPlan.ForRelated(key.Entity, near, name, query, context) ?? throw Unknown(key, name);

    private static XrmException Unknown(RecordKey key, string name) => new("unknown_navigation", 404, $"{key.Entity.Plural} have no related records named '{name}'.");

    private async Task OneAsync(HttpContext http, RecordKey key, Field lookup, QueryContext context)
    {
        var values = await reads.ValuesAsync(http, key, lookup.Columns.Select(column => column.Name), context);
        var target = lookup.IsPolymorphic ? context.Published.Model.FindEntity(values[2] as string ?? "") : lookup.Targets[0];
        if (values[1] is Guid id && target is not null) await reads.OneAsync(http, RecordKey.OfId(target, id), context);
        else http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
