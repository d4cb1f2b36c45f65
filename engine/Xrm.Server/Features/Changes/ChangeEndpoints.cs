using Microsoft.AspNetCore.Http.Features;
using Xrm.Data;
using Xrm.Data.Changes;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Changes;

/// <summary><c>GET /api/changes</c>: which records change, as it happens, as server-sent events.</summary>
internal static class ChangeEndpoints
{
    private const int ChangesAtATime = 500;
    private static readonly (int OfUser, int OfAll) Most = (6, 2_000);
    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(15);

    public static IServiceCollection AddChanges(this IServiceCollection services) => services.AddSingleton<ChangeReader>().AddSingleton<ChangeFeed>();

    public static void MapChanges(this IEndpointRouteBuilder routes) => routes.MapGet("/api/changes", StreamAsync).WithTags("Changes").RequireAuthorization();

    private static async Task StreamAsync(HttpContext http, ChangeFeed feed, ChangeReader reader, Database database, CurrentModel current, CallerProvider callers, ConcurrencyLimits limits, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        var caller = await callers.GetAsync(http, http.RequestAborted);
        var published = current.Value;
        var model = published.Model;
        var wish = ChangeWish.Read(http.Request, model, caller);
        var last = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id ? ChangePosition.Parse(id) : null;
        using var place = limits.Enter("change streams", caller.UserId, Most);
        using var subscription = new ChangeSubscription(caller, Secrets.Hash(CredentialHandler.SecretOf(http.Request)!), withValues: !wish.Select.IsEmpty);
        using var stop = lifetime.ApplicationStopping.Register(() => subscription.Finish("server_stops"));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, subscription.Cut);
        var writer = new ChangeWriter(new ChangeSight(database, published, caller, time), model, caller, wish, http.Response.BodyWriter);
        var query = new ChangeQuery(wish.Entities, subscription.WithValues, ChangesAtATime);
        // Before the answer begins: whether what the client missed is still there.
        var page = last is null ? null : await reader.ReadAsync(last, query, http.RequestAborted);
        try
        {
            var start = await feed.AddAsync(subscription, end.Token);
            Begin(http);
            if (last is null) writer.Beat(start);
            else await CatchUpAsync(http, (reader, query), writer, (page!, start), end.Token);
            await http.Response.BodyWriter.FlushAsync(end.Token);
            await FollowAsync(http, feed, subscription, writer, end.Token);
        }
        catch (OperationCanceledException) when (subscription.End is not null)
        {
            // It did not take its farewell: it learns from the end of the connection.
            http.Abort();
        }
        finally
        {
            feed.Remove(subscription);
        }
    }

    private static void Begin(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        // Proxies would hold events back to send them together.
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Sends what lies between the client's last event and the place from which on the feed tells of everything.</summary>
    private static async Task CatchUpAsync(HttpContext http, (ChangeReader Reader, ChangeQuery Query) source, ChangeWriter writer, (ChangePage First, ChangePosition Start) way, CancellationToken ct)
    {
        var page = way.First;
        while (true)
        {
            await writer.WriteAsync(page, ct);
            await http.Response.BodyWriter.FlushAsync(ct);
            if (!page.HasMore && page.Next.From == way.Start.From) break;
            // The stretch that the first page is of ends before the feed's place, or behind it: what comes next ends there.
            var next = page.HasMore ? page.Next : page.Next with { To = way.Start.From };
            page = await source.Reader.ReadAsync(next, source.Query, ct);
        }
        writer.Beat(way.Start);
    }

    private static async Task FollowAsync(HttpContext http, ChangeFeed feed, ChangeSubscription subscription, ChangeWriter writer, CancellationToken ct)
    {
        while (subscription.End is null)
        {
            // Taken before: what comes after this place still waits when nothing does.
            var place = feed.Position;
            if (await subscription.TakeAsync(BetweenBeats, ct) is { } page) await writer.WriteAsync(page, ct);
            else if (place is not null && subscription.IsEmpty) writer.Beat(place);
            if ((await http.Response.BodyWriter.FlushAsync(ct)).IsCompleted) return;
        }
        writer.End(subscription.End);
        await http.Response.BodyWriter.FlushAsync(ct);
    }
}
