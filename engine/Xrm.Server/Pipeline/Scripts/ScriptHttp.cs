using System.Text;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Scripting;
using Xrm.Server.Outgoing;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Calls other servers for scripts: allowed hosts alone, never a private address, no redirects, with limits for time and size.</summary>
internal sealed class ScriptHttp(IHttpClientFactory clients, ScriptHosts hosts)
{
    /// <summary>Name of the client that reaches the hosts which <see cref="ScriptHosts"/> allow.</summary>
    public const string ClientName = "scripts";

    private const int LargestBody = 1024 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    private static readonly string[] OwnHeaders = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Proxy-Authorization", "TE", "Trailer"];

    /// <summary>Refuses what is no request, be its host allowed or not.</summary>
    /// <exception cref="XrmException">422 <c>rule_http</c>: it has no url, or names a method that there is not.</exception>
    public static void Check(JsonElement request)
    {
        Url(request);
        Method(request);
    }

    /// <summary>What a request would call, without calling it.</summary>
    /// <returns>Method and URL; the body, null for none.</returns>
    /// <exception cref="XrmException">422 <c>rule_http</c>: the call is not allowed.</exception>
    public (string Target, string? Body) Describe(JsonElement request)
    {
        var target = $"{Method(request)} {AllowedUrl(request)}";
        return (target, Property(request, "body") is { } body ? body.ValueKind == JsonValueKind.String ? body.GetString() : body.GetRawText() : null);
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="request">JSON object with <c>url</c>, and perhaps <c>method</c>, <c>headers</c>, <c>body</c> (an object is sent as JSON, a text as it is).</param>
    /// <param name="key">The same for each try of the same call, sent as <c>Idempotency-Key</c>.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Status, headers in lower case, body.</returns>
    /// <exception cref="XrmException">422 <c>rule_http</c>: the call is not allowed, or there is no answer.</exception>
    public async Task<ScriptAnswer> SendAsync(JsonElement request, string key, CancellationToken ct)
    {
        var url = AllowedUrl(request);
        using var message = new HttpRequestMessage(Method(request), url) { Content = Body(request) };
        message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (Property(request, "headers") is { } headers) AddHeaders(message, headers);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await OutgoingHttp.ReadAsync(answer.Content, LargestBody, limit.Token) ?? throw Wrong($"The answer of {url.Host} is larger than {LargestBody / 1024} KiB.");
            var all = answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value), StringComparer.Ordinal);
            return new ScriptAnswer((int)answer.StatusCode, all, Encoding.UTF8.GetString(body.Span));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Wrong($"{url.Host} did not answer within {TimeLimit.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failed)
        {
            throw Wrong(failed.InnerException is XrmException refused ? refused.Message : $"{url.Host} could not be reached: {failed.Message}");
        }
    }

    private static Uri Url(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object || !Uri.TryCreate(Property(request, "url")?.GetString(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw Wrong("http needs an object with the url, such as { url: 'https://api.example.com/rates' }.");
        if (url.UserInfo.Length > 0) throw Wrong("The url must not hold a name or password: send them in a header.");
        return url;
    }

    private Uri AllowedUrl(JsonElement request)
    {
        var url = Url(request);
        if (hosts.Allow(url) || hosts.AllowPrivate(url)) return url;
        throw Wrong($"Scripts may not call {url.GetLeftPart(UriPartial.Authority)}. Who runs the server allows hosts by XRM_SCRIPT_HOSTS (https alone).");
    }

    private static HttpMethod Method(JsonElement request)
    {
        var name = Property(request, "method")?.GetString()?.ToUpperInvariant() ?? "GET";
        return Methods.Contains(name) ? HttpMethod.Parse(name) : throw Wrong($"There is no method {name}. There are {string.Join(", ", Methods)}.");
    }

    private static StringContent? Body(JsonElement request)
    {
        if (Property(request, "body") is not { } body) return null;
        var isText = body.ValueKind == JsonValueKind.String;
        var text = isText ? body.GetString()! : body.GetRawText();
        if (Encoding.UTF8.GetByteCount(text) > LargestBody) throw Wrong($"The body is larger than {LargestBody / 1024} KiB.");
        return new StringContent(text, Encoding.UTF8, isText ? "text/plain" : "application/json");
    }

    private static void AddHeaders(HttpRequestMessage message, JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object) throw Wrong("headers must be an object: names with their texts.");
        foreach (var header in headers.EnumerateObject())
        {
            var value = header.Value.ToString();
            if (OwnHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase) || value.AsSpan().ContainsAny('\r', '\n', '\0')) throw Wrong($"The header {header.Name} cannot be set.");
            var isOfContent = header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
            if (isOfContent) message.Content?.Headers.Remove(header.Name);
            else message.Headers.Remove(header.Name);
            if (!(isOfContent ? message.Content?.Headers.TryAddWithoutValidation(header.Name, value) ?? true : message.Headers.TryAddWithoutValidation(header.Name, value)))
                throw Wrong($"The header {header.Name} cannot be set.");
        }
    }

    private static JsonElement? Property(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static XrmException Wrong(string message) => new("rule_http", 422, message);
}
