namespace Xrm.Server.Security;

/// <summary>
/// The address that links in mails begin with. Strangers choose the host of their requests, and thereby could make the server send somebody a link to
/// another site: so it is configured, or known to be this machine.
/// </summary>
internal sealed class PublicAddress(IdentitySettings settings)
{
    /// <summary>Address for a link that a stranger may have asked for; null where none is known.</summary>
    public string? ForStrangers(HttpContext http) => settings.PublicUrl is { } known ? Plain(known) : http.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" ? Own(http) : null;

    /// <summary>Address for a link that an administrator has asked for.</summary>
    public string ForAdministrators(HttpContext http) => settings.PublicUrl is { } known ? Plain(known) : Own(http);

    /// <summary>Name of the host that is configured; null where none is.</summary>
    public string? Domain => settings.PublicUrl?.Host;

    /// <summary>True where an origin, as browsers write it, is this server's.</summary>
    public bool IsOwn(string origin, HttpContext http) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (settings.PublicUrl is { } known
        ? uri.GetLeftPart(UriPartial.Authority) == known.GetLeftPart(UriPartial.Authority)
        // Proxies may speak plainly with the server: the scheme that it sees is not always that of the browser.
        : string.Equals(uri.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static string Own(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";

    private static string Plain(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
