using System.Collections.Frozen;
using System.Text.Json;

namespace Xrm.Plugins.Webhooks;

/// <summary>One receiver of events, as written in the settings.</summary>
/// <param name="Name">Name, unique among the endpoints.</param>
/// <param name="Url">Address to post to.</param>
/// <param name="Secret">Key of the signature, known to the receiver, too.</param>
/// <param name="Entities">Entities whose events are sent; all where empty.</param>
/// <param name="Events">Events that are sent (<c>created</c>, <c>updated</c>, <c>deleted</c>); all where empty.</param>
/// <param name="IsPrivate">The address may lie on this machine or in its network.</param>
internal sealed record WebhookEndpoint(string Name, Uri Url, string Secret, FrozenSet<string> Entities, FrozenSet<string> Events, bool IsPrivate)
{
    private const int ShortestSecret = 16;

    public static IEnumerable<WebhookEndpoint> ReadAll(JsonElement settings)
    {
        if (!settings.TryGetProperty("endpoints", out var endpoints)) yield break;
        var position = 0;
        foreach (var endpoint in endpoints.EnumerateArray())
            yield return Read(endpoint, $"webhooks.endpoints[{position++}]");
    }

    private static WebhookEndpoint Read(JsonElement json, string path)
    {
        var name = Text(json, "name") ?? throw new InvalidOperationException($"{path}.name is missing: give the endpoint a name.");
        if (!Uri.TryCreate(Text(json, "url"), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw new InvalidOperationException($"{path}.url must be an http or https address.");
        var secret = Text(json, "secret") ?? Variable(Text(json, "secretVariable"));
        if (secret is not { Length: >= ShortestSecret })
            throw new InvalidOperationException($"{path} needs a secret of at least {ShortestSecret} characters: as secret, or as secretVariable with the name of an environment variable.");
        return new WebhookEndpoint(name, url, secret, Texts(json, "entities"), Texts(json, "events"), Switch(json, "private", path));
    }

    private static bool Switch(JsonElement json, string property, string path) => json.TryGetProperty(property, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InvalidOperationException($"{path}.{property} must be true or false."),
    };

    private static string? Variable(string? name) => name is null ? null : Environment.GetEnvironmentVariable(name);

    private static string? Text(JsonElement json, string property) => json.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static FrozenSet<string> Texts(JsonElement json, string property) => json.TryGetProperty(property, out var list)
        ? list.EnumerateArray().Select(item => item.GetString()!).ToFrozenSet()
        : [];
}
