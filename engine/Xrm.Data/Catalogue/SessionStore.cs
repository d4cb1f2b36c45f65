using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>What a session cookie or an access token stands for.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session; null for an access token.</param>
/// <param name="MustChangePassword">Nothing but the change of password is open.</param>
public sealed record Credential(Guid UserId, Guid? SessionId, bool MustChangePassword);

/// <summary>What somebody who is signed in may do just now.</summary>
/// <param name="IsAdministrator">May do everything.</param>
/// <param name="Roles">Names of the user's roles.</param>
public sealed record LiveRights(bool IsAdministrator, IReadOnlyList<string> Roles);

/// <summary>Sessions of browsers and access tokens of programs. Only hashes of their secrets are stored.</summary>
public sealed class SessionStore(Database database)
{
    /// <summary>Starts a session.</summary>
    public async Task AddSessionAsync(Guid id, byte[] secretHash, Guid userId, DateTime expiresAt, string? userAgent, CancellationToken ct)
    {
        const string text = """
            insert into xrm.session (id, secret_hash, user_id, expires_at, user_agent) values (@id, @secretHash, @userId, @expiresAt, @userAgent)
            """;
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, new { id, secretHash, userId, expiresAt, userAgent }, cancellationToken: ct));
    }

    /// <summary>Ends a session.</summary>
    public async Task RemoveSessionAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("delete from xrm.session where id = @id", new { id }, cancellationToken: ct));
    }

    /// <summary>Adds an access token.</summary>
    /// <returns>False where the user already has a token of that name.</returns>
    public async Task<bool> AddTokenAsync(Guid id, string name, byte[] secretHash, Guid userId, DateTime? expiresAt, CancellationToken ct)
    {
        const string text = """
            insert into xrm.token (id, name, secret_hash, user_id, expires_at) values (@id, @name, @secretHash, @userId, @expiresAt) on conflict (user_id, name) do nothing
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(text, new { id, name, secretHash, userId, expiresAt }, cancellationToken: ct)) == 1;
    }

    /// <summary>What the secret of a live session of an active user stands for, or null.</summary>
    public Task<Credential?> FindSessionAsync(byte[] secretHash, CancellationToken ct) => FindAsync("""
        select s.user_id as UserId, s.id as SessionId, u.must_change_password as MustChangePassword
        from xrm.session s join xrm."user" u on u.id = s.user_id
        where s.secret_hash = @secretHash and s.expires_at > now() and u.is_active
        """, secretHash, ct);

    /// <summary>What the secret of a live token of an active user stands for, or null.</summary>
    public Task<Credential?> FindTokenAsync(byte[] secretHash, CancellationToken ct) => FindAsync("""
        select t.user_id as UserId, null::uuid as SessionId, false as MustChangePassword
        from xrm.token t join xrm."user" u on u.id = t.user_id
        where t.secret_hash = @secretHash and (t.expires_at is null or t.expires_at > now()) and u.is_active
        """, secretHash, ct);

    /// <summary>What holds now of those secrets, by their hashes, that still stand for an active user.</summary>
    /// <param name="secretHashes">Hashes of secrets of sessions and tokens.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Rights of the user, by the hash in hexadecimal digits.</returns>
    public async Task<IReadOnlyDictionary<string, LiveRights>> LiveAsync(byte[][] secretHashes, CancellationToken ct)
    {
        const string text = """
            select distinct encode(h.secret_hash, 'hex') as Hash, u.is_administrator as IsAdministrator, array(select role from xrm.user_role r where r.user_id = u.id) as Roles
            from (select secret_hash, user_id from xrm.session where secret_hash = any(@secretHashes) and expires_at > now()
                  union all select secret_hash, user_id from xrm.token where secret_hash = any(@secretHashes) and (expires_at is null or expires_at > now())) h
            join xrm."user" u on u.id = h.user_id and u.is_active
            """;
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(string Hash, bool IsAdministrator, string[] Roles)>(new CommandDefinition(text, new { secretHashes }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Hash.ToUpperInvariant(), row => new LiveRights(row.IsAdministrator, row.Roles), StringComparer.Ordinal);
    }

    private async Task<Credential?> FindAsync(string text, byte[] secretHash, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Credential>(new CommandDefinition(text, new { secretHash }, cancellationToken: ct));
    }
}
