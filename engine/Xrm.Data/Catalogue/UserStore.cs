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
/// <param name="IsAdministrator">May do everything.</param>
/// <param name="IsActive">May sign in.</param>
/// <param name="FailedSignIns">Wrong passwords since the last right one.</param>
/// <param name="LockedUntil">UTC time until which sign-in is refused; null where it is not.</param>
public sealed record User(
    Guid Id, string UserName, string DisplayName, string? Email, string? PasswordHash, bool MustChangePassword,
    bool IsAdministrator, bool IsActive, int FailedSignIns, DateTime? LockedUntil);

/// <summary>The people who can sign in, in the catalogue.</summary>
public sealed class UserStore(Database database)
{
    private const string Columns = """
        id, user_name as UserName, display_name as DisplayName, email, password_hash as PasswordHash,
        must_change_password as MustChangePassword, is_administrator as IsAdministrator, is_active as IsActive,
        failed_sign_ins as FailedSignIns, locked_until as LockedUntil
        """;

    /// <summary>The user with that sign-in name (upper and lower case do not matter), or null.</summary>
    public Task<User?> FindByNameAsync(string userName, CancellationToken ct) =>
        FindAsync($"select {Columns} from xrm.\"user\" where user_name = lower(@key)", userName.Trim(), ct);

    /// <summary>The user with that id, or null.</summary>
    public Task<User?> FindAsync(Guid id, CancellationToken ct) =>
        FindAsync($"select {Columns} from xrm.\"user\" where id = @key", id, ct);

    /// <summary>All users, by name.</summary>
    public async Task<ImmutableArray<User>> ListAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<User>(new CommandDefinition($"select {Columns} from xrm.\"user\" order by user_name", cancellationToken: ct));
        return [.. rows];
    }

    /// <summary>Names of the user's roles.</summary>
    public async Task<ImmutableHashSet<string>> RolesAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var roles = await connection.QueryAsync<string>(new CommandDefinition(
            "select role from xrm.user_role where user_id = @userId", new { userId }, cancellationToken: ct));
        return [.. roles];
    }

    /// <summary>Adds a user. Does nothing, and answers false, where the name is taken.</summary>
    public async Task<bool> AddAsync(User user, CancellationToken ct)
    {
        const string text = """
            insert into xrm."user" (id, user_name, display_name, email, password_hash, must_change_password, is_administrator, is_active)
            values (@Id, lower(@UserName), @DisplayName, @Email, @PasswordHash, @MustChangePassword, @IsAdministrator, @IsActive)
            on conflict do nothing
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(text, user, cancellationToken: ct)) == 1;
    }

    /// <summary>Replaces the roles of a user.</summary>
    public async Task SetRolesAsync(Guid userId, IReadOnlyCollection<string> roles, CancellationToken ct)
    {
        const string text = """
            with gone as (delete from xrm.user_role where user_id = @userId and role <> all(@roles))
            insert into xrm.user_role (user_id, role) select @userId, unnest(@roles) on conflict do nothing
            """;
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, new { userId, roles = roles.ToArray() }, cancellationToken: ct));
    }

    /// <summary>Stores a new password and ends every session of the user but one.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="passwordHash">The new hash.</param>
    /// <param name="mustChange">The new password is a one-time password.</param>
    /// <param name="keepSession">Session that goes on; null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task SetPasswordAsync(Guid userId, string passwordHash, bool mustChange, Guid? keepSession, CancellationToken ct)
    {
        const string text = """
            with ended as (delete from xrm.session where user_id = @userId and id is distinct from @keepSession)
            update xrm."user" set password_hash = @passwordHash, must_change_password = @mustChange, failed_sign_ins = 0, locked_until = null
            where id = @userId
            """;
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, new { userId, passwordHash, mustChange, keepSession }, cancellationToken: ct));
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
        return await connection.QuerySingleOrDefaultAsync<User>(new CommandDefinition(text, new { key }, cancellationToken: ct));
    }
}
