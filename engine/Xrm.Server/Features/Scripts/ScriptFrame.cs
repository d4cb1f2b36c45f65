using System.Security.Cryptography;
using System.Text;

namespace Xrm.Server.Features.Scripts;

/// <summary>
/// The page in which scripts of forms are shut in. Its policy is its own: it is of nobody's origin, however it is opened, may run what it is handed, and may reach
/// nothing. The worker that it makes inherits that.
/// </summary>
internal static class ScriptFrame
{
    /// <summary>Takes one message: the text of the worker, and the port through which it speaks.</summary>
    private const string Script = """

        onmessage = ({ data, ports }) => {
          onmessage = null;
          new Worker(URL.createObjectURL(new Blob([data], { type: 'text/javascript' }))).postMessage(null, ports);
        };

        """;

    private const string Page = $"<!doctype html><title>Scripts</title><script>{Script}</script>";

    // Named by its hash, no other script of the page counts.
    private static readonly string Policy =
        $"sandbox allow-scripts; default-src 'none'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}' 'unsafe-eval' blob:; worker-src blob:; frame-ancestors 'self'";

    /// <summary>Serves the page.</summary>
    public static void MapScriptFrame(this IEndpointRouteBuilder routes) => routes.MapGet("/api/script-frame", (RequestDelegate)AnswerAsync).AllowAnonymous().ExcludeFromDescription();

    private static Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Page, http.RequestAborted);
    }
}
