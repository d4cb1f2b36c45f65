using System.Text.Json;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>The answer to one request of a batch.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers that say something about the answer.</param>
/// <param name="Body">Body as it would have been sent; empty for none.</param>
internal sealed record BatchAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] Told = ["Content-Type", "ETag", "Location", "OData-EntityId", "Preference-Applied", "Retry-After", "Allow"];

    /// <summary>It did what was asked.</summary>
    public bool IsSuccess => Status < 400;

    /// <summary>The record that it created or changed, relative to the data API; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Takes the answer from a finished exchange.</summary>
    public static BatchAnswer Of(HttpResponse response, ReadOnlyMemory<byte> body) => new(response.StatusCode,
        [.. Told.Where(name => response.Headers.ContainsKey(name)).Select(name => KeyValuePair.Create(name.ToLowerInvariant(), response.Headers[name].ToString()))], body);

    /// <summary>Writes it as an item of <c>responses</c>.</summary>
    public void Write(Utf8JsonWriter writer, BatchRequest request)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, request.Id);
        if (request.Group is not null) writer.WriteString("atomicityGroup"u8, request.Group);
        writer.WriteNumber("status"u8, Status);
        writer.WriteStartObject("headers"u8);
        foreach (var (name, value) in Headers) writer.WriteString(name, value);
        writer.WriteEndObject();
        if (Body.Length > 0) WriteBody(writer);
        writer.WriteEndObject();
    }

    private void WriteBody(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("body"u8);
        var isJson = Headers.Any(header => header.Key == "content-type" && header.Value.Contains("json", StringComparison.Ordinal));
        if (isJson) writer.WriteRawValue(Body.Span, skipInputValidation: true);
        else writer.WriteStringValue(Body.Span);
    }
}
