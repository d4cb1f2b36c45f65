using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Access;

/// <summary>Lets administrators see the application as others do, without changing anything: <c>/api/access/preview</c>.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/access/preview").WithTags("Access").WithMetadata(new SmallBody());
        group.MapPost("", StartAsync).RequireAuthorization(Policies.FullPerson, Policies.Administrator);
        group.MapDelete("", EndAsync).RequireAuthorization(Policies.SignedIn).WithMetadata(new AllowedInPreview());
    }

    private static async Task<NoContent> StartAsync(WantedPreview body, HttpContext http, CurrentModel current, CallerProvider callers, AuditTrail audit, CancellationToken ct)
    {
        var roles = (body.Roles ?? []).Distinct(StringComparer.Ordinal).ToImmutableArray();
        Check(roles, body.User, current.Value.Model);
        if (body.User is { } user)
        {
            var person = await callers.FindUserAsync(user, ct) ?? throw Invalid("user", "user_unknown", $"There is no active user with the id {user}.");
            if (roles.IsEmpty && person.IsAdministrator) throw Invalid("user", "is_administrator", $"{person.DisplayName} is an administrator and sees everything. Choose roles, or somebody else.");
        }
        await audit.NoteAsync(http, AuditOperations.PreviewStarted, http.UserId(), new { roles, user = body.User }, ct);
        new AccessPreview(roles, body.User).Give(http, http.SessionId()!.Value);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndAsync(HttpContext http, AuditTrail audit, CancellationToken ct)
    {
        if (AccessPreview.Of(http.User) is not null) await audit.NoteAsync(http, AuditOperations.PreviewEnded, http.UserId(), null, ct);
        AccessPreview.Take(http);
        return TypedResults.NoContent();
    }

    private static void Check(ImmutableArray<string> roles, Guid? user, Model model)
    {
        if (roles.IsEmpty && user is null) throw Invalid("roles", "required", "Name at least one role, or a person (user).");
        if (roles.Length > AccessPreview.MostRoles) throw Invalid("roles", "too_many", $"A preview has at most {AccessPreview.MostRoles} roles.");
        foreach (var role in roles)
        {
            if (role is not null && model.Roles.ContainsKey(role)) continue;
            var near = role is null ? null : Names.Nearest(role, model.Roles.Keys);
            throw Invalid("roles", "role_unknown", $"There is no role '{(role is { Length: > 63 } ? role[..63] : role)}'.{(near is null ? "" : $" Did you mean {near}?")}");
        }
    }

    private static XrmException Invalid(string field, string code, string message) => XrmException.Invalid([new FieldError(field, code, message)]);

    /// <param name="Roles">Names of roles; those of the person where there are none.</param>
    /// <param name="User">The person at whose place the application is to be seen; without one it is the administrator's own.</param>
    internal sealed record WantedPreview(ImmutableArray<string>? Roles, Guid? User);
}
