using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;
using Xrm.Server.Organisations;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Organisations;

/// <summary>The organisations, for administrators of the installation: what there are, and making, changing and ending them.</summary>
internal static class OrganisationEndpoints
{
    public static void MapOrganisations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/organisations").WithTags("Organisations").WithMetadata(new SmallBody());
        var all = group.MapGroup("").RequireAuthorization(Policies.InstallationAdministrator);
        all.MapGet("", ListAsync);
        all.MapGet("/templates", TemplatesAsync);
        all.MapGet("/{name}", GetAsync);
        all.MapPost("", CreateAsync);
        all.MapPatch("/{name}", ChangeAsync);
        all.MapPost("/{name}/suspend", SuspendAsync);
        all.MapPost("/{name}/resume", ResumeAsync);
        all.MapDelete("/{name}", DeleteAsync);
        all.MapPost("/{name}/keep", KeepAsync);
        group.MapEntry();
        group.MapExport();
        group.MapMembers();
    }

    private static async Task<Ok<IEnumerable<OrganisationView>>> ListAsync(OrganisationStore store, CancellationToken ct)
    {
        var sizes = (await store.SizesAsync(ct)).ToDictionary(size => size.Name, StringComparer.Ordinal);
        return TypedResults.Ok((await store.ListAsync(ct)).Select(organisation => OrganisationView.Of(organisation, sizes.GetValueOrDefault(organisation.Name))));
    }

    private static async Task<Ok<ImmutableArray<Template>>> TemplatesAsync(OrganisationTemplates templates, CancellationToken ct) => TypedResults.Ok(await templates.ListAsync(ct));

    private static async Task<Ok<OrganisationView>> GetAsync(string name, OrganisationStore store, CancellationToken ct) =>
        TypedResults.Ok(OrganisationView.Of(await store.FindAsync(name, ct) ?? throw EntryOrganisation.Unknown(name), null));

    private static async Task<Accepted<OrganisationView>> CreateAsync(OrganisationWish body, HttpContext http, OrganisationPlans plans, OrganisationCreation creation, OrganisationStore store, AuditTrail audit, CancellationToken ct)
    {
        var origin = SaveOrigin.Of(http);
        var (organisation, packages) = (OrganisationText.New(body.Name, body.DisplayName, body.HostNames), await plans.PackagesAsync(body.Template, http.UserId(), ct));
        await creation.BeginAsync(new WantedOrganisation(organisation, packages, http.UserId(), http.UserId(), origin.Source, origin.Address), ct);
        await NoteAsync(http, audit, null, organisation.Name, "created", ct);
        http.Response.Headers.Location = $"/api/organisations/{organisation.Name}";
        return TypedResults.Accepted((string?)null, OrganisationView.Of(await store.FindAsync(organisation.Name, ct) ?? throw EntryOrganisation.Unknown(organisation.Name), null));
    }

    private static async Task<Ok<OrganisationView>> ChangeAsync(string name, OrganisationChange body, HttpContext http, OrganisationStore store, OrganisationChanges changes, AuditTrail audit, CancellationToken ct)
    {
        var known = await store.FindAsync(name, ct) is { IsOpen: true } open ? open : throw EntryOrganisation.Unknown(name);
        var displayName = body.DisplayName is null ? known.DisplayName : PersonText.Name(body.DisplayName, "displayName");
        var hosts = body.HostNames is null ? known.HostNames : OrganisationText.Hosts(body.HostNames);
        if (!await store.ChangeAsync(name, displayName, hosts, ct)) throw new XrmException("host_taken", 409, "Another organisation has one of these hosts.");
        await changes.ChangedAsync(ct);
        await NoteAsync(http, audit, name, name, "changed", ct);
        return await GetAsync(name, store, ct);
    }

    private static Task<Ok<OrganisationView>> SuspendAsync(string name, HttpContext http, OrganisationStore store, OrganisationChanges changes, AuditTrail audit, CancellationToken ct) =>
        MoveAsync(name, http, store, changes.SuspendAsync, "suspended", audit, ct);

    private static Task<Ok<OrganisationView>> ResumeAsync(string name, HttpContext http, OrganisationStore store, OrganisationChanges changes, AuditTrail audit, CancellationToken ct) =>
        MoveAsync(name, http, store, changes.ResumeAsync, "resumed", audit, ct);

    private static Task<Ok<OrganisationView>> KeepAsync(string name, HttpContext http, OrganisationStore store, OrganisationChanges changes, AuditTrail audit, CancellationToken ct) =>
        MoveAsync(name, http, store, changes.KeepAsync, "kept", audit, ct);

    private static async Task<Ok<OrganisationView>> MoveAsync(string name, HttpContext http, OrganisationStore store, Func<string, CancellationToken, Task> move, string action, AuditTrail audit, CancellationToken ct)
    {
        await move(name, ct);
        await NoteAsync(http, audit, name, name, action, ct);
        return await GetAsync(name, store, ct);
    }

    private static async Task<NoContent> DeleteAsync(string name, string? confirm, HttpContext http, OrganisationStore store, OrganisationChanges changes, AuditTrail audit, CancellationToken ct)
    {
        if (await store.FindAsync(name, ct) is not { } known) throw EntryOrganisation.Unknown(name);
        if (known.State != OrganisationState.Failed && confirm != name) throw XrmException.Invalid([new FieldError("confirm", "not_confirmed", "Give the name of the organisation once more: ?confirm=NAME.")]);
        await changes.DeleteAsync(name, ct);
        await NoteAsync(http, audit, known.IsOpen ? name : null, name, "deleted", ct);
        return TypedResults.NoContent();
    }

    /// <summary>Writes what happened to an organisation into the audit of where the actor works, and into its own.</summary>
    private static async Task NoteAsync(HttpContext http, AuditTrail audit, string? concerned, string name, string action, CancellationToken ct)
    {
        var details = new { organisation = name, action };
        await audit.NoteAsync(http, AuditOperations.OrganisationChanged, http.UserId(), details, ct);
        if (concerned is not null && concerned != http.RequestServices.GetRequiredService<ServedOrganisation>().Name) await audit.NoteInAsync(concerned, http, AuditOperations.OrganisationChanged, http.UserId(), details, ct);
    }

    /// <summary>An organisation to be.</summary>
    internal sealed record OrganisationWish(string? Name, string? DisplayName, ImmutableArray<string>? HostNames, WantedTemplate? Template);

    /// <summary>What to change of an organisation; what is missing stays.</summary>
    internal sealed record OrganisationChange(string? DisplayName, ImmutableArray<string>? HostNames);

    /// <summary>An organisation; sizes are there in lists.</summary>
    internal sealed record OrganisationView(string Name, string DisplayName, string[] HostNames, string State, string? Progress, DateTime? DeleteAfter, DateTime CreatedAt, bool IsHome, long? Members, long? Bytes)
    {
        public static OrganisationView Of(Organisation organisation, OrganisationSize? size) => new(
            organisation.Name, organisation.DisplayName, organisation.HostNames, organisation.State, organisation.Progress, organisation.DeleteAfter, organisation.CreatedAt,
            organisation.Name == Database.Home, size?.Members, size?.Bytes);
    }
}

