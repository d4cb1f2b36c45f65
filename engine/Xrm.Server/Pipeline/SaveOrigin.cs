using Xrm.Data.Auditing;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Pipeline;

/// <summary>Through what a request came, and from where.</summary>
/// <param name="Source">One of <see cref="AuditSources"/>.</param>
/// <param name="Address">IP address of the client; null where nobody asked over the network.</param>
internal sealed record SaveOrigin(string Source, string? Address)
{
    /// <summary>The engine itself.</summary>
    public static SaveOrigin Engine { get; } = new(AuditSources.System, null);

    /// <summary>Where a request came from: a screen has a session, a program has a token.</summary>
    public static SaveOrigin Of(HttpContext http) =>
        new(http.User.HasClaim(claim => claim.Type == CredentialHandler.SessionClaim) ? AuditSources.Screen : AuditSources.Api, ClientAddress.Of(http)?.ToString());
}
