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

    /// <summary>Puts a mail into the outbox; it exists when the transaction commits.</summary>
    public async Task AddAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> recipients, string subject, string body, CancellationToken ct)
    {
        var arguments = new { id = Guid.CreateVersion7(time.GetUtcNow()), recipients = recipients.ToArray(), subject, body };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"insert into {_table} (id, recipients, subject, body) values (@id, @recipients, @subject, @body)", arguments, transaction, cancellationToken: ct));
    }

    /// <summary>Takes mails that are due. Each is reserved for <paramref name="lease"/>.</summary>
    public async Task<ImmutableArray<Mail>> TakeAsync(int limit, TimeSpan lease, CancellationToken ct)
    {
        var text = $"""
            update {_table} set attempts = attempts + 1, next_attempt_at = now() + @lease
            where id in (select id from {_table} where sent_at is null and dead_at is null and next_attempt_at <= now()
                         order by next_attempt_at limit @limit for update skip locked)
            returning {Columns}
            """;
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Mail>(new CommandDefinition(text, new { limit, lease }, cancellationToken: ct))];
    }

    /// <summary>Marks a mail as sent.</summary>
    public Task SentAsync(Guid id, CancellationToken ct) => ExecuteAsync($"update {_table} set sent_at = now(), last_error = null where id = @id", new { id }, ct);

    /// <summary>Plans the next try after a failure, or gives up where <paramref name="pause"/> is null.</summary>
    public Task FailedAsync(Guid id, string error, TimeSpan? pause, CancellationToken ct) => ExecuteAsync($"""
        update {_table} set last_error = @error, next_attempt_at = now() + coalesce(@pause, interval '0'),
               dead_at = case when @pause is null then now() end where id = @id
        """, new { id, error, pause }, ct);

    /// <summary>The newest mails.</summary>
    public async Task<ImmutableArray<Mail>> ListAsync(int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Mail>(new CommandDefinition($"select {Columns} from {_table} order by id desc limit @limit", new { limit }, cancellationToken: ct))];
    }

    private async Task ExecuteAsync(string text, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(text, arguments, cancellationToken: ct));
    }
}
