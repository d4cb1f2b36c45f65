using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Organisations;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Organisations;

/// <summary>The organisations of whoever is signed in, and the way from one to another.</summary>
internal static class EntryEndpoints
{
    public static void MapEntry(this IEndpointRouteBuilder group)
    {
        group.MapGet("/mine", MineAsync).RequireAuthorization();
        group.MapPost("/switch", SwitchAsync).RequireAuthorization(Policies.FullPerson);
    }

    private static async Task<Ok<MyOrganisations>> MineAsync(HttpContext http, MemberStore members, InstallationAdministrators administrators, ServedOrganisation served, CancellationToken ct)
    {
        var own = await members.OrganisationsOfAsync(http.UserId(), ct);
        return TypedResults.Ok(new MyOrganisations(served.Name, await administrators.IncludeAsync(http, ct), own.OrderBy(organisation => organisation.DisplayName, StringComparer.OrdinalIgnoreCase)));
    }

    private static async Task<NoContent> SwitchAsync(Destination body, HttpContext http, Sessions sessions, EntryOrganisation entry, ServedOrganisation served, AuditTrail audit, CancellationToken ct)
    {
        var name = await entry.ForAsync(http.UserId(), body.Organisation ?? throw XrmException.Invalid([new FieldError("organisation", "required", "Name the organisation to switch to.")]), ct);
        // Where a host stands for an organisation, a session of another one would open nothing.
        if (http.Features.Get<AskedOrganisation>() is { Name: var bound } && bound != name) throw new XrmException("host_of_organisation", 409, "This address belongs to one organisation. Sign in to the other one at its own address.");
        if (name == served.Name) return TypedResults.NoContent();
        var secret = await sessions.SwitchAsync(http.SessionId()!.Value, name, ct) ?? throw new XrmException("not_signed_in", 401, "Your session has ended. Sign in again.");
        await audit.NoteAsync(http, AuditOperations.SignOut, http.UserId(), new { switchedTo = name }, ct);
        await audit.NoteInAsync(name, http, AuditOperations.SignIn, http.UserId(), new { switchedFrom = served.Name }, ct);
        sessions.Give(http, secret);
        return TypedResults.NoContent();
    }

    internal sealed record Destination(string? Organisation);

    /// <summary>Where somebody can work.</summary>
    /// <param name="Present">Name of the organisation in force.</param>
    /// <param name="AdministersInstallation">May make and end organisations.</param>
    /// <param name="Organisations">The organisations, by the name that people see.</param>
    internal sealed record MyOrganisations(string Present, bool AdministersInstallation, IEnumerable<OwnOrganisation> Organisations);
}
