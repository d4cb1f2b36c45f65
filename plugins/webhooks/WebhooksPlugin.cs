
namespace Xrm.Plugins.Webhooks;

/// <summary>Sends record events to the endpoints named in the settings.</summary>
public sealed class WebhooksPlugin : IPlugin
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The settings are wrong; the message says where and how.</exception>
    public void Register(IPluginRegistry registry)
    {
        var (internet, ownNetwork) = (Client(registry, ownNetwork: false), Client(registry, ownNetwork: true));
        foreach (var endpoint in WebhookEndpoint.ReadAll(registry.Settings))
        {
            registry.OnRecordEvent(endpoint.Name, new WebhookSender(endpoint, endpoint.IsPrivate ? ownNetwork : internet, registry.Time));
            // Of paths others have made secrets.
            registry.Log($"Record events go to {endpoint.Name} ({endpoint.Url.Scheme}://{endpoint.Url.Authority}).");
        }
    }

    private static HttpClient Client(IPluginRegistry registry, bool ownNetwork)
    {
        var client = registry.CreateHttpClient(ownNetwork);
        client.Timeout = TimeSpan.FromSeconds(15);
        return client;
    }
}
