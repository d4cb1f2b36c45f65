using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Batch;

/// <summary><c>POST /api/data/$batch</c>: many requests in one, in OData's JSON form.</summary>
internal sealed class BatchEndpoint(Database database, CurrentModel current, IEnumerable<IExceptionHandler> errors, RequestDelegate routes)
{
    private const int MostTries = 3;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

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
        var endpoint = new BatchEndpoint(services.GetRequiredService<Database>(), services.GetRequiredService<CurrentModel>(), services.GetServices<IExceptionHandler>(), inner.Build());
        routes.MapPost("/api/data/$batch", endpoint.RunAsync).WithTags("Data").RequireAuthorization();
    }

    private async Task RunAsync(HttpContext http)
    {
        var requests = BatchRequest.ReadAll(await RequestBody.ReadManyAsync(http));
        var run = new BatchRun(requests, new BatchDispatcher(http, routes, errors.First()), Preferences.Has(http.Request, "odata.continue-on-error") || Preferences.Has(http.Request, "continue-on-error"));
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers["OData-Version"] = "4.0";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("responses"u8);
        for (var next = 0; next < requests.Length;)
        {
            var count = run.GroupLength(next);
            foreach (var (request, answer) in await AnswerAsync(run, next, count, http.RequestAborted)) answer.Write(writer, request);
            next += count;
            await writer.FlushAsync(http.RequestAborted);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private async Task<IReadOnlyList<(BatchRequest, BatchAnswer)>> AnswerAsync(BatchRun run, int first, int count, CancellationToken ct)
    {
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
                }, current.Value, ct);
            }
            catch (GroupFailedException failed)
            {
                return await run.UndoneAsync(failed.Answers);
            }
            catch (XrmException busy) when (busy.Code == "record_busy" && tried < MostTries)
            {
                await Task.Delay(Random.Shared.Next(5, 50) * tried, ct);
            }
        }
    }

    /// <summary>Ends the transaction of a group.</summary>
    private sealed class GroupFailedException(IReadOnlyList<(BatchRequest, BatchAnswer)> answers) : Exception
    {
        public IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> Answers => answers;
    }
}
