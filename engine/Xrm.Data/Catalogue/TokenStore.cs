using System.Collections.Immutable;
using Dapper;

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

/// <summary>Access tokens of people and service accounts for one organisation. Only hashes of their secrets are stored.</summary>
public sealed class TokenStore(Database database)
{
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
        const string text = """
            select id, name, created_at as CreatedAt, expires_at as ExpiresAt, last_used_at as LastUsedAt, scopes from xrm.token
            where user_id = @userId and organisation = @Organisation order by id desc
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<AccessToken>(new CommandDefinition(text, new { userId, database.Organisation }, cancellationToken: ct))];
    }

    /// <summary>Revokes a token of a user.</summary>
    /// <returns>False where the user has no such token.</returns>
    public async Task<bool> RemoveAsync(Guid userId, Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("delete from xrm.token where id = @id and user_id = @userId and organisation = @Organisation", new { id, userId, database.Organisation }, cancellationToken: ct)) == 1;
    }
}
