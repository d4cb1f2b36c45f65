using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Xrm.Server.Security;

/// <summary>Who may call an endpoint at all. What of the data a caller may see is decided by the roles of the model.</summary>
internal static class Policies
{
    /// <summary>Somebody is signed in, be it with a one-time password.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Only administrators: publishing, users, jobs.</summary>
    public const string Administrator = "administrator";

    /// <summary>Adds authentication and makes a changed password the default condition of every endpoint.</summary>
    public static IServiceCollection AddXrmSecurity(this IServiceCollection services)
    {
        // AddAuthentication would read and make key files for encrypted cookies at each start; sessions are random texts here, and need none.
        services.AddAuthenticationCore(options => options.DefaultScheme = CredentialHandler.SchemeName).AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        var full = new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
            .RequireAssertion(context => !context.User.HasClaim(claim => claim.Type == CredentialHandler.MustChangePasswordClaim))
            .Build();
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(full)
            .SetFallbackPolicy(full)
            .AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Administrator, policy => policy.Combine(full).AddRequirements(new AdministratorRequirement()));
        services.AddSingleton<IAuthorizationHandler, AdministratorHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalAnswers>();
        return services.AddSingleton<CredentialCache>().AddSingleton<CallerProvider>();
    }
}

/// <summary>The caller must be an administrator.</summary>
internal sealed class AdministratorRequirement : IAuthorizationRequirement;

/// <summary>Looks the caller up for <see cref="AdministratorRequirement"/>.</summary>
internal sealed class AdministratorHandler(CallerProvider callers) : AuthorizationHandler<AdministratorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AdministratorRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated != true) return;
        if ((await callers.GetAsync(http, http.RequestAborted)).IsAdministrator) context.Succeed(requirement);
    }
}
