using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>An account elsewhere that signs somebody in.</summary>
/// <param name="Id">Id.</param>
/// <param name="UserId">Whom it signs in.</param>
/// <param name="Issuer">The provider, as it names itself: an address.</param>
/// <param name="Subject">What the provider calls the person, and calls nobody else.</param>
/// <param name="Name">By which its owner recognises it, such as an e-mail address; proves nothing.</param>
/// <param name="CreatedAt">UTC time at which it was linked.</param>
/// <param name="LastUsedAt">UTC time of the last sign-in; null for none.</param>
[method: ExplicitConstructor]
public sealed record ExternalIdentity(Guid Id, Guid UserId, string Issuer, string Subject, string Name, DateTime CreatedAt, DateTime? LastUsedAt);

/// <summary>Accounts elsewhere, in the catalogue.</summary>
public sealed class ExternalIdentityStore(Database database)
{
    private const string Columns = "id, user_id as UserId, issuer, subject, name, created_at as CreatedAt, last_used_at as LastUsedAt";

    /// <summary>Links an account elsewhere with a user.</summary>
    /// <returns>False where it is linked already, be it with this user or another one, or where the user has another account of this provider.</returns>
    public async Task<bool> AddAsync(ExternalIdentity identity, CancellationToken ct) => await database.ExecuteAsync("""
        insert into xrm.external_identity (id, user_id, issuer, subject, name) values (@Id, @UserId, @Issuer, @Subject, @Name) on conflict do nothing
        """, identity, ct) == 1;

    /// <summary>The account elsewhere, or null where nobody has linked it. Notes its use.</summary>
    public async Task<ExternalIdentity?> UseAsync(string issuer, string subject, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ExternalIdentity>(new CommandDefinition(
            $"update xrm.external_identity set last_used_at = now() where issuer = @issuer and subject = @subject returning {Columns}", new { issuer, subject }, cancellationToken: ct));
    }

    /// <summary>The accounts elsewhere of a user, oldest first.</summary>
    public async Task<ImmutableArray<ExternalIdentity>> ListAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<ExternalIdentity>(new CommandDefinition($"select {Columns} from xrm.external_identity where user_id = @userId order by created_at", new { userId }, cancellationToken: ct))];
    }

    /// <summary>Removes an account elsewhere of a user, except where it is the last way to sign in.</summary>
    public Task<Removal> RemoveAsync(Guid userId, Guid id, CancellationToken ct) => WaysIn.RemoveAsync(database, "from xrm.external_identity where id = @id and user_id = @userId", userId, id, ct);
}
