using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Xrm.Server.Tests.Plugins;

/// <summary>A post that a receiver got.</summary>
internal sealed record Post(string Body, string Signature, string EventId, string? ContentType);

/// <summary>A real HTTP server that webhooks go to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Post> _posts = new();
    private int _failures;
    private volatile TaskCompletionSource _gate = Opened();

    private Receiver(WebApplication app) => _app = app;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new Receiver(builder.Build());
        receiver._app.MapPost("/hook", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public string Url => _app.Urls.First() + "/hook";

    /// <summary>All that came, refused ones included.</summary>
    public Post[] Posts => [.. _posts];

    /// <summary>Answers the next posts with 500.</summary>
    public void Refuse(int posts) => Volatile.Write(ref _failures, posts);

    /// <summary>Leaves posts without an answer until <see cref="Release"/>.</summary>
    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers all that wait, and answers at once again.</summary>
    public void Release() => _gate.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Release();
        return _app.DisposeAsync();
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        _posts.Enqueue(new Post(body, request.Headers["X-Xrm-Signature"].ToString(), request.Headers["X-Xrm-Event-Id"].ToString(), request.ContentType));
        await _gate.Task;
        return Interlocked.Decrement(ref _failures) >= 0 ? Results.StatusCode(500) : Results.NoContent();
    }
}
