using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Xrm.Server.Tests.Rules;

/// <summary>Another server that scripts call.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>What names the calls that came, in their order.</summary>
    public List<string> Keys { get; } = [];

    public static async Task<EchoServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new EchoServer(builder.Build());
        server._app.MapPost("/echo", server.EchoAsync);
        server._app.MapPost("/away", () => Results.Redirect("/echo"));
        server._app.MapPost("/huge", () => Results.Text(new string('x', 2_000_000)));
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> EchoAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        lock (Keys) Keys.Add(request.Headers["Idempotency-Key"].ToString());
        return Results.Text($"{request.Headers["X-Kind"]} {request.ContentType} {await reader.ReadToEndAsync()}");
    }
}
