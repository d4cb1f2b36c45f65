using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Server.Outgoing;

namespace Xrm.Server.Security.Providers;

/// <summary>Calls providers, with limits for time and size.</summary>
internal sealed class ProviderHttp(IHttpClientFactory clients)
{
    private const int LargestAnswer = 512 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads a JSON object.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="accessToken">Access token to send; null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">502: there is no such answer.</exception>
    public Task<JsonElement> GetAsync(Provider provider, Uri address, string? accessToken, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (accessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return SendAsync(provider, request, ct);
    }

    /// <summary>Gives a code back for tokens.</summary>
    /// <exception cref="XrmException">401: the provider does not take the code; 502: there is no answer.</exception>
    public Task<JsonElement> RedeemAsync(Provider provider, ProviderDocument document, Dictionary<string, string> form, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, document.TokenEndpoint);
        form["client_id"] = provider.ClientId;
        if (provider.ClientSecret is { } secret)
        {
            if (document.TakesSecretInForm) form["client_secret"] = secret;
            else request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FormText(provider.ClientId)}:{FormText(secret)}")));
        }
        request.Content = new FormUrlEncodedContent(form);
        return SendAsync(provider, request, ct);
    }

    private async Task<JsonElement> SendAsync(Provider provider, HttpRequestMessage message, CancellationToken ct)
    {
        using var request = message;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var client = clients.CreateClient(provider.IsPrivate ? OutgoingHttp.OwnNetwork : OutgoingHttp.Internet);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (request.Method == HttpMethod.Post && (int)answer.StatusCode is >= 400 and < 500) throw Refused(provider);
            if (!answer.IsSuccessStatusCode) throw Unavailable(provider, $"answered {(int)answer.StatusCode}");
            var body = await OutgoingHttp.ReadAsync(answer.Content, LargestAnswer, limit.Token) ?? throw Unavailable(provider, "answered with too much");
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw Unavailable(provider, "answered with something else than JSON");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(provider, "did not answer in time");
        }
        catch (HttpRequestException failed)
        {
            throw Unavailable(provider, failed.InnerException is XrmException refused ? $"has a private address, which {refused.Message}" : "could not be reached");
        }
        catch (JsonException)
        {
            throw Unavailable(provider, "answered with something else than JSON");
        }
    }

    /// <summary>The provider does not vouch for this person.</summary>
    public static XrmException Refused(Provider provider) => new("provider_refused", 401, $"{provider.Name} did not confirm this sign-in. Begin again.");

    /// <summary>The provider cannot be asked.</summary>
    public static XrmException Unavailable(Provider provider, string what) => new("provider_unavailable", 502, $"{provider.Name} {what}. Try again later, or sign in otherwise.");

    // Of a form, as RFC 6749, 2.3.1 wants it.
    private static string FormText(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
