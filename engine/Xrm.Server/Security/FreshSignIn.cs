using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>How long ago somebody may have signed in who does something that a stolen session must not do. Null: as long as the session lasts.</summary>
internal sealed record FreshSignIn(TimeSpan? Most)
{
    /// <summary>What somebody is told whose sign-in is too long ago.</summary>
    public static XrmException Refusal() => new("sign_in_again", 403, "This asks for a sign-in that is not long ago. Sign out, sign in again, then do it.");

    /// <summary>True where the sign-in of a session is not too long ago, and for access tokens, which have scopes instead.</summary>
    public bool Admits(ClaimsPrincipal user, DateTimeOffset now) => Most is not { } most || user.FindFirstValue(CredentialHandler.SignedInClaim) is not { } at
        || now.UtcDateTime - DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) <= most;
}

/// <summary>A session must be of a sign-in that is not long ago.</summary>
internal sealed class FreshSignInRequirement : IAuthorizationRequirement;

/// <summary>Compares the time of the sign-in with <see cref="FreshSignIn"/>.</summary>
internal sealed class FreshSignInHandler(FreshSignIn fresh, TimeProvider time) : AuthorizationHandler<FreshSignInRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshSignInRequirement requirement)
    {
        if (fresh.Admits(context.User, time.GetUtcNow())) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
