using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Xrm.Server.Tests.Mails;

/// <summary>A mail as it came over the wire.</summary>
/// <param name="From">Address of MAIL FROM.</param>
/// <param name="Recipients">Addresses of RCPT TO that were accepted.</param>
/// <param name="Headers">Header lines, unfolded, as they came.</param>
/// <param name="Body">Body, decoded.</param>
internal sealed record ReceivedMail(string From, string[] Recipients, string[] Headers, string Body)
{
    /// <summary>The value of a header, decoded; null where it is missing. Fails where it occurs twice.</summary>
    public string? this[string name] => Headers.SingleOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line ? Decode(line[(name.Length + 1)..].Trim()) : null;

    private static string Decode(string value) => value.StartsWith("=?", StringComparison.Ordinal)
        ? string.Concat(value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('?')).Select(parts =>
            Encoding.GetEncoding(parts[1]).GetString(parts[2] is "B" or "b" ? Convert.FromBase64String(parts[3]) : SmtpServer.QuotedPrintable(parts[3].Replace('_', ' ')))))
        : value;
}

/// <summary>An SMTP server that does as a test tells it.</summary>
internal sealed class SmtpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentQueue<string> _moods = new();
    private readonly ConcurrentDictionary<string, string> _refused = new();
    private int _connections;

    public SmtpServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What was accepted.</summary>
    public ReceivedMail[] Mails => [.. _mails];

    /// <summary>How the next connections go: <c>close</c> right after the greeting, or an answer to the content, such as <c>451 Busy</c>.</summary>
    public void Next(params string[] moods)
    {
        foreach (var mood in moods) _moods.Enqueue(mood);
    }

    /// <summary>Refuses an address, until it is accepted by null.</summary>
    public void Refuse(string address, string? answer)
    {
        if (answer is null) _refused.TryRemove(address, out _);
        else _refused[address] = answer;
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Decodes quoted-printable.</summary>
    internal static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>();
        text = text.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '=') bytes.Add((byte)text[at]);
            else
            {
                bytes.Add(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
        }
        return [.. bytes];
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            _moods.Clear();
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using var connection = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        _moods.TryDequeue(out var mood);
        await writer.WriteLineAsync("220 test");
        if (mood == "close") return;
        var from = "";
        var recipients = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "MAIL":
                    from = Address(line);
                    recipients.Clear();
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT":
                    var refusal = _refused.GetValueOrDefault(Address(line));
                    if (refusal is null) recipients.Add(Address(line));
                    await writer.WriteLineAsync(refusal ?? "250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    var mail = await ReadAsync(reader, from, [.. recipients]);
                    if (mood is null) _mails.Enqueue(mail);
                    await writer.WriteLineAsync(mood ?? "250 ok");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 test");
                    break;
            }
        }
    }

    private static async Task<ReceivedMail> ReadAsync(StreamReader reader, string from, string[] recipients)
    {
        var headers = new List<string>();
        string? line;
        while ((line = await reader.ReadLineAsync()) is { Length: > 0 })
        {
            if (line[0] is ' ' or '\t') headers[^1] += ' ' + line.Trim();
            else headers.Add(line);
        }
        var body = new StringBuilder();
        while ((line = await reader.ReadLineAsync()) is not (null or ".")) body.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return new ReceivedMail(from, recipients, [.. headers], DecodeBody(headers, body.ToString()));
    }

    private static string DecodeBody(List<string> headers, string body)
    {
        var encoding = headers.Single(header => header.StartsWith("Content-Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
        var bytes = encoding switch
        {
            "base64" => Convert.FromBase64String(body),
            "quoted-printable" => QuotedPrintable(body),
            _ => Encoding.ASCII.GetBytes(body),
        };
        return Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n").TrimEnd('\n');
    }

    private static string Address(string line) => line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
}
