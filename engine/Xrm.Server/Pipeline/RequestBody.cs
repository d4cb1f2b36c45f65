using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline;

/// <summary>Reads the JSON of a request, within limits.</summary>
internal static class RequestBody
{
    /// <summary>Largest body with one record, in bytes.</summary>
    public const long LargestBytes = 1024 * 1024;

    /// <summary>Largest body with many records or requests, in bytes.</summary>
    public const long LargestBytesOfMany = 32 * 1024 * 1024;

    /// <summary>Most objects and arrays inside one another.</summary>
    public const int Deepest = 32;

    /// <summary>The body.</summary>
    /// <exception cref="XrmException">413: too large; 415: not JSON; 400: broken, with line and position.</exception>
    public static Task<JsonElement> ReadAsync(HttpContext http) => ReadAsync(http, LargestBytes);

    /// <summary>The body, which may be larger because it has many parts.</summary>
    /// <exception cref="XrmException">As for <see cref="ReadAsync(HttpContext)"/>.</exception>
    public static Task<JsonElement> ReadManyAsync(HttpContext http) => ReadAsync(http, LargestBytesOfMany);

    /// <summary>The body, which may be larger where it is an array.</summary>
    /// <exception cref="XrmException">As for <see cref="ReadAsync(HttpContext)"/>.</exception>
    public static async Task<JsonElement> ReadOneOrManyAsync(HttpContext http)
    {
        if (Known(http) is { } known) return known;
        Begin(http, LargestBytesOfMany);
        var isArray = await BeginsWithAsync(http.Request.BodyReader, (byte)'[', http.RequestAborted);
        if (!isArray) return await ReadOneAsync(http);
        using var document = await JsonDocument.ParseAsync(http.Request.BodyReader.AsStream(), new JsonDocumentOptions { MaxDepth = Deepest }, http.RequestAborted);
        return Keep(http, document);
    }

    /// <summary>The rest of a body that turned out to have one record: not more of it than that may have, be its length announced or not.</summary>
    private static async Task<JsonElement> ReadOneAsync(HttpContext http)
    {
        if (http.Request.ContentLength > LargestBytes) throw TooLarge(LargestBytes);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > LargestBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw TooLarge(LargestBytes);
            }
            if (read.IsCompleted)
            {
                try
                {
                    using var document = JsonDocument.Parse(WithoutMark(read.Buffer), new JsonDocumentOptions { MaxDepth = Deepest });
                    return Keep(http, document);
                }
                finally
                {
                    // A reading that is never ended costs the client its connection.
                    reader.AdvanceTo(read.Buffer.End);
                }
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body without the byte order mark that some clients begin it with.</summary>
    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        return reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true) ? reader.UnreadSequence : body;
    }

    /// <summary>The body, or undefined where there is none.</summary>
    /// <exception cref="XrmException">As for <see cref="ReadAsync(HttpContext)"/>.</exception>
    public static async Task<JsonElement> ReadOptionalAsync(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || http.Request.ContentLength == 0 ? default : await ReadAsync(http);

    private static async Task<JsonElement> ReadAsync(HttpContext http, long largest)
    {
        if (Known(http) is { } known) return known;
        Begin(http, largest);
        using var document = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = Deepest }, http.RequestAborted);
        return Keep(http, document);
    }

    /// <summary>Whether the request can be carried out once more: it has no body, or one that was read to its end.</summary>
    public static bool CanReadAgain(HttpContext http) => Known(http) is not null || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || http.Request.ContentLength == 0;

    private static JsonElement? Known(HttpContext http) => http.Features.Get<KeptBody>()?.Json;

    private static JsonElement Keep(HttpContext http, JsonDocument document)
    {
        var json = JsonTexts.Checked(document.RootElement.Clone());
        http.Features.Set(new KeptBody(json));
        return json;
    }

    /// <summary>Refuses a larger body, whether its length is announced or not.</summary>
    /// <exception cref="XrmException">413: it is announced to be larger.</exception>
    public static void Limit(HttpContext http, long largest)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = largest;
        if (http.Request.ContentLength > largest) throw TooLarge(largest);
    }

    private static void Begin(HttpContext http, long largest)
    {
        Limit(http, largest);
        if (!http.Request.HasJsonContentType()) throw new XrmException("unsupported_media_type", 415, "Send JSON, with Content-Type: application/json.");
    }

    /// <summary>413 for a larger body.</summary>
    /// <param name="largest">Most bytes; null where they are not known.</param>
    public static XrmException TooLarge(long? largest) =>
        new("too_large", 413, largest is { } bytes ? $"The request is larger than {bytes / 1024} KiB." : "The request is larger than this server accepts.");

    /// <summary>Whether the first sign that is no blank is that one; nothing is consumed.</summary>
    private static async Task<bool> BeginsWithAsync(PipeReader reader, byte sign, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var first = FirstSign(read.Buffer);
            reader.AdvanceTo(read.Buffer.Start, first is null ? read.Buffer.End : read.Buffer.Start);
            if (first is not null || read.IsCompleted) return first == sign;
        }
    }

    private static byte? FirstSign(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny((byte)' ', (byte)'\t', (byte)'\r', (byte)'\n');
        return reader.TryPeek(out var sign) ? sign : null;
    }

    /// <summary>A body that was read: its stream gives it only once.</summary>
    private sealed record KeptBody(JsonElement Json);
}
