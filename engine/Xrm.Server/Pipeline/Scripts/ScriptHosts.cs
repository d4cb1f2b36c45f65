namespace Xrm.Server.Pipeline.Scripts;

/// <summary>The hosts that scripts may call, as the server's operator allows them; none without a word.</summary>
internal sealed class ScriptHosts
{
    private readonly string[] _allowed;
    private readonly string[] _private;

    private ScriptHosts(string[] allowed, string[] inOwnNetwork) => (_allowed, _private) = (allowed, inOwnNetwork);

    /// <summary>
    /// Settings from the environment: <c>XRM_SCRIPT_HOSTS</c>, and <c>XRM_SCRIPT_PRIVATE_HOSTS</c> for hosts in one's own network, which may have
    /// private addresses and be called without TLS. Each a list of <c>host</c>, <c>host:port</c> or <c>*.domain</c> with commas between.
    /// </summary>
    public static ScriptHosts Read(IConfiguration configuration) => new(List(configuration["XRM_SCRIPT_HOSTS"]), List(configuration["XRM_SCRIPT_PRIVATE_HOSTS"]));

    /// <summary>A URL of the internet that may be called.</summary>
    public bool Allow(Uri url) => url.Scheme == Uri.UriSchemeHttps && _allowed.Any(entry => Matches(entry, url));

    /// <summary>A URL of one's own network that may be called.</summary>
    public bool AllowPrivate(Uri url) => _private.Any(entry => Matches(entry, url));

    private static string[] List(string? setting) => (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool Matches(string entry, Uri url)
    {
        var (host, port) = entry.LastIndexOf(':') is var colon and > 0 && int.TryParse(entry[(colon + 1)..], out var named) ? (entry[..colon], named) : (entry, -1);
        if (port >= 0 ? url.Port != port : !url.IsDefaultPort) return false;
        return host.StartsWith("*.", StringComparison.Ordinal)
            ? url.IdnHost.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
            : string.Equals(url.IdnHost, host, StringComparison.OrdinalIgnoreCase);
    }
}