/// <summary>What a new organisation begins with.</summary>
/// <param name="Packages">Names of packages of the server; what they need comes with them.</param>
/// <param name="Organisation">Name of an organisation whose packages are taken instead.</param>
internal sealed record WantedTemplate(ImmutableArray<string>? Packages, string? Organisation);

/// <summary>Reads the packages that a new organisation begins with.</summary>
internal sealed class OrganisationPlans(OrganisationTemplates templates, OrganisationHosts hosts, MemberStore members)
{
    /// <summary>The packages, those first on which others depend.</summary>
    /// <param name="wanted">What is wanted; null for nothing.</param>
    /// <param name="userId">Who wants it: packages of an organisation are for its administrators.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">400: a package is unknown; 404: an organisation is.</exception>
    public async Task<ImmutableArray<PackageFiles>> PackagesAsync(WantedTemplate? wanted, Guid userId, CancellationToken ct)
    {
        if (wanted?.Organisation is not { } name) return await templates.ReadAsync(wanted?.Packages is { IsDefault: false } names ? names : [], ct);
        if (await members.FindAsync(name, userId, ct) is not { IsActive: true, IsAdministrator: true }) throw EntryOrganisation.Unknown(name);
        return (await (await hosts.ServiceOfAsync<PackageStore>(name, ct)).ReadAsync(ct)).Packages;
    }
}
