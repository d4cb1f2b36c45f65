using Microsoft.AspNetCore.Authorization;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>The caller must be an administrator of the installation, who makes and ends organisations; with a token, one whose scope includes administration.</summary>
internal sealed class InstallationAdministratorRequirement : IAuthorizationRequirement;

/// <summary>Tells who administers the installation.</summary>
internal sealed class InstallationAdministrators(CallerProvider callers, MemberStore members) : AuthorizationHandler<InstallationAdministratorRequirement>
{
    /// <summary>True where the caller of a request administers the installation.</summary>
    public async Task<bool> IncludeAsync(HttpContext http, CancellationToken ct) =>
        await callers.GetAsync(http, ct) is { IsAdministrator: true, UserId: var id } && await members.AdministersInstallationAsync(id, ct);

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, InstallationAdministratorRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated != true) return;
        if (await IncludeAsync(http, http.RequestAborted)) context.Succeed(requirement);
    }
}
