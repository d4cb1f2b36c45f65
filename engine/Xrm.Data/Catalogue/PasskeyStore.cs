using System.Collections.Immutable;
using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>A passkey: what WebAuthn calls a credential.</summary>
/// <param name="CredentialId">Id that the authenticator chose.</param>
/// <param name="UserId">Whom it signs in.</param>
/// <param name="Name">Name that its user gave it.</param>
/// <param name="PublicKey">Public key in COSE format.</param>
/// <param name="SignCount">Counter of the authenticator; 0 where it counts nothing.</param>
/// <param name="Transports">How the browser reaches the authenticator; null where unknown.</param>
/// <param name="IsUserVerified">The authenticator has asked for a PIN, a finger or a face.</param>
/// <param name="IsBackupEligible">It may be copied to other devices.</param>
/// <param name="IsBackedUp">It was copied.</param>
/// <param name="AttestationObject">What the authenticator said of itself.</param>
/// <param name="ClientData">What the browser said of the registration, JSON.</param>
/// <param name="CreatedAt">UTC time of the registration.</param>
/// <param name="LastUsedAt">UTC time of the last sign-in; null for none.</param>
[method: ExplicitConstructor]
public sealed record Passkey(
    byte[] CredentialId, Guid UserId, string Name, byte[] PublicKey, long SignCount, string[]? Transports, bool IsUserVerified, bool IsBackupEligible,
    bool IsBackedUp, byte[] AttestationObject, byte[] ClientData, DateTime CreatedAt, DateTime? LastUsedAt);

/// <summary>Passkeys, in the catalogue.</summary>
public sealed class PasskeyStore(Database database)
{
    private const string Columns = """
        credential_id as CredentialId, user_id as UserId, name, public_key as PublicKey, sign_count as SignCount, transports, is_user_verified as IsUserVerified,
        is_backup_eligible as IsBackupEligible, is_backed_up as IsBackedUp, attestation_object as AttestationObject, client_data as ClientData,
        created_at as CreatedAt, last_used_at as LastUsedAt
        """;

    /// <summary>Adds a passkey.</summary>
    /// <returns>False where the credential is known already.</returns>
    public async Task<bool> AddAsync(Passkey passkey, CancellationToken ct) => await database.ExecuteAsync("""
        insert into xrm.passkey (credential_id, user_id, name, public_key, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, attestation_object, client_data, created_at)
        values (@CredentialId, @UserId, @Name, @PublicKey, @SignCount, @Transports, @IsUserVerified, @IsBackupEligible, @IsBackedUp, @AttestationObject, @ClientData, @CreatedAt)
        on conflict do nothing
        """, passkey, ct) == 1;

    /// <summary>Notes a sign-in with a passkey. A counter that others have moved on meanwhile is not moved back.</summary>
    public Task UseAsync(byte[] credentialId, long signCount, bool isBackedUp, CancellationToken ct) => database.ExecuteAsync("""
        update xrm.passkey set sign_count = greatest(sign_count, @signCount), is_backed_up = @isBackedUp, last_used_at = now() where credential_id = @credentialId
        """, new { credentialId, signCount, isBackedUp }, ct);

    /// <summary>The passkey with that id, or null.</summary>
    public async Task<Passkey?> FindAsync(byte[] credentialId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Passkey>(new CommandDefinition($"select {Columns} from xrm.passkey where credential_id = @credentialId", new { credentialId }, cancellationToken: ct));
    }

    /// <summary>The passkeys of a user, oldest first.</summary>
    public async Task<ImmutableArray<Passkey>> ListAsync(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Passkey>(new CommandDefinition($"select {Columns} from xrm.passkey where user_id = @userId order by created_at", new { userId }, cancellationToken: ct))];
    }

    /// <summary>Names a passkey of a user anew.</summary>
    /// <returns>False where the user has no such passkey.</returns>
    public async Task<bool> RenameAsync(Guid userId, byte[] credentialId, string name, CancellationToken ct) => await database.ExecuteAsync(
        "update xrm.passkey set name = @name where credential_id = @credentialId and user_id = @userId", new { userId, credentialId, name }, ct) == 1;

    /// <summary>Removes a passkey of a user, except where it is the last way to sign in.</summary>
    public Task<Removal> RemoveAsync(Guid userId, byte[] credentialId, CancellationToken ct) =>
        WaysIn.RemoveAsync(database, "from xrm.passkey where credential_id = @id and user_id = @userId", userId, credentialId, ct);
}
