using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>
/// Reads a batch that comes as <c>multipart/mixed</c>: each part is an HTTP request of its own (<c>application/http</c>), or a group of them
/// that is done as a whole (a <c>multipart/mixed</c> inside). OData 4.01 part 1, multipart batch format.
/// </summary>
internal static class MultipartBatch
{
    /// <summary>Begins the id of a request that has no Content-ID; none that a client can write.</summary>
    public const char Unnamed = '#';

    private const string Mixed = "multipart/mixed";

    /// <summary>Whether a batch has this form.</summary>
    public static bool Is(HttpRequest request) => request.ContentType?.StartsWith(Mixed, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The requests.</summary>
    /// <exception cref="XrmException">413: too large; 400 with the part that cannot be understood.</exception>
    public static async Task<ImmutableArray<BatchRequest>> ReadAsync(HttpContext http)
    {
        RequestBody.Limit(http, RequestBody.LargestBytesOfMany);
        var requests = new List<BatchRequest>();
        try
        {
            await ReadPartsAsync(http.Request.ContentType!, http.Request.Body, null, requests, http.RequestAborted);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw BatchRequest.Wrong("parts", $"The parts of the batch cannot be told apart: {broken.Message}");
        }
        return BatchRequest.Check(requests);
    }

    private static async Task ReadPartsAsync(string contentType, Stream body, string? group, List<BatchRequest> requests, CancellationToken ct)
    {
        var boundary = MediaTypeHeaderValue.TryParse(contentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary)) throw BatchRequest.Wrong("parts", "multipart/mixed needs a boundary.");
        var reader = new MultipartReader(boundary, body);
        while (await reader.ReadNextSectionAsync(ct) is { } part)
        {
            BatchRequest.CheckCount(requests.Count + 1);
            var path = $"parts[{requests.Count}]";
            if (part.ContentType?.StartsWith(Mixed, StringComparison.OrdinalIgnoreCase) == true)
            {
                if (group is not null) throw BatchRequest.Wrong(path, "A group cannot hold another group.");
                await ReadPartsAsync(part.ContentType, part.Body, $"{Unnamed}group{requests.Count}", requests, ct);
            }
            else if (part.ContentType?.StartsWith("application/http", StringComparison.OrdinalIgnoreCase) == true) requests.Add(await ReadAsync(part, group, path, ct));
            else throw BatchRequest.Wrong(path, "A part is application/http, or multipart/mixed for a group.");
        }
    }

    private static async Task<BatchRequest> ReadAsync(MultipartSection part, string? group, string path, CancellationToken ct)
    {
        using var content = new MemoryStream();
        await part.Body.CopyToAsync(content, ct);
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        var lines = new Lines(bytes.Span);
        if (RequestLine(lines.Next()) is not var (method, url)) throw BatchRequest.Wrong(path, "Expected a request such as: GET contracts HTTP/1.1");
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        for (var line = lines.Next(); line.Length > 0; line = lines.Next())
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, var value]) throw BatchRequest.Wrong(path, "Expected a header such as: Content-Type: application/json");
            headers.Add(KeyValuePair.Create(name, value));
        }
        var id = part.Headers is { } about && about.TryGetValue("Content-ID", out var named) && named.ToString().Trim() is { Length: > 0 } given ? given : string.Create(CultureInfo.InvariantCulture, $"{Unnamed}{path}");
        return new BatchRequest(id, BatchRequest.ReadMethod(method, path), url, group, [], headers.ToImmutable(), Json(bytes[lines.Read..], path));
    }

    /// <summary>Some clients leave blanks in the URL as they are.</summary>
    private static (string Method, string Url)? RequestLine(string line)
    {
        var (first, last) = (line.IndexOf(' '), line.LastIndexOf(" HTTP/", StringComparison.Ordinal));
        return first > 0 && last > first ? (line[..first], line[(first + 1)..last].Trim()) : null;
    }

    private static JsonElement Json(ReadOnlyMemory<byte> bytes, string path)
    {
        if (bytes.Span.Trim("\r\n \t"u8).IsEmpty) return default;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = RequestBody.Deepest });
            return JsonTexts.Checked(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            throw BatchRequest.Wrong($"{path}.body", "The body is not valid JSON.");
        }
    }

    /// <summary>The lines at the beginning of a request, which end with CR LF or LF.</summary>
    private ref struct Lines(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;

        /// <summary>Bytes behind which the next line begins.</summary>
        public int Read { get; private set; }

        /// <summary>The next line; empty behind the last.</summary>
        public string Next()
        {
            var rest = _text[Read..];
            var end = rest.IndexOf((byte)'\n');
            Read += end < 0 ? rest.Length : end + 1;
            return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]).TrimEnd('\r');
        }
    }
}
