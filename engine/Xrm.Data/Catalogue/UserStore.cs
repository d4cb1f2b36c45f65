using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>Someone who can sign in.</summary>
/// <param name="Id">Id; also the id of the user's record in the organisation, where it has such an entity.</param>
/// <param name="UserName">Sign-in name, lower case.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="Email">Address; null where unknown.</param>
/// <param name="PasswordHash">Hash in the format of ASP.NET Core Identity; null for a user without a password.</param>
/// <param name="MustChangePassword">The password is a one-time password: all that it opens is the change of password.</param>
/// <param name="IsAdministrator">May administer the installation; of a member: that, or this organisation. Elsewhere: any organisation.</param>
/// <param name="IsActive">May sign in: is active, and so in an organisation.</param>
/// <param name="FailedSignIns">Wrong passwords since the last right one.</param>
/// <param name="LockedUntil">UTC time until which sign-in is refused; null where it is not.</param>
/// <param name="PasswordExpiresAt">UTC time from which a one-time password opens nothing; null for other passwords.</param>
public sealed record User(
    Guid Id, string UserName, string DisplayName, string? Email, string? PasswordHash, bool MustChangePassword,
    bool IsAdministrator, bool IsActive, int FailedSignIns, DateTime? LockedUntil, DateTime? PasswordExpiresAt = null);

/// <summary>The people who can sign in, in the catalogue. Members and roles are those of one organisation.</summary>
public sealed class UserStore(Database database)
{
    private const string Columns = """
        u.id, u.user_name as UserName, u.display_name as DisplayName, u.email, u.password_hash as PasswordHash, u.must_change_password as MustChangePassword,
        """;

    private const string Signs = "u.failed_sign_ins as FailedSignIns, u.locked_until as LockedUntil, u.password_expires_at as PasswordExpiresAt";

    private const string Everywhere = $"""
        select {Columns} u.is_administrator or exists (select from xrm.member m where m.user_id = u.id and m.is_active and m.is_administrator) as IsAdministrator,
               u.is_active and exists (select from xrm.member m where m.user_id = u.id and m.is_active) as IsActive, {Signs}
        from xrm."user" u
        """;

    private const string Members = $"""
        select {Columns} u.is_administrator or m.is_administrator as IsAdministrator, u.is_active and m.is_active as IsActive, {Signs}
        from xrm.member m join xrm."user" u on u.id = m.user_id where m.organisation = @Organisation
        """;

    /// <summary>The user with that sign-in name (upper and lower case do not matter), or null.</summary>
    public Task<User?> FindByNameAsync(string userName, CancellationToken ct) =>
        FindAsync($"{Everywhere} where u.user_name = lower(@key)", userName.Trim(), ct);

    /// <summary>The user with that id, or null.</summary>
    public Task<User?> FindAsync(Guid id, CancellationToken ct) =>
        FindAsync($"{Everywhere} where u.id = @key", id, ct);

    /// <summary>The user with that id as a member of this organisation, active or not; null for everybody else.</summary>
    public Task<User?> FindMemberAsync(Guid id, CancellationToken ct) => FindAsync($"{Members} and u.id = @key", id, ct);

