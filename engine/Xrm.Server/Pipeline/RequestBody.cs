using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline;

/// <summary>Reads the JSON of a request, within limits.</summary>
internal static class RequestBody
{
    /// <summary>Largest body of a data request, in bytes.</summary>
    public const long LargestBytes = 1024 * 1024;

    private const int Deepest = 32;

    /// <summary>The body.</summary>
    /// <exception cref="XrmException">413: too large; 415: not JSON; 400: broken, with line and position.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBytes;
        if (http.Request.ContentLength > LargestBytes) throw new XrmException("too_large", 413, $"The request is larger than {LargestBytes / 1024} KiB.");
        if (!http.Request.HasJsonContentType()) throw new XrmException("unsupported_media_type", 415, "Send JSON, with Content-Type: application/json.");
        using var document = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = Deepest }, http.RequestAborted);
        return document.RootElement.Clone();
    }

    /// <summary>The body, or undefined where there is none.</summary>
    /// <exception cref="XrmException">As for <see cref="ReadAsync"/>.</exception>
    public static async Task<JsonElement> ReadOptionalAsync(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || http.Request.ContentLength == 0 ? default : await ReadAsync(http);
}
