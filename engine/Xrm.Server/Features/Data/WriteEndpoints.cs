using System.Collections.Immutable;
using System.Text.Json;
using MediatR;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Data.Rules;
using Xrm.Scripting;
using Xrm.Server.Features.Data.Batch;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Features.Data.Import;
using Xrm.Server.OData;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Features.Data;

/// <summary>The writing half of the data API.</summary>
internal static class WriteEndpoints
{
    public static IServiceCollection AddDataWrites(this IServiceCollection services)
    {
        services.AddSingleton<ScriptEngine>().AddSingleton<RuleSwitches>().AddSingleton<RuleCounts>().AddSingleton<RuleActivity>().AddSingleton<SavePipeline>().AddSingleton<RecordCommands>().AddSingleton<ManyRecords>().AddSingleton<RecordCommandHandler>();
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService).AddSingleton<IMediator, Mediator>();
        services.AddCommand<CreateRecord, SavedRecord>().AddCommand<UpsertRecord, SavedRecord>().AddCommand<DeleteRecord, SavedRecord>()
            .AddCommand<TransitionRecord, SavedRecord>().AddCommand<RestoreRecord, SavedRecord>().AddCommand<RunAction, SavedRecord>().AddCommand<CreateRecords, ImmutableArray<RowResult>>()
            .AddCommand<ImportRecords, ImportReport>().AddSingleton<ImportWork>().AddSingleton<CsvImports>();
        return services.AddSingleton<RecycledIds>().AddSingleton<DataWrites>().AddSingleton<WorkflowButtons>().AddSingleton<BulkWrites>().AddSingleton<RecordSecrets>().AddSingleton<SecretReads>();
    }

    public static void MapDataWrites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/data").WithTags("Data").RequireAuthorization();
        group.MapPost("/{collection}", Create);
        group.MapPost("/{collection}/$import", Import);
        group.MapPatch("/{collection}", UpdateMany);
        group.MapDelete("/{collection}", DeleteMany);
        group.MapPatch("/{collection}/{id}", Update);
        group.MapPatch("/{collection}({id})", Update);
        group.MapDelete("/{collection}/{id}", Delete);
        group.MapDelete("/{collection}({id})", Delete);
        group.MapPost("/{collection}/{id}/{action}", Act);
        group.MapPost("/{collection}({id})/{action}", Act);
        BatchEndpoint.Map(routes);
    }

    // The order in which a command passes: log, authorise, transaction, done before, handler. Its checks are the pipeline's first part, inside the transaction.
    private static IServiceCollection AddCommand<TCommand, TResult>(this IServiceCollection services) where TCommand : DataCommand<TResult> => services
        .AddSingleton<IPipelineBehavior<TCommand, TResult>, LogBehaviour<TCommand, TResult>>()
        .AddSingleton<IPipelineBehavior<TCommand, TResult>, AuthoriseBehaviour<TCommand, TResult>>()
        .AddSingleton<IPipelineBehavior<TCommand, TResult>, TransactionBehaviour<TCommand, TResult>>()
        .AddSingleton<IPipelineBehavior<TCommand, TResult>, RepeatBehaviour<TCommand, TResult>>()
        .AddSingleton(provider => (IRequestHandler<TCommand, TResult>)(object)provider.GetRequiredService<RecordCommandHandler>());

    private static async Task Create(HttpContext http, string collection, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        var body = await RequestBody.ReadOneOrManyAsync(http);
        request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, body) };
        if (body.ValueKind == JsonValueKind.Array) await writes.CreateManyAsync(http, request, body);
        else await writes.SendAsync(http, collection, new CreateRecord(request, body));
    }

    private static async Task Update(HttpContext http, string collection, string id, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        var body = await RequestBody.ReadAsync(http);
        request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, body) };
        await writes.SendAsync(http, collection, new UpsertRecord(request, RequestedRecord.Key(request.Entity, id), body, RequestedRecord.Precondition(http.Request)));
    }

    private static async Task Delete(HttpContext http, string collection, string id, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, default) };
        var isPurged = http.Request.Query.ContainsKey("deleted") && ODataUrl.Parse(http.Request.QueryString.Value).OnlyDeleted;
        await writes.DeleteAsync(http, new DeleteRecord(request, RequestedRecord.Key(request.Entity, id), RequestedRecord.Precondition(http.Request).Version) { IsPurged = isPurged });
    }

    private static Task UpdateMany(HttpContext http, string collection, BulkWrites bulk) => bulk.AcceptAsync(http, collection, Job.Update);

    private static Task DeleteMany(HttpContext http, string collection, BulkWrites bulk) => bulk.AcceptAsync(http, collection, Job.Delete);

    private static Task Import(HttpContext http, string collection, CsvImports imports) => imports.AnswerAsync(http, collection);

    private static async Task Act(HttpContext http, string collection, string id, string action, DataWrites writes, WorkflowButtons buttons, SecretReads secrets)
    {
        var request = await writes.RequestAsync(http, collection);
        if (request.Entity.Lifecycle?.Find(action) is not { } transition)
        {
            // A transition of that name is the entity's own.
            if (action == "restore" && request.Entity.HasRecycleBin)
            {
                request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, await RequestBody.ReadOptionalAsync(http)) };
                await writes.SendAsync(http, collection, new RestoreRecord(request, RequestedRecord.Key(request.Entity, id), RequestedRecord.Precondition(http.Request).Version));
                return;
            }
            if (request.Published.Model.FindAction(request.Entity, action) is { } script)
            {
                var parameters = await RequestBody.ReadOptionalAsync(http);
                request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, parameters) };
                await writes.SendAsync(http, collection, new RunAction(request, RequestedRecord.Key(request.Entity, id), script, parameters, RequestedRecord.Precondition(http.Request).Version));
                return;
            }
            if (RelatedRecord.Via(request.Entity, action) is { } via && !WorkflowButtons.Has(request, action))
            {
                await writes.CreateRelatedAsync(http, request, id, via);
                return;
            }
            if (action == SecretReads.Action && request.Entity.HasSecrets && !WorkflowButtons.Has(request, action))
            {
                await secrets.AnswerAsync(http, collection, id);
                return;
            }
            if (http.Request.Headers.ContainsKey(RequestedRecord.IdempotencyKey)) throw new XrmException("idempotency_not_supported", 400, "A workflow that is started by its button takes no Idempotency-Key.");
            var run = await buttons.StartAsync(request, RequestedRecord.Key(request.Entity, id), action, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            await http.Response.WriteAsJsonAsync(new { runId = run }, http.RequestAborted);
            return;
        }
        var body = await RequestBody.ReadOptionalAsync(http);
        request = request with { Repeatable = RequestedRecord.Repeatable(http.Request, body) };
        await writes.SendAsync(http, collection, new TransitionRecord(request, RequestedRecord.Key(request.Entity, id), transition, body, RequestedRecord.Precondition(http.Request).Version));
    }
}
