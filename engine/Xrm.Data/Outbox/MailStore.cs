using System.Collections.Immutable;
using Dapper;
using Npgsql;

namespace Xrm.Data.Outbox;

/// <summary>A mail that waits to be sent, or was.</summary>
/// <param name="Id">Id.</param>
/// <param name="CreatedAt">UTC time at which it was written.</param>
/// <param name="Recipients">Addresses.</param>
/// <param name="Subject">Subject.</param>
/// <param name="Body">Plain text.</param>
/// <param name="State"><c>waiting</c>, <c>sent</c> or <c>dead</c>.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="LastError">Why the last try failed; null where none did.</param>
// Dapper compares the types of columns and parameters, and those of arrays never match.
[method: ExplicitConstructor]
public sealed record Mail(Guid Id, DateTime CreatedAt, string[] Recipients, string Subject, string Body, string State, int Attempts, string? LastError);

/// <summary>Outgoing mails: written in the transaction that causes them, sent afterwards.</summary>
public sealed class MailStore(Database database, TimeProvider time)
{
    private readonly string _table = $"\"{database.Schema}\"._mail";

    private const string Columns = """
        id, created_at as CreatedAt, recipients, subject, body,
        case when dead_at is not null then 'dead' when sent_at is not null then 'sent' else 'waiting' end as State, attempts, last_error as LastError
        """;

    /// <summary>Puts a mail into the outbox at once, for what no transaction belongs to.</summary>
    public Task AddAsync(string recipient, string subject, string body, CancellationToken ct) => database.ExecuteAsync(
        $"insert into {_table} (id, recipients, subject, body) values (@id, @recipients, @subject, @body)",
        new { id = Guid.CreateVersion7(time.GetUtcNow()), recipients = new[] { recipient }, subject, body }, ct);

    /// <summary>Puts a mail into the outbox; it exists when the transaction commits.</summary>
    public async Task AddAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> recipients, string subject, string body, CancellationToken ct)
    {
        var arguments = new { id = Guid.CreateVersion7(time.GetUtcNow()), recipients = recipients.ToArray(), subject, body };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"insert into {_table} (id, recipients, subject, body) values (@id, @recipients, @subject, @body)", arguments, transaction, cancellationToken: ct));
    }

    /// <summary>Takes the mail that has been due for longest; null where none is. It is reserved for <paramref name="lease"/>: a node that dies leaves it to the others.</summary>
    public async Task<Mail?> TakeAsync(TimeSpan lease, CancellationToken ct)
    {
        var text = $"""
            update {_table} set attempts = attempts + 1, next_attempt_at = now() + @lease
            where id in (select id from {_table} where sent_at is null and dead_at is null and next_attempt_at <= now()
                         order by next_attempt_at limit 1 for update skip locked)
            returning {Columns}
            """;
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Mail>(new CommandDefinition(text, new { lease }, cancellationToken: ct));
    }

    /// <summary>Marks a mail as sent.</summary>
    public Task SentAsync(Guid id, CancellationToken ct) => database.ExecuteAsync($"update {_table} set sent_at = now(), last_error = null where id = @id", new { id }, ct);

    /// <summary>Makes a mail of its own for some of the recipients, because it fares otherwise with them than with the others.</summary>
    /// <param name="id">The mail; it keeps the other recipients.</param>
    /// <param name="recipients">Those who get the new mail.</param>
    /// <param name="error">Why they have not got it, for administrators.</param>
    /// <param name="pause">Time until the next try; null to give up.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task SplitAsync(Guid id, string[] recipients, string error, TimeSpan? pause, CancellationToken ct) => database.ExecuteAsync($"""
        with kept as (
            update {_table} set recipients = array(select one from unnest(recipients) with ordinality as each (one, at) where one <> all(@recipients) order by at)
            where id = @id returning created_at, subject, body, attempts)
        insert into {_table} (id, created_at, recipients, subject, body, attempts, next_attempt_at, dead_at, last_error)
        select @split, created_at, @recipients, subject, body, attempts, now() + coalesce(@pause, interval '0'), case when @pause is null then now() end, @error from kept
        """, new { id, recipients, error, pause, split = Guid.CreateVersion7(time.GetUtcNow()) }, ct);

    /// <summary>Plans the next try after a failure, or gives up.</summary>
    /// <param name="id">The mail.</param>
    /// <param name="error">What went wrong, for administrators.</param>
    /// <param name="pause">Time until the next try; null to give up.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task FailedAsync(Guid id, string error, TimeSpan? pause, CancellationToken ct) => database.ExecuteAsync($"""
        update {_table} set last_error = @error, next_attempt_at = now() + coalesce(@pause, interval '0'),
               dead_at = case when @pause is null then now() end where id = @id
        """, new { id, error, pause }, ct);

    /// <summary>The mails that this transaction has written, in their order: they were written at its time.</summary>
    public async Task<IReadOnlyList<Mail>> ListWrittenAsync(NpgsqlTransaction transaction, CancellationToken ct) =>
        [.. await transaction.Connection!.QueryAsync<Mail>(new CommandDefinition($"select {Columns} from {_table} where created_at = now() order by id", null, transaction, cancellationToken: ct))];

    /// <summary>The newest mails.</summary>
    public async Task<ImmutableArray<Mail>> ListAsync(int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Mail>(new CommandDefinition($"select {Columns} from {_table} order by id desc limit @limit", new { limit }, cancellationToken: ct))];
    }

    /// <summary>Forgets some of the mails that were sent before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetSentAsync(DateTime before, int limit, CancellationToken ct) => ForgetAsync("sent_at", before, limit, ct);

    /// <summary>Forgets some of the mails that were given up before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>How many were forgotten; fewer than the limit where no more are left.</returns>
    public Task<int> ForgetDeadAsync(DateTime before, int limit, CancellationToken ct) => ForgetAsync("dead_at", before, limit, ct);

    private async Task<int> ForgetAsync(string column, DateTime before, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var text = $"delete from {_table} where id in (select id from {_table} where {column} < @before order by {column} limit @limit for update skip locked)";
        return await connection.ExecuteAsync(new CommandDefinition(text, new { before, limit }, cancellationToken: ct));
    }
}
