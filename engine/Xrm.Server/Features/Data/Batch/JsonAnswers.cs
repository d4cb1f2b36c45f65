using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>Answers in OData's JSON form: <c>{ "responses": […] }</c>.</summary>
internal sealed class JsonAnswers(HttpResponse response) : IBatchAnswers
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Utf8JsonWriter _writer = new(response.BodyWriter, Options);

    public void Begin()
    {
        response.ContentType = "application/json; charset=utf-8";
        _writer.WriteStartObject();
        _writer.WriteStartArray("responses"u8);
    }

    public async Task WriteAsync(IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> answers, CancellationToken ct)
    {
        foreach (var (request, answer) in answers) Write(request, answer);
        await _writer.FlushAsync(ct);
    }

    public async Task EndAsync(CancellationToken ct)
    {
        _writer.WriteEndArray();
        _writer.WriteEndObject();
        await _writer.FlushAsync(ct);
        await _writer.DisposeAsync();
    }

    private void Write(BatchRequest request, BatchAnswer answer)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id"u8, request.Id);
        if (request.Group is not null) _writer.WriteString("atomicityGroup"u8, request.Group);
        _writer.WriteNumber("status"u8, answer.Status);
        _writer.WriteStartObject("headers"u8);
        foreach (var (name, value) in answer.Headers) _writer.WriteString(name, value);
        _writer.WriteEndObject();
        if (answer.Body.Length > 0) WriteBody(answer);
        _writer.WriteEndObject();
    }

    private void WriteBody(BatchAnswer answer)
    {
        _writer.WritePropertyName("body"u8);
        var isJson = answer.Headers.Any(header => header.Key == "content-type" && header.Value.Contains("json", StringComparison.Ordinal));
        if (isJson) _writer.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        else _writer.WriteStringValue(answer.Body.Span);
    }
}
