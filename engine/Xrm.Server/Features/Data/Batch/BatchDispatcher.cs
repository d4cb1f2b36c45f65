using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Server.Hosting;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>Sends the requests of a batch through the same routes that they would have taken alone.</summary>
/// <param name="outer">The batch's own request.</param>
/// <param name="routes">The routes of the server.</param>
/// <param name="overtaken">Carries requests out once more that a publish has overtaken.</param>
/// <param name="errors">Turns exceptions into answers.</param>
internal sealed class BatchDispatcher(HttpContext outer, RequestDelegate routes, OvertakenRequests overtaken, IExceptionHandler errors)
{
    private const string DataPath = "/api/data/";

    /// <summary>Bytes that the answers of one batch may have together.</summary>
    public const long LargestAnswers = 32 * 1024 * 1024;

    private readonly BatchReferences _references = new();
    private long _left = LargestAnswers;

    /// <summary>The answer to a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="transaction">The transaction of its group; null for one of its own.</param>
    public async Task<BatchAnswer> SendAsync(BatchRequest request, RecordTransaction? transaction)
    {
        var http = new DefaultHttpContext { RequestServices = outer.RequestServices, User = outer.User, RequestAborted = outer.RequestAborted, TraceIdentifier = outer.TraceIdentifier };
        // What was written is told, whatever room there is; what would find none is not begun.
        if (_left <= 0) return await RefuseAsync(AnswerStream.TooLarge());
        using var output = new AnswerStream(request.Method == HttpMethods.Get ? _left : long.MaxValue);
        http.Response.Body = output;
        try
        {
            Fill(http, request);
            if (transaction is null)
            {
                await overtaken.RunAsync(http, routes);
            }
            else
            {
                http.Features.Set(new OpenTransaction(transaction));
                await routes(http);
            }
        }
        catch (Exception exception) when (!outer.RequestAborted.IsCancellationRequested)
        {
            if (transaction is not null && exception is XrmException { Code: "record_busy" or XrmException.ModelChangedCode }) throw;
            if (exception is XrmException { Code: AnswerStream.Code } tooLarge) return await RefuseAsync(tooLarge);
            http.Response.Clear();
            await errors.TryHandleAsync(http, exception, outer.RequestAborted);
        }
        await http.Response.CompleteAsync();
        _left -= output.Length;
        return BatchAnswer.Of(http.Response, output.ToArray()) with { Record = Record(http) };
    }

    /// <summary>Lets later requests refer to the record of this one.</summary>
    public void Remember(BatchRequest request, BatchAnswer answer)
    {
        if (answer.Record is { } record) _references.Add(request.Id, record);
    }

    /// <summary>The answer to a request that an error elsewhere kept from being done, or undid.</summary>
    public Task<BatchAnswer> SkipAsync(string why) => RefuseAsync(new XrmException("failed_dependency", 424, why));

    private async Task<BatchAnswer> RefuseAsync(XrmException refusal)
    {
        var http = new DefaultHttpContext { RequestServices = outer.RequestServices };
        using var output = new MemoryStream();
        http.Response.Body = output;
        await errors.TryHandleAsync(http, refusal, outer.RequestAborted);
        await http.Response.CompleteAsync();
        return BatchAnswer.Of(http.Response, output.ToArray());
    }

    private void Fill(HttpContext http, BatchRequest request)
    {
        var url = Url(_references.Url(request.Url));
        http.Request.Method = request.Method;
        (http.Request.Scheme, http.Request.Host, http.Request.PathBase, http.Request.Protocol) = (outer.Request.Scheme, outer.Request.Host, outer.Request.PathBase, outer.Request.Protocol);
        // An encoded slash is part of a key and not the end of a segment, here as for a request that comes alone.
        http.Request.Path = PathString.FromUriComponent(url.AbsolutePath.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
        http.Request.QueryString = new QueryString(url.Query);
        http.Request.Headers.AcceptLanguage = outer.Request.Headers.AcceptLanguage;
        foreach (var (name, value) in request.Headers) http.Request.Headers[name] = value;
        if (request.Body.ValueKind == JsonValueKind.Undefined) return;
        var body = JsonSerializer.SerializeToUtf8Bytes(_references.Body(request.Body));
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        http.Request.ContentType ??= "application/json";
        http.Features.Set<IHttpRequestBodyDetectionFeature>(new WithBody());
    }

    private Uri Url(string written)
    {
        var root = new Uri($"{outer.Request.Scheme}://{outer.Request.Host}{outer.Request.PathBase}{DataPath}");
        if (Uri.TryCreate(root, written, out var url) && url.Authority == root.Authority && url.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal)
            && !url.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal) && !url.AbsolutePath.Contains("%00", StringComparison.Ordinal)) return url;
        throw new XrmException("invalid_url", 400, $"'{written}' is not a URL of {DataPath}. Batches cannot be nested.");
    }

    private static string? Record(HttpContext http) => http.Features.Get<WrittenRecord>() is { } written ? $"{written.Collection}({written.Id:D})" : null;

    private sealed class WithBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
