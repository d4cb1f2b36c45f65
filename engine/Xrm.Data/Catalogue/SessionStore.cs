using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>How long sessions of browsers last.</summary>
public sealed record SessionLimits
{
    /// <summary>From the sign-in on, however much the session is used.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Without a request.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromDays(3);
}

/// <summary>What a session cookie or an access token stands for.</summary>
/// <param name="Id">Id of the session or token.</param>
/// <param name="UserId">The user.</param>
/// <param name="MustChangePassword">Nothing but the change of password is open.</param>
/// <param name="IsAdministrator">The user is an administrator of this organisation or of the installation.</param>
/// <param name="HasSecondFactor">The session was opened with a second factor; always true for tokens, which are not typed.</param>
/// <param name="Scopes">What the token is limited to, see <see cref="Access.TokenScope"/>; null for no limit and for sessions.</param>
/// <param name="SeenAt">UTC time that is stored as the last use; null for none.</param>
/// <param name="CreatedAt">UTC time of the sign-in, or at which the token was made.</param>
// Dapper compares the types of columns and parameters, and those of arrays never match.
[method: ExplicitConstructor]
public sealed record Credential(Guid Id, Guid UserId, bool MustChangePassword, bool IsAdministrator, bool HasSecondFactor, string[]? Scopes, DateTime? SeenAt, DateTime CreatedAt);

/// <summary>What somebody who is signed in may do just now.</summary>
/// <param name="IsAdministrator">May do everything.</param>
/// <param name="Roles">Names of the user's roles.</param>
public sealed record LiveRights(bool IsAdministrator, IReadOnlyList<string> Roles);

/// <summary>A session as its user sees it.</summary>
/// <param name="Id">Id.</param>
/// <param name="CreatedAt">UTC time of the sign-in.</param>
/// <param name="LastSeenAt">UTC time of the last request, to some minutes.</param>
/// <param name="ExpiresAt">UTC time at which it ends at the latest.</param>
/// <param name="Address">Address of the sign-in; null where unknown.</param>
/// <param name="UserAgent">What the browser called itself; null where it said nothing.</param>
/// <param name="HasSecondFactor">Opened with a second factor.</param>
/// <param name="Organisation">Name of the organisation in force.</param>
public sealed record OpenSession(Guid Id, DateTime CreatedAt, DateTime LastSeenAt, DateTime ExpiresAt, string? Address, string? UserAgent, bool HasSecondFactor, string Organisation);

/// <summary>A session to be.</summary>
/// <param name="Id">Id.</param>
/// <param name="SecretHash">Hash of its secret.</param>
/// <param name="UserId">The user.</param>
/// <param name="ExpiresAt">UTC time at which it ends at the latest.</param>
/// <param name="Address">Address of the sign-in; null where unknown.</param>
/// <param name="UserAgent">What the browser calls itself; null where it says nothing.</param>
/// <param name="HasSecondFactor">Opened with a second factor.</param>
/// <param name="Organisation">Name of the organisation in force, for as long as the session lasts: to switch is to get another session.</param>
/// <param name="Language">In which the user is written to from now on, such as <c>de</c>; null to leave it.</param>
public sealed record NewSession(Guid Id, byte[] SecretHash, Guid UserId, DateTime ExpiresAt, string? Address, string? UserAgent, bool HasSecondFactor, string Organisation, string? Language = null);

/// <summary>Sessions of browsers, and what secrets stand for in this organisation. Only hashes of the secrets are stored.</summary>
public sealed class SessionStore(Database database, SessionLimits limits)
{
    /// <summary>Starts a session, and notes that the user signed in.</summary>
    public Task AddSessionAsync(NewSession session, CancellationToken ct) => database.ExecuteAsync("""
        with signed_in as (update xrm."user" set last_sign_in_at = now(), language = coalesce(@Language, language) where id = @UserId),
             used as (update xrm.member set last_used_at = now() where user_id = @UserId and organisation = @Organisation)
        insert into xrm.session (id, secret_hash, user_id, organisation, expires_at, address, user_agent, has_second_factor)
        values (@Id, @SecretHash, @UserId, @Organisation, @ExpiresAt, @Address, @UserAgent, @HasSecondFactor)
        """, session, ct);

