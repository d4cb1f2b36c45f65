using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Errors;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>Access tokens of the signed-in person. A token cannot make others.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder group)
    {
        var tokens = group.MapGroup("/tokens").RequireAuthorization(Policies.FullPerson);
        tokens.MapGet("", ListAsync);
        tokens.MapPost("", IssueAsync).RequireAuthorization(Policies.Fresh);
        tokens.MapDelete("/{id:guid}", RevokeAsync);
    }

    private static async Task<Ok<IEnumerable<TokenView>>> ListAsync(HttpContext http, AccessTokens tokens, CancellationToken ct) => TypedResults.Ok(await tokens.ListAsync(http.UserId(), ct));

    private static async Task<Created<IssuedToken>> IssueAsync(WantedToken body, HttpContext http, AccessTokens tokens, CancellationToken ct) =>
        TypedResults.Created((string?)null, await tokens.IssueAsync(http.UserId(), body, http, ct));

    private static async Task<NoContent> RevokeAsync(Guid id, HttpContext http, AccessTokens tokens, CancellationToken ct) =>
        await tokens.RevokeAsync(http.UserId(), id, http, ct) ? TypedResults.NoContent() : throw new XrmException("token_unknown", 404, "You have no such token. It may have been revoked.");
}
