using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Organisations;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Organisations;

/// <summary>All of an organisation in one file, for its administrators.</summary>
internal static class ExportEndpoints
{
    private static readonly (int OfUser, int OfAll) Most = (1, 2);

    public static void MapExport(this IEndpointRouteBuilder group) => group.MapGet("/export", SendAsync).RequireAuthorization(Policies.Administrator);

    private static async Task SendAsync(HttpContext http, OrganisationExport export, ServedOrganisation served, ConcurrencyLimits limits, AuditTrail audit, TimeProvider time)
    {
        var ct = http.RequestAborted;
        using var place = limits.Enter("exports of organisations", http.UserId(), Most);
        var at = time.GetUtcNow().UtcDateTime;
        await audit.NoteAsync(http, AuditOperations.Export, http.UserId(), new { format = "zip", query = "organisation" }, ct);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{served.Name}-{at:yyyy-MM-dd}.zip\"";
        try
        {
            await export.WriteAsync(http.Response.Body, at, ct);
        }
        catch when (http.Response.HasStarted)
        {
            // A file that ends early must not look whole.
            http.Abort();
            throw;
        }
    }
}
