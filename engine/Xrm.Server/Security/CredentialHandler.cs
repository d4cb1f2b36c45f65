using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Xrm.Server.Security;

/// <summary>Recognises a session cookie or a bearer token.</summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, CredentialCache credentials, IdentitySettings settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string SchemeName = "Xrm";

    /// <summary>Claim with the id of the session; missing for access tokens.</summary>
    public const string SessionClaim = "xrm:session";

    /// <summary>Claim that is there while a one-time password waits to be changed.</summary>
    public const string MustChangePasswordClaim = "xrm:must-change-password";

    /// <summary>Claim that is there while the user has to add a second factor.</summary>
    public const string MustAddFactorClaim = "xrm:must-add-factor";

    /// <summary>Claim with the scopes of an access token; missing where it has no limits, and for sessions.</summary>
    public const string ScopeClaim = "xrm:scope";

    /// <summary>Claim with the UTC time of the sign-in; missing for access tokens.</summary>
    public const string SignedInClaim = "xrm:signed-in";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = TokenOf(Request);
        var secret = SecretOf(Request);
        if (string.IsNullOrEmpty(secret)) return AuthenticateResult.NoResult();
        if (token is null && !OwnPages.MayUseCookie(Request)) return AuthenticateResult.Fail("A request from another site cannot use the session cookie.");

        var credential = await credentials.FindAsync(secret, isToken: token is not null, Context.RequestAborted);
        if (credential is null) return AuthenticateResult.Fail("The session or token is unknown or has expired.");

        List<Claim> claims = [new(ClaimTypes.NameIdentifier, credential.UserId.ToString())];
        if (token is null)
        {
            claims.Add(new(SessionClaim, credential.Id.ToString()));
            claims.Add(new(SignedInClaim, credential.CreatedAt.ToString("O", CultureInfo.InvariantCulture)));
            if (AccessPreview.ClaimOf(Request, credential.Id) is { } preview) claims.Add(preview);
        }
        if (credential.Scopes is { } scopes) claims.Add(new(ScopeClaim, string.Join(' ', scopes)));
        if (credential.MustChangePassword) claims.Add(new(MustChangePasswordClaim, "true"));
        if (!credential.HasSecondFactor && settings.Demands(credential.IsAdministrator)) claims.Add(new(MustAddFactorClaim, "true"));
        var identity = new ClaimsIdentity(claims, SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>The secret that a request carries, be it good or not; null for none.</summary>
    public static string? SecretOf(HttpRequest request) => TokenOf(request) ?? request.Cookies[Cookies.Session(request)];

    /// <summary>The access token that a request brings, be it good or not: something that browsers do not send by themselves. Null for none.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }
}
