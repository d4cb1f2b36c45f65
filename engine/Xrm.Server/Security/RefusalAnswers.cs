using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Authorization;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Security;

/// <summary>Says why a request was refused, in the form of every other error.</summary>
internal sealed class RefusalAnswers(RefusedAccess refused) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        if (result.Succeeded) return next(context);
        var refusal = !result.Forbidden ? new XrmException("not_signed_in", 401, "Sign in first, or send a valid access token.") : RefusalOf(context, result);
        refused.Note(context, refusal);
        return ProblemAnswers.WriteAsync(context, refusal, context.RequestAborted);
    }

    private static XrmException RefusalOf(HttpContext context, PolicyAuthorizationResult result)
    {
        var failed = result.AuthorizationFailure?.FailedRequirements ?? [];
        if (failed.OfType<ScopeRequirement>().Any()) return new XrmException("out_of_scope", 403, "This access token may only read. Use one that may write.");
        if (failed.OfType<PreviewRequirement>().Any())
            return new XrmException("preview_read_only", 403, "You see the application as somebody else at the moment, and nothing can be changed meanwhile. End the preview first: DELETE /api/access/preview.");
        if (Has(context, CredentialHandler.MustChangePasswordClaim)) return new XrmException("password_change_required", 403, "Replace your one-time password first.");
        if (failed.All(requirement => requirement is FreshSignInRequirement)) return FreshSignIn.Refusal();
        if (failed.OfType<ClaimsAuthorizationRequirement>().Any()) return new XrmException("session_required", 403, "This is for people: sign in with a browser. An access token does not do.");
        if (failed.OfType<InstallationAdministratorRequirement>().Any() && !Has(context, CredentialHandler.MustAddFactorClaim)) return new XrmException("forbidden", 403, "Only an administrator of the installation may do this.");
        return Has(context, CredentialHandler.MustAddFactorClaim)
            ? new XrmException("second_factor_required", 403, "Set up two-step sign-in or a passkey first.")
            : new XrmException("forbidden", 403, "Only an administrator may do this.");
    }

    private static bool Has(HttpContext context, string claim) => context.User.HasClaim(each => each.Type == claim);
}
