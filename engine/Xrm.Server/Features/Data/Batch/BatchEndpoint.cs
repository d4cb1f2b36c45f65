using Microsoft.AspNetCore.Diagnostics;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data.Batch;

/// <summary><c>POST /api/data/$batch</c>: many requests in one, in either of OData's forms.</summary>
internal sealed class BatchEndpoint(Database database, CurrentModel current, CallerProvider callers, OvertakenRequests overtaken, IEnumerable<IExceptionHandler> errors, RequestDelegate routes)
{
    /// <summary>Maps it, after all routes that a batch may use.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var inner = routes.CreateApplicationBuilder();
        inner.UseRouting();
        inner.UseAuthorization();
        inner.UseEndpoints(endpoints =>
        {
            foreach (var source in routes.DataSources) endpoints.DataSources.Add(source);
        });
        var services = routes.ServiceProvider;
        var endpoint = new BatchEndpoint(services.GetRequiredService<Database>(), services.GetRequiredService<CurrentModel>(), services.GetRequiredService<CallerProvider>(), services.GetRequiredService<OvertakenRequests>(), services.GetServices<IExceptionHandler>(), inner.Build());
        routes.MapPost("/api/data/$batch", endpoint.RunAsync).WithTags("Data").RequireAuthorization();
    }

    private async Task RunAsync(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey(RequestedRecord.IdempotencyKey))
            throw new XrmException("idempotency_not_supported", 400, "A batch takes no Idempotency-Key. Give one to each of the requests inside that must not be done twice.");
        var isMultipart = MultipartBatch.Is(http.Request);
        var requests = isMultipart ? await MultipartBatch.ReadAsync(http) : BatchRequest.ReadAll(await RequestBody.ReadManyAsync(http));
        var limit = (await callers.GetAsync(http, http.RequestAborted)).TimeLimit;
        var continuesOnError = Preferences.Has(http.Request, "odata.continue-on-error") || Preferences.Has(http.Request, "continue-on-error");
        var run = new BatchRun(requests, new BatchDispatcher(http, routes, overtaken, errors.First()), continuesOnError);
        http.Response.Headers["OData-Version"] = "4.0";
        IBatchAnswers answers = isMultipart ? new MultipartAnswers(http.Response, continuesOnError) : new JsonAnswers(http.Response);
        answers.Begin();
        for (var next = 0; next < requests.Length;)
        {
            var count = run.GroupLength(next);
            await answers.WriteAsync(await AnswerAsync(run, (next, count), limit, http.RequestAborted), http.RequestAborted);
            next += count;
        }
        await answers.EndAsync(http.RequestAborted);
    }

    private async Task<IReadOnlyList<(BatchRequest, BatchAnswer)>> AnswerAsync(BatchRun run, (int First, int Count) part, TimeSpan? limit, CancellationToken ct)
    {
        var (first, count) = part;
        if (await run.SkipAsync(first, count) is { } skipped) return skipped;
        if (run.Requests[first].Group is null) return await run.SendAsync(first, count, null);
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await database.InRecordTransactionAsync(async (records, ct) =>
                {
                    var answers = await run.SendAsync(first, count, records);
                    return answers.All(pair => pair.Answer.IsSuccess) ? answers : throw new GroupFailedException(answers);
                }, current.Value, limit, ct);
            }
            catch (GroupFailedException failed)
            {
                return await run.UndoneAsync(failed.Answers);
            }
            catch (XrmException busy) when (BusyRecords.MayTryAgain(busy, tried))
            {
                await BusyRecords.PauseAsync(tried, TimeProvider.System, ct);
            }
            catch (XrmException changed) when (OvertakenRequests.MayTryAgain(changed, tried))
            {
                await overtaken.CatchUpAsync(ct);
            }
        }
    }

    /// <summary>Ends the transaction of a group.</summary>
    private sealed class GroupFailedException(IReadOnlyList<(BatchRequest, BatchAnswer)> answers) : Exception
    {
        public IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> Answers => answers;
    }
}
