using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Organisations;

/// <summary>The organisation that a container serves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsActive">People work in it; otherwise all that they can do is to leave it.</param>
internal sealed record ServedOrganisation(string Name, bool IsActive)
{
    /// <summary>Refuses to work in an organisation that is suspended. Who one is, and where else one belongs, is still told.</summary>
    public Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (IsActive || http.User.Identity?.IsAuthenticated != true || http.Request.Path.StartsWithSegments("/api/auth") || http.Request.Path.StartsWithSegments("/api/organisations")) return next(http);
        return ProblemAnswers.WriteAsync(http, new XrmException("organisation_suspended", 403, "This organisation is suspended. Ask an administrator of the installation, or switch to another organisation."), http.RequestAborted);
    }
}
