using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>
/// Answers as <c>multipart/mixed</c>: each is an HTTP response of its own, and a group that was done is a <c>multipart/mixed</c> inside.
/// A group that was not done has one answer, which says why. Nothing follows the first error, unless the client wants to go on.
/// </summary>
internal sealed class MultipartAnswers(HttpResponse response, bool continuesOnError) : IBatchAnswers
{
    private readonly string _boundary = $"batch_{Guid.NewGuid():N}";
    private bool _hasEnded;

    public void Begin() => response.ContentType = $"multipart/mixed; boundary={_boundary}";

    public async Task WriteAsync(IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> answers, CancellationToken ct)
    {
        if (_hasEnded) return;
        var cause = answers.FirstOrDefault(pair => !pair.Answer.IsSuccess && pair.Answer.Status != StatusCodes.Status424FailedDependency);
        var failed = cause.Answer is null ? answers.FirstOrDefault(pair => !pair.Answer.IsSuccess) : cause;
        if (failed.Answer is not null) WritePart(_boundary, failed.Request, failed.Answer);
        else if (answers[0].Request.Group is null) WritePart(_boundary, answers[0].Request, answers[0].Answer);
        else WriteGroup(answers);
        _hasEnded = failed.Answer is not null && !continuesOnError;
        await response.BodyWriter.FlushAsync(ct);
    }

    public async Task EndAsync(CancellationToken ct)
    {
        Write($"--{_boundary}--\r\n");
        await response.BodyWriter.FlushAsync(ct);
    }

    private void WriteGroup(IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> answers)
    {
        var boundary = $"changeset_{Guid.NewGuid():N}";
        Write($"--{_boundary}\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n");
        foreach (var (request, answer) in answers) WritePart(boundary, request, answer);
        Write($"--{boundary}--\r\n");
    }

    private void WritePart(string boundary, BatchRequest request, BatchAnswer answer)
    {
        Write($"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
        if (!request.Id.StartsWith(MultipartBatch.Unnamed)) Write($"Content-ID: {request.Id}\r\n");
        Write(string.Create(CultureInfo.InvariantCulture, $"\r\nHTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\nOData-Version: 4.0\r\n"));
        foreach (var (name, value) in answer.Headers) Write($"{name}: {value}\r\n");
        Write(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n\r\n"));
        response.BodyWriter.Write(answer.Body.Span);
        Write("\r\n");
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, response.BodyWriter);
}
