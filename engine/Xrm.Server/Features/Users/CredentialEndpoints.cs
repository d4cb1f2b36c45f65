using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Organisations;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Users;

/// <summary>Sessions and tokens of others, for administrators. Tokens are made for service accounts alone: nobody acts in the name of another person.</summary>
internal static class CredentialEndpoints
{
    public static void MapCredentials(this IEndpointRouteBuilder group)
    {
        group.MapGet("/{id:guid}/sessions", ListSessionsAsync);
        group.MapDelete("/{id:guid}/sessions", EndAllAsync);
        group.MapDelete("/{id:guid}/sessions/{session:guid}", EndAsync);
        group.MapGet("/{id:guid}/tokens", ListTokensAsync);
        group.MapPost("/{id:guid}/tokens", IssueAsync).RequireAuthorization(Policies.Fresh);
        group.MapDelete("/{id:guid}/tokens/{token:guid}", RevokeAsync);
    }

    private static async Task<Ok<IEnumerable<SessionView>>> ListSessionsAsync(Guid id, Sessions sessions, ServedOrganisation served, CancellationToken ct) =>
        TypedResults.Ok((await sessions.ListAsync(id, ct)).Where(session => session.Organisation == served.Name).Select(SessionView.Of));

    private static async Task<NoContent> EndAllAsync(Guid id, HttpContext http, Sessions sessions, CredentialNotes notes, CancellationToken ct)
    {
        await notes.SessionsEndedAsync(http, id, await sessions.EndHereAsync(id, ct), null, ct);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndAsync(Guid id, Guid session, HttpContext http, Sessions sessions, CredentialNotes notes, ServedOrganisation served, CancellationToken ct)
    {
        var known = (await sessions.ListAsync(id, ct)).FirstOrDefault(each => each.Id == session && each.Organisation == served.Name);
        if (known is null || !await sessions.EndAsync(id, session, ct)) throw new XrmException("session_unknown", 404, "This user has no such session. It may have ended.");
        await notes.SessionsEndedAsync(http, id, 1, known, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IEnumerable<TokenView>>> ListTokensAsync(Guid id, AccessTokens tokens, CancellationToken ct) => TypedResults.Ok(await tokens.ListAsync(id, ct));

    private static async Task<Created<IssuedToken>> IssueAsync(Guid id, WantedToken body, HttpContext http, AccountStore accounts, AccessTokens tokens, CancellationToken ct)
    {
        if (await accounts.FindAsync(id, ct) is not { } account) throw UserEndpoints.Unknown();
        if (!account.IsService) throw new XrmException("not_a_service", 409, "People make their tokens themselves. Make a service account for a program.");
        return TypedResults.Created((string?)null, await tokens.IssueAsync(id, body, http, ct));
    }

    private static async Task<NoContent> RevokeAsync(Guid id, Guid token, HttpContext http, AccessTokens tokens, CancellationToken ct) =>
        await tokens.RevokeAsync(id, token, http, ct) ? TypedResults.NoContent() : throw new XrmException("token_unknown", 404, "This user has no such token. It may have been revoked.");

    internal sealed record SessionView(Guid Id, DateTime CreatedAt, DateTime LastSeenAt, DateTime ExpiresAt, string? Address, string? Browser, bool HasSecondFactor)
    {
        public static SessionView Of(OpenSession session) => new(session.Id, session.CreatedAt, session.LastSeenAt, session.ExpiresAt, session.Address, session.UserAgent, session.HasSecondFactor);
    }
}
