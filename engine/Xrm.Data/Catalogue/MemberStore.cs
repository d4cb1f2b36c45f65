using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>Somebody who belongs to an organisation.</summary>
/// <param name="UserId">The user.</param>
/// <param name="UserName">Sign-in name.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="IsService">A service account.</param>
/// <param name="IsAdministrator">May do everything in the organisation.</param>
/// <param name="IsActive">May use the organisation.</param>
/// <param name="CreatedAt">UTC time at which the user joined.</param>
public sealed record Member(Guid UserId, string UserName, string DisplayName, bool IsService, bool IsAdministrator, bool IsActive, DateTime CreatedAt);

/// <summary>An organisation to which somebody belongs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="State">One of <see cref="OrganisationState"/>.</param>
public sealed record OwnOrganisation(string Name, string DisplayName, string State);

/// <summary>Who belongs to which organisation.</summary>
public sealed class MemberStore(Database database)
{
    private const string Select = """
        select m.user_id as UserId, u.user_name as UserName, u.display_name as DisplayName, u.is_service as IsService,
               u.is_administrator or m.is_administrator as IsAdministrator, u.is_active and m.is_active as IsActive, m.created_at as CreatedAt
        from xrm.member m join xrm."user" u on u.id = m.user_id
        """;

    /// <summary>The organisations that somebody can enter, the one used last first.</summary>
    public async Task<ImmutableArray<OwnOrganisation>> OrganisationsOfAsync(Guid userId, CancellationToken ct)
    {
        const string text = $"""
            select o.name, coalesce(o.display_name, o.name) as DisplayName, o.state from xrm.member m join xrm.organisation o on o.name = m.organisation
            where m.user_id = @userId and m.is_active and o.state in ('{OrganisationState.Active}', '{OrganisationState.Suspended}', '{OrganisationState.Deleting}')
            order by m.last_used_at desc nulls last, o.created_at, o.name
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<OwnOrganisation>(new CommandDefinition(text, new { userId }, cancellationToken: ct))];
    }

    /// <summary>The members of an organisation, by name.</summary>
    /// <param name="organisation">Its name.</param>
    /// <param name="limit">Most to give.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<ImmutableArray<Member>> ListAsync(string organisation, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Member>(new CommandDefinition($"{Select} where m.organisation = @organisation order by u.is_service, lower(u.display_name), u.id limit @limit", new { organisation, limit }, cancellationToken: ct))];
    }

    /// <summary>Somebody as a member of an organisation; null for who is none.</summary>
    public async Task<Member?> FindAsync(string organisation, Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Member>(new CommandDefinition($"{Select} where m.organisation = @organisation and m.user_id = @userId", new { organisation, userId }, cancellationToken: ct));
    }

    /// <summary>Adds a member, or makes somebody who is one active again.</summary>
    public Task AddAsync(string organisation, Guid userId, bool isAdministrator, CancellationToken ct) => database.ExecuteAsync("""
        insert into xrm.member (user_id, organisation, is_administrator) values (@userId, @organisation, @isAdministrator)
        on conflict (user_id, organisation) do update set is_active = true, is_administrator = @isAdministrator
        """, new { organisation, userId, isAdministrator }, ct);

    /// <summary>Removes a member with the roles, sessions and tokens that they have there.</summary>
    /// <returns>False for who is none.</returns>
    public async Task<bool> RemoveAsync(string organisation, Guid userId, CancellationToken ct) =>
        await database.ExecuteAsync("delete from xrm.member where organisation = @organisation and user_id = @userId", new { organisation, userId }, ct) == 1;

    /// <summary>True where somebody administers the installation.</summary>
    public async Task<bool> AdministersInstallationAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from xrm.\"user\" where id = @userId and is_administrator and is_active)", new { userId }, cancellationToken: ct));
    }
}
