using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Xrm.Data.Access;
using Xrm.Server.Hosting;

namespace Xrm.Server.Security;

/// <summary>Who may call an endpoint at all. What of the data a caller may see is decided by the roles of the model.</summary>
internal static class Policies
{
    /// <summary>Somebody is signed in, be it with a one-time password.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Somebody is signed in with a session of a browser, not with an access token, and has replaced a one-time password; a second factor may be missing.</summary>
    public const string Person = "person";

    /// <summary>As <see cref="Person"/>, with the second factor that is demanded.</summary>
    public const string FullPerson = "full-person";

    /// <summary>Besides another policy: what a stolen session must not do, for those who have signed in not long ago, where the installation wants that.</summary>
    public const string Fresh = "fresh";

    /// <summary>Only administrators: publishing, users, jobs.</summary>
    public const string Administrator = "administrator";

    /// <summary>Only administrators, and those whom a role lets change packages; which ones is asked of the <see cref="Caller"/>.</summary>
    public const string Designer = "designer";

    /// <summary>Only administrators of the installation: organisations.</summary>
    public const string InstallationAdministrator = "installation-administrator";

    /// <summary>Adds authentication and makes a changed password and the demanded second factor the default conditions of every endpoint.</summary>
    public static IServiceCollection AddXrmSecurity(this IServiceCollection services)
    {
        // AddAuthentication would read and make key files for encrypted cookies at each start; sessions are random texts here, and need none.
        services.AddAuthenticationCore(options => options.DefaultScheme = CredentialHandler.SchemeName).AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(), new PreviewRequirement()).Build();
        var changed = new AuthorizationPolicyBuilder(signedIn).RequireAssertion(context => !Has(context, CredentialHandler.MustChangePasswordClaim)).Build();
        var full = new AuthorizationPolicyBuilder(changed).RequireAssertion(context => !Has(context, CredentialHandler.MustAddFactorClaim)).Build();
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(full)
            .SetFallbackPolicy(full)
            .AddPolicy(SignedIn, signedIn)
            .AddPolicy(Person, policy => policy.Combine(changed).RequireClaim(CredentialHandler.SessionClaim))
            .AddPolicy(FullPerson, policy => policy.Combine(full).RequireClaim(CredentialHandler.SessionClaim))
            .AddPolicy(Fresh, policy => policy.AddRequirements(new FreshSignInRequirement()))
            .AddPolicy(Administrator, policy => policy.Combine(full).AddRequirements(new AdministratorRequirement()))
            .AddPolicy(Designer, policy => policy.Combine(full).AddRequirements(new DesignerRequirement()))
            .AddPolicy(InstallationAdministrator, policy => policy.Combine(full).AddRequirements(new InstallationAdministratorRequirement()));
        services.AddSingleton(provider => Limits.FreshSignIn(provider.GetRequiredService<IConfiguration>())).AddSingleton<IAuthorizationHandler, FreshSignInHandler>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>().AddSingleton<IAuthorizationHandler, PreviewHandler>();
        services.AddSingleton<IAuthorizationHandler, AdministratorHandler>().AddSingleton<IAuthorizationHandler, DesignerHandler>();
        services.AddSingleton<InstallationAdministrators>().AddSingleton<IAuthorizationHandler>(provider => provider.GetRequiredService<InstallationAdministrators>());
        services.AddSingleton<RefusedAccess>().AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalAnswers>();
        return services.AddSingleton<CallerProvider>();
    }

    private static bool Has(AuthorizationHandlerContext context, string claim) => context.User.HasClaim(each => each.Type == claim);
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

/// <summary>The caller must be an administrator, or have a role that lets people change a package.</summary>
internal sealed class DesignerRequirement : IAuthorizationRequirement;

/// <summary>Looks the caller up for <see cref="DesignerRequirement"/>.</summary>
internal sealed class DesignerHandler(CallerProvider callers) : AuthorizationHandler<DesignerRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DesignerRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated != true) return;
        if ((await callers.GetAsync(http, http.RequestAborted)).DesignsAny) context.Succeed(requirement);
    }
}

/// <summary>What the request does must be within the scope of the access token.</summary>
internal sealed class ScopeRequirement : IAuthorizationRequirement;

/// <summary>Lets tokens that may only read do nothing else. Which records a token reaches is known to its <see cref="Caller"/>.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    // Its requests are those of one caller, who is refused each change.
    private const string Batch = "/api/data/$batch";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var scope = context.User.FindFirst(CredentialHandler.ScopeClaim)?.Value;
        if (scope is null || TokenScope.Parse(scope).CanWrite || context.Resource is HttpContext { Request: var request } && IsRead(request)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>Whether a request changes nothing; a batch is judged by the requests in it.</summary>
    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
        || request.Path.Value?.Equals(Batch, StringComparison.Ordinal) == true;
}
