using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Pipeline;

/// <summary>The one place that turns exceptions into RFC 9457 problem details. Only <see cref="XrmException"/> texts reach the client.</summary>
internal sealed class ProblemAnswers(RefusedAccess refused, ILogger<ProblemAnswers> log) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        if (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException)
        {
            http.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        var answer = Answer(exception, http);
        if (answer.Status >= 500) log.LogError(exception, "{Method} {Path} answered {Status} {Code}", http.Request.Method, http.Request.Path, answer.Status, answer.Code);
        refused.Note(http, answer);
        if (http.Response.HasStarted) return false;
        // The answer begins anew after an exception, without the headers that it had.
        SafeHeaders.Set(http);
        await WriteAsync(http, answer, ct);
        return true;
    }

    /// <summary>Writes an error as the answer of this request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">The error.</param>
    /// <param name="ct">Cancels the writing.</param>
    /// <param name="report">What else there is to say, as <c>report</c>; null for nothing.</param>
    public static Task WriteAsync(HttpContext http, XrmException answer, CancellationToken ct, object? report = null)
    {
        http.Response.StatusCode = answer.Status;
        if ((answer.RetryAfter ?? UsualPause(answer.Status)) is { } pause) http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var body = new ProblemBody($"urn:xrm:error:{answer.Code}", Title(answer.Status), answer.Status, answer.Message, answer.Code,
            answer.Errors.IsEmpty ? null : answer.Errors, Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier,
            new ODataError(answer.Code, answer.Message, answer.Errors is [var only] ? only.Field : null, answer.Errors.IsEmpty ? null : [.. answer.Errors.Select(error => new ODataErrorDetail(error.Code, error.Message, error.Field))]), report);
        return http.Response.WriteAsJsonAsync(body, Json, "application/problem+json", ct);
    }

    private static XrmException Answer(Exception exception, HttpContext http) => exception switch
    {
        XrmException known => known,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            RequestBody.TooLarge(http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize),
        BadHttpRequestException { InnerException: JsonException json } => InvalidJson(json),
        BadHttpRequestException bad => new XrmException("bad_request", bad.StatusCode, bad.Message),
        JsonException json => InvalidJson(json),
        _ => DatabaseErrors.Translate(exception) ?? new XrmException("internal", 500, "Something went wrong on the server. The trace id leads to the details in its log."),
    };

    private static XrmException InvalidJson(JsonException json) => new("invalid_json", 400, json.LineNumber is { } line
        ? $"The body is not valid JSON, or has more than {RequestBody.Deepest} objects and arrays inside one another: line {line + 1}, position {json.BytePositionInLine + 1}."
        : "The body is not valid JSON.");

    private static TimeSpan? UsualPause(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable => TimeSpan.FromSeconds(2),
        StatusCodes.Status429TooManyRequests => TimeSpan.FromSeconds(10),
        _ => null,
    };

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";

    private sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<FieldError>? Errors, string TraceId, ODataError Error, object? Report);

    /// <summary>The same in the words of OData (JSON format 4.01, 21.1), whose clients look for it: an extension member, as RFC 9457 allows.</summary>
    private sealed record ODataError(string Code, string Message, string? Target, IReadOnlyList<ODataErrorDetail>? Details);

    private sealed record ODataErrorDetail(string Code, string Message, string? Target);
}
