using System.Globalization;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>Tells an id that is taken by a record in the recycle bin from one that is taken by a record in use.</summary>
internal sealed class RecycledIds(RecordReader reader, TimeProvider time)
{
    private const string Id = "id";

    /// <summary>The refusal, said better where the caller may see the record in the recycle bin. Asked for only once the database has refused the row.</summary>
    /// <param name="command">What was refused.</param>
    /// <param name="refused">Why.</param>
    /// <param name="ct">Cancels the query.</param>
    public async Task<XrmException> ExplainAsync<TResult>(DataCommand<TResult> command, XrmException refused, CancellationToken ct)
    {
        var request = command.Request;
        if (!request.Entity.HasRecycleBin || refused is not { Code: "not_unique", Errors: [{ Field: { } field }] } || IdOf(command, field) is not { } id) return refused;
        var query = new DataQuery
        {
            OnlyDeleted = true,
            Filter = new BinaryNode(BinaryOperator.Equal, new PathNode([Id], 1), new LiteralNode(LiteralKind.Uuid, id, 1), 1),
        };
        var plan = QueryPlan.For(request.Entity.Plural, query, new QueryContext(request.Published, request.Caller, time.GetUtcNow().UtcDateTime));
        if (await reader.CountAsync(plan, ct) == 0) return refused;
        const string Code = "in_recycle_bin";
        var path = $"/api/data/{request.Entity.Plural}/{id:D}";
        var message = $"This {request.Entity.Label} is in the recycle bin. Restore it (POST {path}/restore), or remove it for good (DELETE {path}?deleted=only) and send this again.";
        return new XrmException(Code, 409, message, [new FieldError(field, Code, message)], refused);
    }

    private static Guid? IdOf(object command, string field) => command switch
    {
        UpsertRecord { Key.Id: { } id } when field == Id => id,
        CreateRecord { Body: var body } when field == Id => SaveContext.ChosenId(body),
        CreateRecords { Bodies: var bodies } when RowOf(field) is { } row && row < bodies.Count => SaveContext.ChosenId(bodies[row]),
        _ => null,
    };

    /// <summary>12 of <c>[12].id</c>; null for another place.</summary>
    private static int? RowOf(string field) =>
        field.StartsWith('[') && field.EndsWith($"].{Id}", StringComparison.Ordinal) && int.TryParse(field.AsSpan(1, field.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;
}
