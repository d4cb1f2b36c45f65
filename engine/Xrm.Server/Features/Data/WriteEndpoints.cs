using System.Globalization;
using MediatR;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data;

/// <summary>The writing half of the data API.</summary>
internal static class WriteEndpoints
{
    public static IServiceCollection AddDataWrites(this IServiceCollection services)
    {
        services.AddSingleton<ScriptEngine>().AddSingleton<SavePipeline>().AddSingleton<RecordCommands>();
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService).AddSingleton<IMediator, Mediator>();
        return services.AddCommand<CreateRecord>().AddCommand<UpdateRecord>().AddCommand<DeleteRecord>().AddCommand<TransitionRecord>().AddSingleton<DataWrites>().AddSingleton<WorkflowButtons>();
    }

    public static void MapDataWrites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/data").WithTags("Data").RequireAuthorization();
        group.MapPost("/{collection}", Create);
        group.MapPatch("/{collection}/{id}", Update);
        group.MapPatch("/{collection}({id:guid})", Update);
        group.MapDelete("/{collection}/{id}", Delete);
        group.MapDelete("/{collection}({id:guid})", Delete);
        group.MapPost("/{collection}/{id}/{action}", Act);
        group.MapPost("/{collection}({id:guid})/{action}", Act);
    }

    // The order in which a command passes: log, authorise, transaction, handler. Its checks are the pipeline's first part, inside the transaction.
    private static IServiceCollection AddCommand<TCommand>(this IServiceCollection services) where TCommand : RecordCommand => services
        .AddSingleton<IPipelineBehavior<TCommand, SavedRecord>, LogBehaviour<TCommand>>()
        .AddSingleton<IPipelineBehavior<TCommand, SavedRecord>, AuthoriseBehaviour<TCommand>>()
        .AddSingleton<IPipelineBehavior<TCommand, SavedRecord>, TransactionBehaviour<TCommand>>()
        .AddSingleton(provider => (IRequestHandler<TCommand, SavedRecord>)(object)new RecordCommandHandler(provider.GetRequiredService<RecordCommands>()));

    private static async Task Create(HttpContext http, string collection, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        await writes.SendAsync(http, collection, new CreateRecord(request, await RequestBody.ReadAsync(http)), StatusCodes.Status201Created);
    }

    private static async Task Update(HttpContext http, string collection, string id, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        await writes.SendAsync(http, collection, new UpdateRecord(request, RecordId(request.Entity, id), await RequestBody.ReadAsync(http), Version(http.Request)), StatusCodes.Status200OK);
    }

    private static async Task Delete(HttpContext http, string collection, string id, DataWrites writes)
    {
        var request = await writes.RequestAsync(http, collection);
        await writes.DeleteAsync(http, new DeleteRecord(request, RecordId(request.Entity, id), Version(http.Request)));
    }

    private static async Task Act(HttpContext http, string collection, string id, string action, DataWrites writes, WorkflowButtons buttons)
    {
        var request = await writes.RequestAsync(http, collection);
        if (request.Entity.Lifecycle?.Find(action) is not { } transition)
        {
            var run = await buttons.StartAsync(request, RecordId(request.Entity, id), action, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            await http.Response.WriteAsJsonAsync(new { runId = run }, http.RequestAborted);
            return;
        }
        var body = await RequestBody.ReadOptionalAsync(http);
        await writes.SendAsync(http, collection, new TransitionRecord(request, RecordId(request.Entity, id), transition, body, Version(http.Request)), StatusCodes.Status200OK);
    }

    private static Guid RecordId(Entity entity, string id) => Guid.TryParseExact(id, "D", out var key) ? key
        : throw new XrmException("record_not_found", 404, $"There is no {entity.Name} with the id '{id}': an id is a UUID.");

    /// <summary>The version that <c>If-Match</c> names; null where it is missing or <c>*</c>.</summary>
    private static long? Version(HttpRequest request)
    {
        var header = request.Headers.IfMatch.ToString().Trim();
        if (header is "" or "*") return null;
        var tag = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        return long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
            : throw new XrmException("invalid_etag", 400, "If-Match must hold the ETag of the record, such as W/\"3\", or *.");
    }
}
