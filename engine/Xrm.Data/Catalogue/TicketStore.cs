using Dapper;

namespace Xrm.Data.Catalogue;

/// <summary>A one-time right: a link in a mail, the next step of a sign-in.</summary>
/// <param name="Id">Id.</param>
/// <param name="UserId">Whose account it opens; null where that is not known yet.</param>
/// <param name="Payload">What its maker has noted; null for nothing.</param>
public sealed record Ticket(Guid Id, Guid? UserId, string? Payload);

/// <summary>A ticket to be.</summary>
/// <param name="Id">Id.</param>
/// <param name="SecretHash">Hash of its secret.</param>
/// <param name="Purpose">What it opens.</param>
/// <param name="UserId">Whose account it opens; null where that is not known yet.</param>
/// <param name="Payload">A note for whoever takes it; null for none.</param>
/// <param name="ExpiresAt">UTC time from which it opens nothing.</param>
public sealed record NewTicket(Guid Id, byte[] SecretHash, string Purpose, Guid? UserId, string? Payload, DateTime ExpiresAt);

/// <summary>One-time rights. Each is good for one purpose, until it is taken or expires. Only hashes of their secrets are stored.</summary>
public sealed class TicketStore(Database database)
{
    /// <summary>Adds a ticket.</summary>
    public Task AddAsync(NewTicket ticket, CancellationToken ct) => database.ExecuteAsync("""
        insert into xrm.ticket (id, secret_hash, purpose, user_id, payload, expires_at) values (@Id, @SecretHash, @Purpose, @UserId, @Payload, @ExpiresAt)
        """, ticket, ct);

    /// <summary>Takes a ticket: of two who come at once, one gets it.</summary>
    /// <returns>The ticket; null where it is unknown, was taken or has expired.</returns>
    public Task<Ticket?> TakeAsync(byte[] secretHash, string purpose, CancellationToken ct) => FindAsync("""
        delete from xrm.ticket where secret_hash = @secretHash and purpose = @purpose and expires_at > now() returning id, user_id as UserId, payload
        """, new { secretHash, purpose }, ct);

    /// <summary>Looks at a ticket, which stays.</summary>
    /// <returns>The ticket; null where it is unknown, was taken or has expired.</returns>
    public Task<Ticket?> FindAsync(byte[] secretHash, string purpose, CancellationToken ct) => FindAsync("""
        select id, user_id as UserId, payload from xrm.ticket where secret_hash = @secretHash and purpose = @purpose and expires_at > now()
        """, new { secretHash, purpose }, ct);

    /// <summary>Counts a try with a ticket, before its outcome is known: tries at the same time count too.</summary>
    /// <returns>The ticket; null where it is unknown, was taken, has expired or was tried as often as it may be.</returns>
    public Task<Ticket?> TryAsync(byte[] secretHash, string purpose, int most, CancellationToken ct) => FindAsync("""
        update xrm.ticket set attempts = attempts + 1
        where secret_hash = @secretHash and purpose = @purpose and expires_at > now() and attempts < @most returning id, user_id as UserId, payload
        """, new { secretHash, purpose, most }, ct);

    /// <summary>Removes a ticket.</summary>
    /// <returns>False where somebody else has removed it.</returns>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken ct) => await database.ExecuteAsync("delete from xrm.ticket where id = @id", new { id }, ct) == 1;

    /// <summary>Removes all tickets of a user for a purpose.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> RemoveAsync(Guid userId, string purpose, CancellationToken ct) =>
        database.ExecuteAsync("delete from xrm.ticket where user_id = @userId and purpose = @purpose", new { userId, purpose }, ct);

    /// <summary>How many live tickets for a purpose a user has got since a time.</summary>
    public async Task<int> CountAsync(Guid userId, string purpose, DateTime since, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*)::int from xrm.ticket where user_id = @userId and purpose = @purpose and created_at > @since", new { userId, purpose, since }, cancellationToken: ct));
    }

    /// <summary>Forgets some of the tickets that expired before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct) => database.ExecuteAsync("""
        delete from xrm.ticket where id in (select id from xrm.ticket where expires_at < @before limit @limit for update skip locked)
        """, new { before, limit }, ct);

    private async Task<Ticket?> FindAsync(string text, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Ticket>(new CommandDefinition(text, arguments, cancellationToken: ct));
    }
}
