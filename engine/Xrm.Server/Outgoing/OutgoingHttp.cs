using System.Net;
using System.Net.Sockets;
using Xrm.Data.Errors;

namespace Xrm.Server.Outgoing;

/// <summary>
/// The one way out by HTTP: nobody gets this server to call its own machine or network, whatever address they give. Connections go to addresses of the
/// internet alone, except where whoever runs the server allows others. Redirects are answers like others, and followed by nobody.
/// </summary>
internal static class OutgoingHttp
{
    /// <summary>Name of the client that reaches the internet alone.</summary>
    public const string Internet = "internet";

    /// <summary>Name of the client that reaches one's own network, too, for addresses that stand in the server's settings.</summary>
    public const string OwnNetwork = "own-network";

    private static readonly TimeSpan TimeToConnect = TimeSpan.FromSeconds(5);

    /// <summary>Adds the clients <see cref="Internet"/> and <see cref="OwnNetwork"/>.</summary>
    public static IServiceCollection AddOutgoingHttp(this IServiceCollection services)
    {
        services.AddHttpClient(Internet).ConfigurePrimaryHttpMessageHandler(() => Handler(_ => false)).RemoveAllLoggers();
        services.AddHttpClient(OwnNetwork).ConfigurePrimaryHttpMessageHandler(() => Handler(_ => true)).RemoveAllLoggers();
        return services;
    }

    /// <summary>Makes connections.</summary>
    /// <param name="allowsPrivate">Whether a URL may lead to one's own machine or network.</param>
    public static SocketsHttpHandler Handler(Func<Uri, bool> allowsPrivate) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = 64,
        ConnectTimeout = TimeToConnect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = (context, ct) => ConnectAsync(allowsPrivate, context, ct),
    };

    /// <summary>Reads a body that somebody else has sent, up to a size; what was compressed is counted as it comes out.</summary>
    /// <returns>The bytes; null where there are more.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int most, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        var body = new MemoryStream();
        var portion = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(portion, ct)) > 0;)
        {
            body.Write(portion, 0, read);
            if (body.Length > most) return null;
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    // The addresses are looked at where the connection is made: a name could mean another one between two questions.
    private static async ValueTask<Stream> ConnectAsync(Func<Uri, bool> allowsPrivate, SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        if (!allowsPrivate(context.InitialRequestMessage.RequestUri!)) addresses = [.. addresses.Where(PublicAddresses.Contains)];
        if (addresses.Length == 0) throw new XrmException("private_address", 422, $"{context.DnsEndPoint.Host} has no address on the internet: private addresses may not be called.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
