using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Organisations;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Organisations;

/// <summary>Who belongs to an organisation: for its administrators who work in it, and for those of the installation.</summary>
internal static class MemberEndpoints
{
    private const int Most = 1_000;

    public static void MapMembers(this IEndpointRouteBuilder group)
    {
        var members = group.MapGroup("/{name}/members").RequireAuthorization(Policies.Administrator);
        members.MapGet("", ListAsync);
        members.MapPost("", AddAsync);
        members.MapPatch("/{id:guid}", ChangeAsync);
        members.MapDelete("/{id:guid}", RemoveAsync);
    }

    private static async Task<Ok<IEnumerable<Member>>> ListAsync(string name, HttpContext http, MemberAdministration administration, MemberStore members, CancellationToken ct)
    {
        await administration.CheckAsync(name, http, ct);
        return TypedResults.Ok<IEnumerable<Member>>(await members.ListAsync(name, Most, ct));
    }

    private static async Task<Created<Member>> AddAsync(string name, NewMember body, HttpContext http, MemberAdministration administration, UserStore users, CancellationToken ct)
    {
        await administration.CheckAsync(name, http, ct);
        if (await users.FindByNameAsync(body.UserName ?? "", ct) is not { } user)
            throw new XrmException("user_unknown", 404, "There is no account of that name. Invite the person under Users, in the organisation itself.");
        return TypedResults.Created((string?)null, await administration.SetAsync(name, user.Id, body.IsAdministrator == true, http, ct));
    }

    private static async Task<Ok<Member>> ChangeAsync(string name, Guid id, MemberChange body, HttpContext http, MemberAdministration administration, MemberStore members, CancellationToken ct)
    {
        await administration.CheckAsync(name, http, ct);
        var known = await members.FindAsync(name, id, ct) ?? throw NoMember();
        return TypedResults.Ok(await administration.SetAsync(name, id, body.IsAdministrator ?? known.IsAdministrator, http, ct));
    }

    private static async Task<NoContent> RemoveAsync(string name, Guid id, HttpContext http, MemberAdministration administration, CancellationToken ct)
    {
        await administration.CheckAsync(name, http, ct);
        await administration.RemoveAsync(name, id, http, ct);
        return TypedResults.NoContent();
    }

    internal static XrmException NoMember() => new("member_unknown", 404, "There is no such member of this organisation.");

    internal sealed record NewMember(string? UserName, bool? IsAdministrator);

    internal sealed record MemberChange(bool? IsAdministrator);
}

/// <summary>Adds members to organisations and removes them, with all that follows there.</summary>
internal sealed class MemberAdministration(
    MemberStore members, OrganisationHosts hosts, InstallationAdministrators administrators, AuditTrail audit, CredentialEpoch epoch)
{
    /// <summary>Refuses who is neither an administrator of the organisation, working in it, nor of the installation.</summary>
    /// <exception cref="XrmException">404, for there may be no such organisation.</exception>
    public async Task CheckAsync(string name, HttpContext http, CancellationToken ct)
    {
        if (name == http.RequestServices.GetRequiredService<ServedOrganisation>().Name) return;
        if (!await administrators.IncludeAsync(http, ct) || !hosts.Knows(name)) throw EntryOrganisation.Unknown(name);
    }

    /// <summary>Makes somebody a member, an administrator or not.</summary>
    public async Task<Member> SetAsync(string name, Guid userId, bool isAdministrator, HttpContext http, CancellationToken ct)
    {
        var before = await members.FindAsync(name, userId, ct);
        await members.AddAsync(name, userId, isAdministrator, ct);
        (await hosts.ServiceOfAsync<CallerProvider>(name, ct)).Forget();
        await (await hosts.ServiceOfAsync<UserRecords>(name, ct))(ct);
        var after = await members.FindAsync(name, userId, ct) ?? throw MemberEndpoints.NoMember();
        await NoteAsync(name, http, userId, before, after, ct);
        return after;
    }

    /// <summary>Removes a member: their sessions and tokens there end at once.</summary>
    /// <exception cref="XrmException">404: there is no such member; 409: the installation would have an administrator less.</exception>
    public async Task RemoveAsync(string name, Guid userId, HttpContext http, CancellationToken ct)
    {
        var before = await members.FindAsync(name, userId, ct) ?? throw MemberEndpoints.NoMember();
        if (name == Database.Home && await members.AdministersInstallationAsync(userId, ct))
            throw new XrmException("installation_administrator", 409, "Administrators of the installation work in this organisation. Take the administration from them first.");
        await members.RemoveAsync(name, userId, ct);
        epoch.Next();
        (await hosts.ServiceOfAsync<CallerProvider>(name, ct)).Forget();
        await NoteAsync(name, http, userId, before, null, ct);
    }

    private Task NoteAsync(string name, HttpContext http, Guid userId, Member? before, Member? after, CancellationToken ct) =>
        audit.NoteInAsync(name, http, AuditOperations.MemberChanged, http.UserId(), new { user = userId, before = StateOf(before), after = StateOf(after) }, ct);

    private static object? StateOf(Member? member) => member is null ? null : new { isAdministrator = member.IsAdministrator, isActive = member.IsActive };
}
