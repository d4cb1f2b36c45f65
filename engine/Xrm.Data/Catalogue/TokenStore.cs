using System.Collections.Immutable;
using Dapper;
using Npgsql;

namespace Xrm.Data.Catalogue;

/// <summary>An access token as its user sees it: without its secret, which nobody knows any more.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">What it is for; unique among the user's tokens.</param>
/// <param name="CreatedAt">UTC time at which it was made.</param>
/// <param name="ExpiresAt">UTC time from which it opens nothing; null for never.</param>
/// <param name="LastUsedAt">UTC time of the last request, to some minutes; null for none.</param>
/// <param name="Scopes">What it is limited to, see <see cref="Access.TokenScope"/>; null for no limit.</param>
[method: ExplicitConstructor]
public sealed record AccessToken(Guid Id, string Name, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? LastUsedAt, string[]? Scopes);

/// <summary>An access token that expires soon.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="ExpiresAt">UTC time from which it opens nothing.</param>
/// <param name="DisplayName">Name of its owner.</param>
/// <param name="Email">Confirmed address of its owner.</param>
/// <param name="Language">What its owner reads, such as <c>de</c>; null where none is known.</param>
public sealed record ExpiringToken(string Name, DateTime ExpiresAt, string DisplayName, string Email, string? Language);

/// <summary>Access tokens of people and service accounts for one organisation. Only hashes of their secrets are stored.</summary>
public sealed class TokenStore(Database database)
{
    private const string Columns = "id, name, created_at as CreatedAt, expires_at as ExpiresAt, last_used_at as LastUsedAt, scopes";

    /// <summary>Adds an access token.</summary>
    /// <param name="id">Id.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="secretHash">Hash of its secret.</param>
    /// <param name="userId">For whom it acts.</param>
    /// <param name="expiresAt">UTC time from which it opens nothing; null for never.</param>
    /// <param name="scopes">What it is limited to; null for no limit.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>False where the user already has a token of that name.</returns>
    public async Task<bool> AddAsync(Guid id, string name, byte[] secretHash, Guid userId, DateTime? expiresAt, string[]? scopes, CancellationToken ct)
    {
        const string text = """
            insert into xrm.token (id, name, secret_hash, user_id, organisation, expires_at, scopes)
            values (@id, @name, @secretHash, @userId, @Organisation, @expiresAt, @scopes) on conflict (user_id, organisation, name) do nothing
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(text, new { id, name, secretHash, userId, database.Organisation, expiresAt, scopes }, cancellationToken: ct)) == 1;
    }

    /// <summary>The tokens of a user, newest first; those that have expired too.</summary>
    public async Task<ImmutableArray<AccessToken>> ListAsync(Guid userId, CancellationToken ct)
    {
        const string text = $"""
            select {Columns} from xrm.token
            where user_id = @userId and organisation = @Organisation order by id desc
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<AccessToken>(new CommandDefinition(text, new { userId, database.Organisation }, cancellationToken: ct))];
    }

    /// <summary>Revokes a token of a user.</summary>
    /// <returns>The token; null where the user has no such one.</returns>
    public async Task<AccessToken?> RemoveAsync(Guid userId, Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AccessToken>(new CommandDefinition(
            $"delete from xrm.token where id = @id and user_id = @userId and organisation = @Organisation returning {Columns}", new { id, userId, database.Organisation }, cancellationToken: ct));
    }

    /// <summary>Takes tokens of people that expire soon and whose end nobody has announced: each is given once. What lasts no longer than that altogether needs no announcement.</summary>
    /// <param name="transaction">They are taken when it commits.</param>
    /// <param name="now">UTC time.</param>
    /// <param name="ahead">How soon.</param>
    /// <param name="limit">Most tokens.</param>
    /// <param name="ct">Cancels the query.</param>
    /// <returns>Tokens of active people with a confirmed address.</returns>
    public async Task<ImmutableArray<ExpiringToken>> TakeExpiringAsync(NpgsqlTransaction transaction, DateTime now, TimeSpan ahead, int limit, CancellationToken ct)
    {
        const string text = """
            with due as (
                select t.id, u.display_name, u.email, u.language from xrm.token t join xrm."user" u on u.id = t.user_id
                join xrm.member m on m.user_id = t.user_id and m.organisation = t.organisation
                where t.organisation = @Organisation and t.announced_at is null and t.expires_at > @now and t.expires_at <= @now + @ahead and t.created_at < t.expires_at - @ahead
                and u.is_active and m.is_active and not u.is_service and u.email_confirmed_at is not null
                order by t.expires_at limit @limit for update of t skip locked)
            update xrm.token t set announced_at = @now from due where t.id = due.id
            returning t.name, t.expires_at as ExpiresAt, due.display_name as DisplayName, due.email, due.language
            """;
        return [.. await transaction.Connection!.QueryAsync<ExpiringToken>(new CommandDefinition(text, new { now, ahead, limit, database.Organisation }, transaction, cancellationToken: ct))];
    }
}
