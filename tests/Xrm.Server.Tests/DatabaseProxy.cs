using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Xrm.Server.Tests;

/// <summary>Stands between a server and its PostgreSQL, so that a test can take the database away and bring it back.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly int _port;
    private EndPoint? _target;
    private Socket? _listener;

    public DatabaseProxy()
    {
        _listener = Listen(0);
        _port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The same database by way of this proxy.</summary>
    public string Through(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _target = settings.Host!.StartsWith('/') ? new UnixDomainSocketEndPoint($"{settings.Host}/.s.PGSQL.{settings.Port}") : new DnsEndPoint(settings.Host, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", _port);
        _ = AcceptAsync(_listener!);
        return settings.ConnectionString;
    }

    /// <summary>Breaks all connections and refuses new ones.</summary>
    public void Close()
    {
        Interlocked.Exchange(ref _listener, null)?.Dispose();
        foreach (var socket in _sockets.Keys) socket.Dispose();
    }

    /// <summary>Accepts connections again.</summary>
    public void Open() => _ = AcceptAsync(_listener = Listen(_port));

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            listener.Dispose();
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(_target is UnixDomainSocketEndPoint ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        _sockets[client] = _sockets[server] = true;
        try
        {
            await server.ConnectAsync(_target!);
            await using var left = new NetworkStream(client);
            await using var right = new NetworkStream(server);
            await Task.WhenAny(left.CopyToAsync(right), right.CopyToAsync(left));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or IOException)
        {
            client.Dispose();
        }
        finally
        {
            client.Dispose();
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
        }
    }
}
