using Dapper;
using Npgsql;

namespace Xrm.Data.Privacy;

/// <summary>A record that a job about a person has to do with.</summary>
/// <param name="Entity">Name of its entity.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Fate">What is to become of it; null where it is only read.</param>
public sealed record JobRecord(string Entity, Guid RecordId, string? Fate);

/// <summary>What a job about a person makes to be fetched.</summary>
/// <param name="Name">File name.</param>
/// <param name="Content">The bytes.</param>
public sealed record JobFile(string Name, byte[] Content);

/// <summary>What jobs about people keep between their portions, and make to be fetched.</summary>
public sealed class JobRecords(Database database)
{
    private readonly string _records = $"\"{database.Schema}\"._job_record";
    private readonly string _files = $"\"{database.Schema}\"._job_file";

    /// <summary>Notes the records of a job, in the order in which they are to be worked on.</summary>
    public Task AddAsync(NpgsqlTransaction transaction, Guid job, IReadOnlyCollection<JobRecord> records, CancellationToken ct) => transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
        insert into {_records} (job_id, entity, record_id, fate)
        select @job, r.entity, r.record_id, r.fate from unnest(@entities::text[], @ids::uuid[], @fates::text[]) with ordinality r (entity, record_id, fate, position) order by position
        """, new { job, entities = records.Select(record => record.Entity).ToArray(), ids = records.Select(record => record.RecordId).ToArray(), fates = records.Select(record => record.Fate).ToArray() }, transaction, cancellationToken: ct));

    /// <summary>Whether the job has noted its records.</summary>
    public Task<bool> AnyAsync(NpgsqlTransaction transaction, Guid job, CancellationToken ct) =>
        transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition($"select exists (select from {_records} where job_id = @job)", new { job }, transaction, cancellationToken: ct));

    /// <summary>The next records of a job.</summary>
    public async Task<IReadOnlyList<JobRecord>> NextAsync(NpgsqlTransaction transaction, Guid job, int limit, CancellationToken ct) => (await transaction.Connection!.QueryAsync<JobRecord>(new CommandDefinition(
        $"select entity, record_id as RecordId, fate from {_records} where job_id = @job and not done order by number limit @limit", new { job, limit }, transaction, cancellationToken: ct))).AsList();

    /// <summary>Notes that a record is done, and what is to be told of it; null for nothing.</summary>
    public Task DoneAsync(NpgsqlTransaction transaction, Guid job, JobRecord record, string? document, CancellationToken ct) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        $"update {_records} set done = true, document = @document where job_id = @job and entity = @Entity and record_id = @RecordId", new { job, record.Entity, record.RecordId, document }, transaction, cancellationToken: ct));

    /// <summary>What is to be told of the records, in their order.</summary>
    public async Task<IReadOnlyList<(string Entity, Guid RecordId, string Document)>> DocumentsAsync(NpgsqlTransaction transaction, Guid job, CancellationToken ct) => (await transaction.Connection!.QueryAsync<(string, Guid, string)>(new CommandDefinition(
        $"select entity, record_id, document from {_records} where job_id = @job and document is not null order by number", new { job }, transaction, cancellationToken: ct))).AsList();

    /// <summary>How many records of a job have each fate.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(NpgsqlTransaction transaction, Guid job, CancellationToken ct) => (await transaction.Connection!.QueryAsync<(string, long)>(new CommandDefinition(
        $"select coalesce(fate, ''), count(*) from {_records} where job_id = @job group by 1", new { job }, transaction, cancellationToken: ct))).ToDictionary(StringComparer.Ordinal);

    /// <summary>Ids of a job's records with a fate.</summary>
    public async Task<IReadOnlyCollection<Guid>> WithFateAsync(NpgsqlTransaction transaction, Guid job, string fate, CancellationToken ct) => (await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
        $"select record_id from {_records} where job_id = @job and fate = @fate", new { job, fate }, transaction, cancellationToken: ct))).AsList();

    /// <summary>Forgets the records of a job.</summary>
    public Task ForgetAsync(NpgsqlTransaction transaction, Guid job, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"delete from {_records} where job_id = @job", new { job }, transaction, cancellationToken: ct));

    /// <summary>Keeps what a job has made until a UTC time.</summary>
    public Task PutFileAsync(NpgsqlTransaction transaction, Guid job, JobFile file, DateTime expiresAt, CancellationToken ct) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        $"insert into {_files} (job_id, name, content, expires_at) values (@job, @Name, @Content, @expiresAt) on conflict (job_id) do nothing", new { job, file.Name, file.Content, expiresAt }, transaction, cancellationToken: ct));

    /// <summary>What a job has made; null where it has not, or the time is over.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">UTC time.</param>
    /// <param name="ct">Cancels the query.</param>
    public async Task<JobFile?> FindFileAsync(Guid job, DateTime now, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<JobFile>(new CommandDefinition($"select name, content from {_files} where job_id = @job and expires_at > @now", new { job, now }, cancellationToken: ct));
    }

    /// <summary>Removes some of what nobody can fetch any more, and of what jobs that did not come to their end have noted.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most files to remove.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Files removed; fewer than the limit where no more are left.</returns>
    public async Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition($"delete from {_records} where job_id in (select id from \"{database.Schema}\"._job where finished_at < @before)", new { before }, cancellationToken: ct));
        return await connection.ExecuteAsync(new CommandDefinition($"delete from {_files} where job_id in (select job_id from {_files} where expires_at < @before limit @limit)", new { before, limit }, cancellationToken: ct));
    }
}
