using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Authorization;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Security;

/// <summary>Says why a request was refused, in the form of every other error.</summary>
internal sealed class RefusalAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        if (result.Succeeded) return next(context);
        var refusal = !result.Forbidden
            ? new XrmException("not_signed_in", 401, "Sign in first, or send a valid access token.")
            : context.User.HasClaim(claim => claim.Type == CredentialHandler.MustChangePasswordClaim)
                ? new XrmException("password_change_required", 403, "Replace your one-time password first.")
                : new XrmException("forbidden", 403, "Only an administrator may do this.");
        return ProblemAnswers.WriteAsync(context, refusal, context.RequestAborted);
    }
}
