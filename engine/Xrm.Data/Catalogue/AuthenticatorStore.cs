using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>What is known of somebody's second factors.</summary>
/// <param name="IsConfirmed">An authenticator is asked for at each sign-in with a password.</param>
/// <param name="RecoveryCodes">Recovery codes that were not used yet.</param>
/// <param name="Passkeys">Passkeys.</param>
public sealed record SecondFactors(bool IsConfirmed, int RecoveryCodes, int Passkeys);

/// <summary>Keys of authenticators, the codes that were taken, and recovery codes, of which only hashes are stored.</summary>
public sealed class AuthenticatorStore(Database database)
{
    /// <summary>The second factors of a user.</summary>
    public async Task<SecondFactors> FindAsync(Guid userId, CancellationToken ct)
    {
        const string text = """
            select u.authenticator_confirmed_at is not null as IsConfirmed, (select count(*)::int from xrm.recovery_code c where c.user_id = u.id) as RecoveryCodes,
                   (select count(*)::int from xrm.passkey p where p.user_id = u.id) as Passkeys
            from xrm."user" u where u.id = @userId
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<SecondFactors>(new CommandDefinition(text, new { userId }, cancellationToken: ct)) ?? new SecondFactors(false, 0, 0);
    }

    /// <summary>The key that a user's authenticator shares with the server, in base 32; null for none. It may not be confirmed yet.</summary>
    public async Task<string?> FindKeyAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select authenticator_key from xrm.\"user\" where id = @userId", new { userId }, cancellationToken: ct));
    }

    /// <summary>Stores a key that has yet to be confirmed.</summary>
    /// <returns>False where the user has one that is confirmed.</returns>
    public async Task<bool> SetKeyAsync(Guid userId, string key, CancellationToken ct) =>
        await database.ExecuteAsync("update xrm.\"user\" set authenticator_key = @key where id = @userId and authenticator_confirmed_at is null", new { userId, key }, ct) == 1;

    /// <summary>Stores a key otherwise than it was, where nobody has changed it meanwhile.</summary>
    public Task ReplaceKeyAsync(Guid userId, string before, string after, CancellationToken ct) =>
        database.ExecuteAsync("update xrm.\"user\" set authenticator_key = @after where id = @userId and authenticator_key = @before", new { userId, before, after }, ct);

    /// <summary>Confirms the key, and gives the user recovery codes.</summary>
    /// <returns>False where it is confirmed already.</returns>
    public async Task<bool> ConfirmAsync(Guid userId, byte[][] recoveryCodes, CancellationToken ct) => await database.ExecuteAsync("""
        with confirmed as (
            update xrm."user" set authenticator_confirmed_at = now() where id = @userId and authenticator_key is not null and authenticator_confirmed_at is null returning id),
        gone as (delete from xrm.recovery_code where user_id in (select id from confirmed))
        insert into xrm.recovery_code (user_id, code_hash) select id, unnest(@recoveryCodes) from confirmed
        """, new { userId, recoveryCodes }, ct) > 0;

    /// <summary>Replaces the recovery codes of a user.</summary>
    public Task ReplaceRecoveryCodesAsync(Guid userId, byte[][] recoveryCodes, CancellationToken ct) => database.ExecuteAsync("""
        with gone as (delete from xrm.recovery_code where user_id = @userId)
        insert into xrm.recovery_code (user_id, code_hash) select @userId, unnest(@recoveryCodes)
        """, new { userId, recoveryCodes }, ct);

    /// <summary>Takes a recovery code: of two who come with it at once, one succeeds.</summary>
    public async Task<bool> TakeRecoveryCodeAsync(Guid userId, byte[] codeHash, CancellationToken ct) =>
        await database.ExecuteAsync("delete from xrm.recovery_code where user_id = @userId and code_hash = @codeHash", new { userId, codeHash }, ct) == 1;

    /// <summary>Takes a code of an authenticator: each works once.</summary>
    /// <returns>False where it was taken before.</returns>
    public async Task<bool> TakeCodeAsync(Guid userId, string code, CancellationToken ct) => await database.ExecuteAsync("""
        insert into xrm.used_code (user_id, code) values (@userId, @code) on conflict do nothing
        """, new { userId, code }, ct) == 1;

    /// <summary>Removes the authenticator and the recovery codes of a user.</summary>
    public Task RemoveAsync(Guid userId, CancellationToken ct) => database.ExecuteAsync("""
        with codes as (delete from xrm.recovery_code where user_id = @userId)
        update xrm."user" set authenticator_key = null, authenticator_confirmed_at = null where id = @userId
        """, new { userId }, ct);

    /// <summary>Removes all that a user has besides a password: the authenticator, recovery codes and passkeys.</summary>
    public Task RemoveAllAsync(Guid userId, CancellationToken ct) => database.ExecuteAsync("""
        with codes as (delete from xrm.recovery_code where user_id = @userId), passkeys as (delete from xrm.passkey where user_id = @userId)
        update xrm."user" set authenticator_key = null, authenticator_confirmed_at = null where id = @userId
        """, new { userId }, ct);

    /// <summary>Forgets some of the codes that were taken before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct) => database.ExecuteAsync("""
        delete from xrm.used_code where (user_id, code) in (select user_id, code from xrm.used_code where used_at < @before limit @limit for update skip locked)
        """, new { before, limit }, ct);
}
