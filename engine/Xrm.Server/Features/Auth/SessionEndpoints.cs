using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>Where the signed-in person is signed in.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder group)
    {
        var sessions = group.MapGroup("/sessions").RequireAuthorization(Policies.Person);
        sessions.MapGet("", ListAsync);
        sessions.MapDelete("", EndOthersAsync);
        sessions.MapDelete("/{id:guid}", EndAsync);
    }

    private static async Task<Ok<IEnumerable<SessionView>>> ListAsync(HttpContext http, Sessions sessions, CancellationToken ct)
    {
        var present = http.SessionId();
        return TypedResults.Ok((await sessions.ListAsync(http.UserId(), ct)).Select(session => SessionView.Of(session, present)));
    }

    private static async Task<NoContent> EndOthersAsync(HttpContext http, Sessions sessions, CredentialNotes notes, CancellationToken ct)
    {
        await notes.SessionsEndedAsync(http, http.UserId(), await sessions.EndAllAsync(http.UserId(), http.SessionId(), ct), null, ct);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndAsync(Guid id, HttpContext http, Sessions sessions, CredentialNotes notes, CancellationToken ct)
    {
        var known = (await sessions.ListAsync(http.UserId(), ct)).FirstOrDefault(session => session.Id == id);
        if (!await sessions.EndAsync(http.UserId(), id, ct)) throw new XrmException("session_unknown", 404, "You have no such session. It may have ended.");
        if (id == http.SessionId()) Sessions.Take(http);
        await notes.SessionsEndedAsync(http, http.UserId(), 1, known, ct);
        return TypedResults.NoContent();
    }

    /// <summary>A session.</summary>
    internal sealed record SessionView(Guid Id, DateTime CreatedAt, DateTime LastSeenAt, DateTime ExpiresAt, string? Address, string? Browser, bool HasSecondFactor, bool IsPresent)
    {
        public static SessionView Of(OpenSession session, Guid? present) => new(
            session.Id, session.CreatedAt, session.LastSeenAt, session.ExpiresAt, session.Address, session.UserAgent, session.HasSecondFactor, session.Id == present);
    }
}
