
namespace Xrm.Plugins.Webhooks;

/// <summary>Sends record events to the endpoints named in the settings.</summary>
public sealed class WebhooksPlugin : IPlugin
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The settings are wrong; the message says where and how.</exception>
    public void Register(IPluginRegistry registry)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            // A redirect could lead the signed body to a place that nobody chose.
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        })
        { Timeout = TimeSpan.FromSeconds(15) };

        foreach (var endpoint in WebhookEndpoint.ReadAll(registry.Settings))
        {
            registry.OnRecordEvent(endpoint.Name, new WebhookSender(endpoint, client, registry.Time));
            registry.Log($"Record events go to {endpoint.Name} ({endpoint.Url.GetLeftPart(UriPartial.Path)}).");
        }
    }
}