    /// <summary>Puts a session with another secret, of another organisation, in the place of one.</summary>
    /// <param name="id">Id of the session.</param>
    /// <param name="nextId">Id of the one that takes its place.</param>
    /// <param name="nextHash">Hash of the new secret.</param>
    /// <param name="organisation">Name of an organisation of which the user is a member.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>False where the session has ended meanwhile.</returns>
    public async Task<bool> ReplaceSessionAsync(Guid id, Guid nextId, byte[] nextHash, string organisation, CancellationToken ct) => await database.ExecuteAsync("""
        with former as (delete from xrm.session where id = @id returning *),
             used as (update xrm.member m set last_used_at = now() from former where m.user_id = former.user_id and m.organisation = @organisation)
        insert into xrm.session (id, secret_hash, user_id, organisation, created_at, expires_at, address, user_agent, has_second_factor)
        select @nextId, @nextHash, user_id, @organisation, created_at, expires_at, address, user_agent, has_second_factor from former
        """, new { id, nextId, nextHash, organisation }, ct) == 1;

    /// <summary>Name of the organisation to which a secret belongs, whether it is still good or not; null where nobody has it.</summary>
    /// <param name="secretHash">Hash of the secret of a session or a token.</param>
    /// <param name="isToken">It is the secret of a token.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<string?> OrganisationOfAsync(byte[] secretHash, bool isToken, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(isToken
            ? "select organisation from xrm.token where secret_hash = @secretHash" : "select organisation from xrm.session where secret_hash = @secretHash", new { secretHash }, cancellationToken: ct));
    }

    /// <summary>Ends a session.</summary>
    public Task RemoveSessionAsync(Guid id, CancellationToken ct) => database.ExecuteAsync("delete from xrm.session where id = @id", new { id }, ct);

    /// <summary>Ends the session of that secret, if there is one.</summary>
    public Task RemoveSessionAsync(byte[] secretHash, CancellationToken ct) => database.ExecuteAsync("delete from xrm.session where secret_hash = @secretHash", new { secretHash }, ct);

    /// <summary>Ends a session of a user.</summary>
    /// <returns>False where the user has no such session.</returns>
    public async Task<bool> RemoveSessionAsync(Guid userId, Guid id, CancellationToken ct) =>
        await database.ExecuteAsync("delete from xrm.session where id = @id and user_id = @userId", new { id, userId }, ct) == 1;

    /// <summary>Ends all sessions of a user but one.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="keep">Session that goes on; null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many have ended.</returns>
    public Task<int> RemoveSessionsAsync(Guid userId, Guid? keep, CancellationToken ct) =>
        database.ExecuteAsync("delete from xrm.session where user_id = @userId and id is distinct from @keep", new { userId, keep }, ct);

    /// <summary>Ends all sessions of a user in this organisation.</summary>
    /// <returns>How many have ended.</returns>
    public Task<int> RemoveSessionsHereAsync(Guid userId, CancellationToken ct) =>
        database.ExecuteAsync("delete from xrm.session where user_id = @userId and organisation = @Organisation", new { userId, database.Organisation }, ct);

    /// <summary>The live sessions of a user in all organisations, those used last first.</summary>
    public async Task<ImmutableArray<OpenSession>> ListAsync(Guid userId, CancellationToken ct)
    {
        const string text = """
            select id, created_at as CreatedAt, last_seen_at as LastSeenAt, expires_at as ExpiresAt, address, user_agent as UserAgent, has_second_factor as HasSecondFactor, organisation
            from xrm.session where user_id = @userId and expires_at > now() and last_seen_at > now() - @Idle order by last_seen_at desc, id
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<OpenSession>(new CommandDefinition(text, new { userId, limits.Idle }, cancellationToken: ct))];
    }

    /// <summary>Notes that a session has a second factor from now on.</summary>
    public Task ConfirmSecondFactorAsync(Guid id, CancellationToken ct) => database.ExecuteAsync("update xrm.session set has_second_factor = true where id = @id", new { id }, ct);

    /// <summary>Notes that a session or a token is in use.</summary>
    public Task TouchAsync(Guid id, bool isToken, CancellationToken ct) => database.ExecuteAsync(isToken
        ? "update xrm.token set last_used_at = now() where id = @id" : "update xrm.session set last_seen_at = now() where id = @id", new { id }, ct);

    /// <summary>Forgets some of the sessions that ended by themselves before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct) => database.ExecuteAsync("""
        delete from xrm.session where id in (
            select id from xrm.session where expires_at < @before or last_seen_at < @before - @Idle limit @limit for update skip locked)
        """, new { before, limit, limits.Idle }, ct);

    /// <summary>What the secret of a live session of an active user stands for, or null.</summary>
    public Task<Credential?> FindSessionAsync(byte[] secretHash, CancellationToken ct) => FindAsync("""
        select s.id, s.user_id as UserId, u.must_change_password as MustChangePassword, u.is_administrator or m.is_administrator as IsAdministrator,
               s.has_second_factor as HasSecondFactor, null::text[] as Scopes, s.last_seen_at as SeenAt, s.created_at as CreatedAt
        from xrm.session s join xrm."user" u on u.id = s.user_id join xrm.member m on m.user_id = s.user_id and m.organisation = s.organisation and m.is_active
        where s.secret_hash = @secretHash and s.organisation = @Organisation and s.expires_at > now() and s.last_seen_at > now() - @Idle and u.is_active
        """, secretHash, ct);

    /// <summary>What the secret of a live token of an active user stands for, or null.</summary>
    public Task<Credential?> FindTokenAsync(byte[] secretHash, CancellationToken ct) => FindAsync("""
        select t.id, t.user_id as UserId, false as MustChangePassword, u.is_administrator or m.is_administrator as IsAdministrator,
               true as HasSecondFactor, t.scopes, t.last_used_at as SeenAt, t.created_at as CreatedAt
        from xrm.token t join xrm."user" u on u.id = t.user_id join xrm.member m on m.user_id = t.user_id and m.organisation = t.organisation and m.is_active
        where t.secret_hash = @secretHash and t.organisation = @Organisation and (t.expires_at is null or t.expires_at > now()) and u.is_active
        """, secretHash, ct);

    /// <summary>What holds now of those secrets, by their hashes, that still stand for an active user.</summary>
    /// <param name="secretHashes">Hashes of secrets of sessions and tokens.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Rights of the user, by the hash in hexadecimal digits.</returns>
    public async Task<IReadOnlyDictionary<string, LiveRights>> LiveAsync(byte[][] secretHashes, CancellationToken ct)
    {
        const string text = """
            select distinct encode(h.secret_hash, 'hex') as Hash, u.is_administrator or m.is_administrator as IsAdministrator,
                   array(select role from xrm.user_role r where r.user_id = u.id and r.organisation = m.organisation) as Roles
            from (select secret_hash, user_id from xrm.session where secret_hash = any(@secretHashes) and organisation = @Organisation and expires_at > now() and last_seen_at > now() - @Idle
                  union all select secret_hash, user_id from xrm.token where secret_hash = any(@secretHashes) and organisation = @Organisation and (expires_at is null or expires_at > now())) h
            join xrm."user" u on u.id = h.user_id and u.is_active join xrm.member m on m.user_id = u.id and m.organisation = @Organisation and m.is_active
            """;
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(string Hash, bool IsAdministrator, string[] Roles)>(new CommandDefinition(text, new { secretHashes, database.Organisation, limits.Idle }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Hash.ToUpperInvariant(), row => new LiveRights(row.IsAdministrator, row.Roles), StringComparer.Ordinal);
    }

    private async Task<Credential?> FindAsync(string text, byte[] secretHash, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Credential>(new CommandDefinition(text, new { secretHash, database.Organisation, limits.Idle }, cancellationToken: ct));
    }
}
