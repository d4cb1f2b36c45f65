using System.Collections.Immutable;
using Dapper;
using Npgsql;
using Xrm.Data.Errors;

namespace Xrm.Data.Jobs;

/// <summary>The jobs of the organisation, for all nodes together.</summary>
public sealed class JobStore(Database database)
{
    /// <summary>Failures of single records that are kept of each job; all are counted.</summary>
    public const int MostFailures = 1_000;

    /// <summary>Jobs under way that one user may have.</summary>
    public const int MostOfUser = 5;

    /// <summary>First halves of advisory locks; the other halves are the job, and the user.</summary>
    private const int RunLock = 0x58_52_4D_04, UserLock = 0x58_52_4D_05;

    private readonly string _table = $"\"{database.Schema}\"._job";
    private readonly string _failures = $"\"{database.Schema}\"._job_failure";

    private const string Columns = """
        j.id, j.kind, j.collection, j.query, j.body::text as Body, j.user_id as UserId, u.display_name as UserName, j.language, j.state, j.total, j.done, j.failed, j.position,
        j.created_at as CreatedAt, j.started_at as StartedAt, j.finished_at as FinishedAt, j.attempts, j.error_code as ErrorCode, j.error
        """;

    private string Select => $"select {Columns} from {_table} j left join xrm.\"user\" u on u.id = j.user_id";

    /// <summary>Adds a job; it exists when the transaction commits.</summary>
    /// <exception cref="XrmException">429: the user has too many under way.</exception>
    public async Task AddAsync(NpgsqlTransaction transaction, Job job, CancellationToken ct)
    {
        var add = $"""
            insert into {_table} (id, kind, collection, query, body, user_id, language, total, created_at)
            select @Id, @Kind, @Collection, @Query, @Body::jsonb, @UserId, @Language, @Total, @CreatedAt
            where (select count(*) from {_table} where user_id = @UserId and finished_at is null and kind <> '{Job.Recompute}') < {MostOfUser}
            """;
        // Two requests at once would both count the jobs before either adds one.
        await ExecuteAsync(transaction, $"select pg_advisory_xact_lock({UserLock}, hashtext(@user))", new { user = job.UserId.ToString() }, ct);
        if (await ExecuteAsync(transaction, add, job, ct) == 0)
            throw new XrmException("too_many_jobs", 429, $"You have {MostOfUser} jobs under way. Wait until one of them has ended, or cancel one.");
    }

    /// <summary>Takes the job that has waited longest, for as long as the transaction lasts; null where none is due or other nodes are at all of them.</summary>
    public async Task<Job?> TakeAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var connection = transaction.Connection!;
        var due = await connection.QueryAsync<Guid>(new CommandDefinition(
            $"select id from {_table} where finished_at is null and next_attempt_at <= now() order by next_attempt_at, id limit 20", null, transaction, cancellationToken: ct));
        foreach (var id in due)
        {
            // Not a lock of the row: a job can be cancelled while a portion of it is under way.
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_xact_lock({RunLock}, hashtext(@id))", new { id = id.ToString() }, transaction, cancellationToken: ct))) continue;
            // Another node may have moved it on before the lock was taken.
            if (await connection.QuerySingleOrDefaultAsync<Job>(new CommandDefinition($"{Select} where j.id = @id and j.finished_at is null and j.next_attempt_at <= clock_timestamp()", new { id }, transaction, cancellationToken: ct)) is { } job) return job;
        }
        return null;
    }

    /// <summary>Notes what a portion has done, in its transaction. A job that was cancelled meanwhile stays so.</summary>
    /// <returns>Whether the job has come to its end by this.</returns>
    public async Task<bool> ProgressAsync(NpgsqlTransaction transaction, Job job, JobProgress progress, CancellationToken ct)
    {
        var kept = progress.Failures.Take((int)Math.Max(0, MostFailures - job.Failed)).ToList();
        if (kept.Count > 0)
            await ExecuteAsync(transaction, $"insert into {_failures} (job_id, record_id, code, message, errors) values (@Id, @RecordId, @Code, @Message, @Errors::jsonb)",
                kept.Select(failure => new { job.Id, failure.RecordId, failure.Code, failure.Message, failure.Errors }), ct);
        var state = await transaction.Connection!.ExecuteScalarAsync<string?>(new CommandDefinition($"""
            update {_table} set done = done + @Done, failed = failed + @failed, position = coalesce(@Position, position), started_at = coalesce(started_at, now()),
                   next_attempt_at = clock_timestamp(), attempts = 0, error_code = null, error = null,
                   state = case when finished_at is not null then state when @IsLast then 'finished' else 'running' end,
                   finished_at = coalesce(finished_at, case when @IsLast then clock_timestamp() end)
            where id = @Id returning state
            """, new { job.Id, progress.Done, failed = progress.Failures.Count, progress.Position, progress.IsLast }, transaction, cancellationToken: ct));
        return progress.IsLast && state == "finished";
    }

    /// <summary>Plans another try to go on, or ends the job as failed where <paramref name="pause"/> is null.</summary>
    public async Task FailedAsync(Guid id, XrmException error, TimeSpan? pause, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition($"""
            update {_table} set attempts = attempts + 1, error_code = @Code, error = @Message, next_attempt_at = now() + coalesce(@pause, interval '0'),
                   state = case when @pause is null then 'failed' else state end, finished_at = case when @pause is null then now() end
            where id = @id and finished_at is null
            """, new { id, error.Code, error.Message, pause }, cancellationToken: ct));
    }

    /// <summary>Ends a job; the portion that is under way may still be done.</summary>
    /// <returns>False where the job has ended already, or cannot be cancelled.</returns>
    public async Task<bool> CancelAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var text = $"update {_table} set state = 'cancelled', finished_at = now() where id = @id and finished_at is null and kind <> '{Job.Recompute}'";
        return await connection.ExecuteAsync(new CommandDefinition(text, new { id }, cancellationToken: ct)) == 1;
    }

    /// <summary>A job; null where there is none.</summary>
    public async Task<Job?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Job>(new CommandDefinition($"{Select} where j.id = @id", new { id }, cancellationToken: ct));
    }

    /// <summary>The newest jobs.</summary>
    /// <param name="userId">Only those of this user; null for all.</param>
    /// <param name="limit">Most jobs to give.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<ImmutableArray<Job>> ListAsync(Guid? userId, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<Job>(new CommandDefinition($"{Select} where @userId::uuid is null or j.user_id = @userId order by j.created_at desc, j.id desc limit @limit", new { userId, limit }, cancellationToken: ct))];
    }

    /// <summary>The records that a job could not change, as many as are kept, by id.</summary>
    public async Task<ImmutableArray<JobFailure>> FailuresAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<JobFailure>(new CommandDefinition($"select record_id as RecordId, code, message, errors::text as Errors from {_failures} where job_id = @id order by record_id", new { id }, cancellationToken: ct))];
    }

    /// <summary>Forgets some of the jobs that ended before a time.</summary>
    /// <returns>Jobs forgotten; fewer than the limit where no more are left.</returns>
    public async Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition($"delete from {_table} where id in (select id from {_table} where finished_at < @before limit @limit)", new { before, limit }, cancellationToken: ct));
    }

    private static Task<int> ExecuteAsync(NpgsqlTransaction transaction, string text, object arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(text, arguments, transaction, cancellationToken: ct));
}
