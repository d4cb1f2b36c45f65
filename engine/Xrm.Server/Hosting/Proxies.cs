using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Xrm.Server.Commands;

namespace Xrm.Server.Hosting;

/// <summary>
/// Proxies in front of the server, which say how clients have reached them: <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c>.
/// From anybody else these headers mean nothing: who could choose them would choose the addresses that answers lead to, and the one that limits count.
/// </summary>
internal static class Proxies
{
    /// <summary>Addresses and networks with commas between: <c>10.0.0.5,172.16.0.0/12,::1</c>. Empty for none.</summary>
    public const string Variable = "XRM_PROXIES";

    /// <summary>Takes what known proxies say; where there are none, requests pass nothing more than before.</summary>
    /// <exception cref="CommandFailedException">One of them is neither an address nor a network.</exception>
    public static void UseProxies(this WebApplication app)
    {
        if (app.Configuration[Variable] is not { } written || string.IsNullOrWhiteSpace(written)) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.All,
            // Through as many proxies as there are, up to the first that is not known.
            ForwardLimit = null,
        };
        // ASP.NET trusts this machine by itself.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var part in written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) Add(options, part);
        app.UseForwardedHeaders(options);
    }

    private static void Add(ForwardedHeadersOptions options, string part)
    {
        if (IPAddress.TryParse(part, out var address)) options.KnownProxies.Add(address);
        else if (System.Net.IPNetwork.TryParse(part, out var network)) options.KnownIPNetworks.Add(network);
        else throw new CommandFailedException(ExitCodes.Usage, $"{Variable} has '{part}', which is neither an address such as 10.0.0.5 nor a network such as 10.0.0.0/8.");
    }
}
