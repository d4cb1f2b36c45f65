using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Errors;
using Xrm.Data.Outbox;
using Xrm.Data.Workflows;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Administration;

/// <summary>What administrators see of the work in the background: mails, deliveries to plugins, workflow runs.</summary>
internal static class AdministrationEndpoints
{
    private const int Newest = 200;

    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/administration").WithTags("Administration").RequireAuthorization(Policies.Administrator);
        group.MapGet("/mails", ListMailsAsync);
        group.MapGet("/deliveries", ListDeliveriesAsync);
        group.MapPost("/deliveries/{id:long}/retry", RetryDeliveryAsync);
        group.MapGet("/workflow-runs", ListRunsAsync);
        group.MapPost("/workflow-runs/{id:guid}/resume", ResumeRunAsync);
        group.MapPost("/workflow-runs/{id:guid}/cancel", CancelRunAsync);
    }

    private static async Task<Ok<IReadOnlyList<Mail>>> ListMailsAsync(MailStore mails, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<Mail>>(await mails.ListAsync(Newest, ct));

    private static async Task<Ok<IReadOnlyList<DeliveryState>>> ListDeliveriesAsync(DeliveryStore deliveries, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<DeliveryState>>(await deliveries.ListAsync(Newest, ct));

    private static async Task<NoContent> RetryDeliveryAsync(long id, DeliveryStore deliveries, CancellationToken ct) =>
        await deliveries.ReviveAsync(id, ct) ? TypedResults.NoContent() : throw NotFound("There is no failed delivery of that number.");

    private static async Task<Ok<IReadOnlyList<WorkflowRun>>> ListRunsAsync(Guid? record, WorkflowRunStore runs, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<WorkflowRun>>(await runs.ListAsync(record, Newest, ct));

    private static async Task<NoContent> ResumeRunAsync(Guid id, WorkflowRunStore runs, CancellationToken ct) =>
        await runs.ResumeAsync(id, ct) ? TypedResults.NoContent() : throw NotFound("There is no failed run with that id.");

    private static async Task<NoContent> CancelRunAsync(Guid id, WorkflowRunStore runs, CancellationToken ct) =>
        await runs.CancelAsync(id, ct) ? TypedResults.NoContent() : throw NotFound("There is no run under way with that id.");

    private static XrmException NotFound(string message) => new("not_found", 404, message);
}
