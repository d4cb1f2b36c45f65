using System.Text.Json;

namespace Xrm.Server.Tests.Changes;

/// <summary>One server-sent event.</summary>
internal sealed record StreamEvent(string Type, JsonElement Data, string? Id)
{
    /// <summary>A property of the data as text; null where it is missing.</summary>
    public string? this[string name] => Data.TryGetProperty(name, out var value) ? value.ToString() : null;
}

/// <summary>An open stream of changes, read as browsers read it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    /// <summary>The last id seen, of an event or of none.</summary>
    public string? LastId { get; private set; }

    /// <summary>Opens a stream, from now on or from behind an id.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient http, string query = "", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/changes{query}");
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, await (answer.IsSuccessStatusCode ? Task.FromResult("") : answer.Content.ReadAsStringAsync()));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var stream = new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        // The first thing is the place from which on it tells.
        if (lastId is null) await stream.ReadBlockAsync();
        return stream;
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        while (await ReadBlockAsync() is { } block)
            if (block.Data is not null) return new StreamEvent(block.Type, JsonDocument.Parse(block.Data).RootElement, LastId);
        return null;
    }

    /// <summary>So many events, as <c>change collection changed</c>.</summary>
    public async Task<StreamEvent[]> TakeAsync(int count)
    {
        var events = new List<StreamEvent>();
        while (events.Count < count) events.Add(await NextAsync() ?? throw new EndOfStreamException($"The stream ended after {events.Count} events."));
        return [.. events];
    }

    private async Task<(string Type, string? Data)?> ReadBlockAsync()
    {
        var (type, data) = ("message", (string?)null);
        while (await _lines.ReadLineAsync().WaitAsync(Longest) is { } line)
        {
            if (line.Length == 0) return (type, data);
            if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
        }
        return null;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