    /// <summary>True where there is anybody at all, of whatever organisation.</summary>
    public async Task<bool> HasAnyAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from xrm.\"user\")", cancellationToken: ct));
    }

    /// <summary>The members of this organisation, active or not, by name.</summary>
    public async Task<ImmutableArray<User>> ListAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<User>(new CommandDefinition($"{Members} order by u.user_name", new { database.Organisation }, cancellationToken: ct));
        return [.. rows];
    }

    /// <summary>What people call users, by id; without those who are gone.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return ImmutableDictionary<Guid, string>.Empty;
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition("select id, display_name from xrm.\"user\" where id = any(@ids)", new { ids = ids.ToArray() }, cancellationToken: ct));
        return rows.ToImmutableDictionary(row => row.Id, row => row.Name);
    }

    /// <summary>Names of the user's roles in this organisation.</summary>
    public async Task<ImmutableHashSet<string>> RolesAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var roles = await connection.QueryAsync<string>(new CommandDefinition(
            "select role from xrm.user_role where user_id = @userId and organisation = @Organisation", new { userId, database.Organisation }, cancellationToken: ct));
        return [.. roles];
    }

    /// <summary>Adds a user who is a member of this organisation. Does nothing, and answers false, where the name is taken.</summary>
    public async Task<bool> AddAsync(User user, CancellationToken ct)
    {
        const string text = """
            with added as (
                insert into xrm."user" (id, user_name, display_name, email, password_hash, must_change_password, password_expires_at, is_administrator, is_active)
                values (@Id, lower(@UserName), @DisplayName, @Email, @PasswordHash, @MustChangePassword, @PasswordExpiresAt, @IsAdministrator, @IsActive)
                on conflict do nothing returning id, is_administrator)
            insert into xrm.member (user_id, organisation, is_administrator) select id, @Organisation, is_administrator from added
            """;
        var row = new { user.Id, user.UserName, user.DisplayName, user.Email, user.PasswordHash, user.MustChangePassword, user.PasswordExpiresAt, user.IsAdministrator, user.IsActive, database.Organisation };
        return await database.ExecuteAsync(text, row, ct) == 1;
    }

    /// <summary>Replaces the roles that a member has in this organisation; does nothing for somebody who is none.</summary>
    public async Task SetRolesAsync(Guid userId, IReadOnlyCollection<string> roles, CancellationToken ct)
    {
        const string text = """
            with gone as (delete from xrm.user_role where user_id = @userId and organisation = @Organisation and role <> all(@roles))
            insert into xrm.user_role (user_id, organisation, role) select m.user_id, m.organisation, unnest(@roles)
            from xrm.member m where m.user_id = @userId and m.organisation = @Organisation on conflict do nothing
            """;
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, new { userId, database.Organisation, roles = roles.ToArray() }, cancellationToken: ct));
    }

    /// <summary>Stores a new password and ends every session of the user but one.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="passwordHash">The new hash.</param>
    /// <param name="oneTimeUntil">UTC time from which it opens nothing, where it is a one-time password; null for one that stays.</param>
    /// <param name="keepSession">Session that goes on; null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task SetPasswordAsync(Guid userId, string passwordHash, DateTime? oneTimeUntil, Guid? keepSession, CancellationToken ct)
    {
        const string text = """
            with ended as (delete from xrm.session where user_id = @userId and id is distinct from @keepSession)
            update xrm."user" set password_hash = @passwordHash, must_change_password = @oneTimeUntil::timestamptz is not null, password_expires_at = @oneTimeUntil, failed_sign_ins = 0, locked_until = null
            where id = @userId
            """;
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, new { userId, passwordHash, oneTimeUntil, keepSession }, cancellationToken: ct));
    }

    /// <summary>Counts a wrong password and, from the limit on, locks the user for a while.</summary>
    public Task CountFailureAsync(Guid userId, int limit, DateTime lockedUntil, CancellationToken ct) => database.ExecuteAsync("""
        update xrm."user" set failed_sign_ins = failed_sign_ins + 1,
               locked_until = case when failed_sign_ins + 1 >= @limit then @lockedUntil end
        where id = @userId
        """, new { userId, limit, lockedUntil }, ct);

    /// <summary>Forgets wrong passwords after a right one.</summary>
    public Task ClearFailuresAsync(Guid userId, CancellationToken ct) => database.ExecuteAsync("""
        update xrm."user" set failed_sign_ins = 0, locked_until = null where id = @userId and (failed_sign_ins > 0 or locked_until is not null)
        """, new { userId }, ct);

    private async Task<User?> FindAsync(string text, object key, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<User>(new CommandDefinition(text, new { key, database.Organisation }, cancellationToken: ct));
    }
}
