using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>Somebody who can sign in, or a service account, as administrators see it.</summary>
/// <param name="Id">Id.</param>
/// <param name="UserName">Sign-in name, lower case.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="Email">Address; null where unknown.</param>
/// <param name="IsEmailConfirmed">The address is known to be the user's.</param>
/// <param name="IsService">A service account: it has tokens, and cannot sign in.</param>
/// <param name="IsAdministrator">May do everything in this organisation.</param>
/// <param name="IsActive">May sign in to this organisation.</param>
/// <param name="IsInvited">An invitation is open.</param>
/// <param name="HasPassword">Has a password.</param>
/// <param name="HasAuthenticator">An authenticator is asked for at each sign-in with a password.</param>
/// <param name="Passkeys">How many passkeys there are.</param>
/// <param name="LockedUntil">UTC time until which sign-in is refused; null where it is not.</param>
/// <param name="LastSignInAt">UTC time of the last sign-in; null for none.</param>
/// <param name="CreatedAt">UTC time at which the account was made.</param>
/// <param name="Roles">Names of the roles in this organisation.</param>
/// <param name="IsInstallationAdministrator">May administer the installation: make organisations, and end them.</param>
/// <param name="IsElsewhere">Is a member of other organisations, too.</param>
/// <param name="Language">Of the last sign-in, <c>en</c> or <c>de</c>; null where none is known.</param>
[method: ExplicitConstructor]
public sealed record Account(
    Guid Id, string UserName, string DisplayName, string? Email, bool IsEmailConfirmed, bool IsService, bool IsAdministrator, bool IsActive, bool IsInvited,
    bool HasPassword, bool HasAuthenticator, int Passkeys, DateTime? LockedUntil, DateTime? LastSignInAt, DateTime CreatedAt, string[] Roles,
    bool IsInstallationAdministrator, bool IsElsewhere, string? Language);

/// <summary>The accounts of the members of one organisation, as its administrators oversee them. Locks, passwords and rights at sign-in are the matter of <see cref="UserStore"/>.</summary>
public sealed class AccountStore(Database database)
{
    private const string Select = """
        select u.id, u.user_name as UserName, u.display_name as DisplayName, u.email, u.email_confirmed_at is not null as IsEmailConfirmed, u.is_service as IsService,
               u.is_administrator or m.is_administrator as IsAdministrator, u.is_active and m.is_active as IsActive,
               exists (select from xrm.ticket t where t.user_id = u.id and t.purpose = 'invitation' and t.expires_at > now()) as IsInvited,
               u.password_hash is not null as HasPassword, u.authenticator_confirmed_at is not null as HasAuthenticator,
               (select count(*)::int from xrm.passkey p where p.user_id = u.id) as Passkeys,
               case when u.locked_until > now() then u.locked_until end as LockedUntil, u.last_sign_in_at as LastSignInAt, u.created_at as CreatedAt,
               array(select role from xrm.user_role r where r.user_id = u.id and r.organisation = m.organisation order by role) as Roles,
               u.is_administrator as IsInstallationAdministrator, exists (select from xrm.member o where o.user_id = u.id and o.organisation <> m.organisation) as IsElsewhere, u.language
        from xrm.member m join xrm."user" u on u.id = m.user_id where m.organisation = @Organisation
        """;

