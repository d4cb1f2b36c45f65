using Microsoft.AspNetCore.Authorization;

namespace Xrm.Server.Security;

/// <summary>While an administrator sees the application as somebody else, nothing is changed.</summary>
internal sealed class PreviewRequirement : IAuthorizationRequirement;

/// <summary>Marks what can be asked for during a preview although it is no reading: the way out.</summary>
internal sealed class AllowedInPreview;

/// <summary>Refuses all but reading while a preview runs. What there is to read is known to the <see cref="CallerProvider"/>.</summary>
internal sealed class PreviewHandler : AuthorizationHandler<PreviewRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PreviewRequirement requirement)
    {
        var isPreview = context.User.HasClaim(claim => claim.Type == AccessPreview.ClaimType);
        if (!isPreview || context.Resource is HttpContext http && (ScopeHandler.IsRead(http.Request) || http.GetEndpoint()?.Metadata.GetMetadata<AllowedInPreview>() is not null))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
