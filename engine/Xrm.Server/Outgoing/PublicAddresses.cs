using System.Net;
using System.Net.Sockets;

namespace Xrm.Server.Outgoing;

/// <summary>
/// Tells the addresses of the internet from those of one's own machine and network, which nobody outside may reach through the server.
/// </summary>
/// <remarks>Ranges: IANA's registries of special-purpose addresses (RFC 6890 and those that it names), without the ones that are globally reachable.</remarks>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // All that is given out to the internet lies in here; within it, these are not.
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialIPv6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>An address that anybody on the internet can reach.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Special.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => GlobalIPv6.Contains(address) && !SpecialIPv6.Any(network => network.Contains(address)),
            _ => false,
        };
    }
}
