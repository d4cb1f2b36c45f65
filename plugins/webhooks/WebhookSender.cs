using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Xrm.Plugins.Webhooks;

/// <summary>Posts events to one endpoint, signed so that the receiver can tell them from forged and replayed ones.</summary>
internal sealed class WebhookSender(WebhookEndpoint endpoint, HttpClient client, TimeProvider time) : IRecordEventHandler
{
    /// <summary>Header with the time and the signature: <c>t=UNIX_SECONDS,v1=HEX</c>, where HEX is HMAC-SHA256(secret, "UNIX_SECONDS.BODY").</summary>
    public const string SignatureHeader = "X-Xrm-Signature";

    /// <summary>Header with the number of the event, the same in every try.</summary>
    public const string EventHeader = "X-Xrm-Event-Id";

    public bool Wants(RecordEvent recordEvent) =>
        (endpoint.Entities.Count == 0 || endpoint.Entities.Contains(recordEvent.Entity))
        && (endpoint.Events.Count == 0 || endpoint.Events.Contains(recordEvent.Event));

    public async Task HandleAsync(RecordEvent recordEvent, CancellationToken ct)
    {
        var body = Body(recordEvent);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(SignatureHeader, Sign(body));
        request.Headers.Add(EventHeader, recordEvent.Id.ToString(CultureInfo.InvariantCulture));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{endpoint.Name} answered {(int)response.StatusCode}.", null, response.StatusCode);
    }

    private static byte[] Body(RecordEvent recordEvent) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = recordEvent.Id,
        @event = recordEvent.Event,
        at = recordEvent.At,
        entity = recordEvent.Entity,
        recordId = recordEvent.RecordId,
        version = recordEvent.Version,
        data = recordEvent.Payload,
    });

    private string Sign(byte[] body)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(endpoint.Secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(seconds + "."));
        hmac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