    /// <summary>Accounts by name, those whose name or address contains a text.</summary>
    /// <param name="search">The text; empty for all.</param>
    /// <param name="limit">Most to give.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<ImmutableArray<Account>> ListAsync(string search, int limit, CancellationToken ct)
    {
        const string text = $"""
            {Select} and (@search = '' or position(lower(@search) in lower(u.user_name || ' ' || u.display_name || ' ' || coalesce(u.email, ''))) > 0)
            order by u.is_service, lower(u.display_name), u.id limit @limit
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Account>(new CommandDefinition(text, new { search, limit, database.Organisation }, cancellationToken: ct))];
    }

    /// <summary>The account with that id; null where no member has it.</summary>
    public async Task<Account?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition($"{Select} and u.id = @id", new { id, database.Organisation }, cancellationToken: ct));
    }

    /// <summary>Id of the active person whom that sign-in name or confirmed address leads to, or null.</summary>
    public async Task<Guid?> FindByNameOrEmailAsync(string name, CancellationToken ct)
    {
        const string text = """
            select id from xrm."user" u where is_active and not is_service and exists (select from xrm.member m where m.user_id = u.id and m.is_active) and (user_name = lower(@name) or (lower(email) = lower(@name) and email_confirmed_at is not null))
            order by user_name = lower(@name) desc limit 1
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(text, new { name }, cancellationToken: ct));
    }

    /// <summary>Id of the active person whose confirmed address that is, or null.</summary>
    public async Task<Guid?> FindByEmailAsync(string email, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            "select id from xrm.\"user\" where is_active and not is_service and lower(email) = lower(@email) and email_confirmed_at is not null", new { email }, cancellationToken: ct));
    }

    /// <summary>The confirmed address of a user, of whatever organisation; null for none.</summary>
    public async Task<string?> ConfirmedEmailAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select email from xrm.\"user\" where id = @id and email_confirmed_at is not null", new { id }, cancellationToken: ct));
    }

    /// <summary>Adds an account without a password, of a member of this organisation.</summary>
    /// <returns>False where the name is taken.</returns>
    public async Task<bool> AddAsync(Guid id, string userName, string displayName, string? email, bool isService, CancellationToken ct) => await database.ExecuteAsync("""
        with added as (insert into xrm."user" (id, user_name, display_name, email, is_service) values (@id, lower(@userName), @displayName, @email, @isService) on conflict do nothing returning id)
        insert into xrm.member (user_id, organisation) select id, @Organisation from added
        """, new { id, userName, displayName, email, isService, database.Organisation }, ct) == 1;

    /// <summary>Changes the name that people see.</summary>
    public Task RenameAsync(Guid id, string displayName, CancellationToken ct) => database.ExecuteAsync("update xrm.\"user\" set display_name = @displayName where id = @id", new { id, displayName }, ct);

    /// <summary>
    /// Changes whether a member may use this organisation and administer it, and the installation. Of those who administer the installation, the last active one who is a
    /// person stays.
    /// </summary>
    /// <returns>False where nobody would be left to administer the installation.</returns>
    public async Task<bool> SetStateAsync(Guid id, bool isActive, bool isAdministrator, bool administersInstallation, CancellationToken ct)
    {
        // The lock makes two who take the rights from each other at the same time come one after the other.
        const string text = """
            with others as (
                select u.id from xrm."user" u where u.is_administrator and u.is_active and not u.is_service
                and exists (select from xrm.member m where m.user_id = u.id and m.is_active) order by u.id for update),
            allowed as (
                select u.id from xrm."user" u where u.id = @id and ((@isActive and @administersInstallation) or not (u.is_administrator and u.is_active and not u.is_service) or exists (select from others where others.id <> @id))),
            changed as (update xrm."user" u set is_administrator = @administersInstallation from allowed where u.id = allowed.id)
            update xrm.member m set is_active = @isActive, is_administrator = @isAdministrator from allowed where m.user_id = allowed.id and m.organisation = @Organisation
            """;
        return await database.ExecuteAsync(text, new { id, isActive, isAdministrator, administersInstallation, database.Organisation }, ct) == 1;
    }

    /// <summary>Stores a confirmed address.</summary>
    /// <returns>False where it is confirmed for somebody else.</returns>
    public async Task<bool> ConfirmEmailAsync(Guid id, string email, CancellationToken ct) => await database.ExecuteAsync("""
        update xrm."user" set email = @email, email_confirmed_at = now() where id = @id
        and not exists (select from xrm."user" o where lower(o.email) = lower(@email) and o.email_confirmed_at is not null and o.id <> @id)
        """, new { id, email }, ct) == 1;
}
