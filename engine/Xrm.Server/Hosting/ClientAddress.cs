using System.Net;

namespace Xrm.Server.Hosting;

/// <summary>Where a request comes from.</summary>
internal static class ClientAddress
{
    /// <summary>Address of the client, behind proxies that are trusted; IPv4 as such, however it came in. Null where unknown.</summary>
    public static IPAddress? Of(HttpContext http) =>
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;
}
