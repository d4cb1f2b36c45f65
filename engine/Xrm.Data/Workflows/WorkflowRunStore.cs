using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dapper;
using Npgsql;

namespace Xrm.Data.Workflows;

/// <summary>One run of a workflow: where it stands.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Definition">The workflow's JSON as it was when the run began; a later publish does not change a run under way.</param>
/// <param name="Entity">Entity of its record; empty where it is about none.</param>
/// <param name="RecordId">Id of its record; nil where it is about none.</param>
/// <param name="DeletedRecord">JSON object with the last values of a record whose deletion began the run, until the run is over; null for others.</param>
/// <param name="Event">What a script that runs after a save is told of it; null for others.</param>
/// <param name="State"><c>running</c>, <c>waiting</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Position">Step that comes next; empty where the run is over.</param>
/// <param name="Depth">Workflows that led to this run one after the other; 0 for a person's change.</param>
/// <param name="Chain">Their names, the first one first, with arrows between.</param>
/// <param name="StartedBy">User whose change or button started it.</param>
/// <param name="StartedAt">UTC time of the start.</param>
/// <param name="NextAttemptAt">UTC time before which nothing happens.</param>
/// <param name="Attempts">Failed tries of the present step.</param>
/// <param name="FinishedAt">UTC time of the end; null before.</param>
/// <param name="LastError">Why the last try failed; null where none did.</param>
public sealed record WorkflowRun(
    Guid Id, string Workflow, string Definition, string Entity, Guid RecordId, [property: JsonIgnore] string? DeletedRecord, [property: JsonIgnore] string? Event, string State, string Position, int Depth, string Chain, Guid? StartedBy,
    DateTime StartedAt, DateTime NextAttemptAt, int Attempts, DateTime? FinishedAt, string? LastError)
{
    internal const string Arrow = " → ";

    /// <summary>Names of the workflows that led to what it does, itself last.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Way => [.. Chain.Split(Arrow, StringSplitOptions.RemoveEmptyEntries), Workflow];
}

/// <summary>A run that begins.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Definition">The workflow's JSON.</param>
/// <param name="Record">Its record, by entity and id.</param>
/// <param name="Position">First step; empty where there is none.</param>
public sealed record NewWorkflowRun(Guid Id, string Workflow, string Definition, (string Entity, Guid Id) Record, string Position)
{
    /// <summary>Workflows that led to this run one after the other; 0 for a person's change.</summary>
    public int Depth { get; init; }

    /// <summary>Their names, the first one first.</summary>
    public ImmutableArray<string> Chain { get; init; } = [];

    /// <summary>User whose change or button started it.</summary>
    public Guid? StartedBy { get; init; }

    /// <summary>JSON object with the values of a record that the transaction deletes; null for one that stays.</summary>
    public string? DeletedRecord { get; init; }

    /// <summary>What a script that runs after a save is told of it; null for others.</summary>
    public string? Event { get; init; }

    /// <summary>Why it ends before it begins; null where it begins.</summary>
    public string? Refusal { get; init; }
}

/// <summary>The runs of workflows. A run moves on only in the transaction that also holds the effects of its step.</summary>
public sealed class WorkflowRunStore(Database database)
{
    private readonly string _table = $"\"{database.Schema}\"._workflow_run";

    private const string Columns = """
        id, workflow, definition::text, entity, record_id as RecordId, deleted_record::text as DeletedRecord, event::text as Event, state, position, depth, chain, started_by as StartedBy,
        started_at as StartedAt, next_attempt_at as NextAttemptAt, attempts, finished_at as FinishedAt, last_error as LastError
        """;

    /// <summary>Adds a run; it exists when the transaction commits.</summary>
    public Task AddAsync(NpgsqlTransaction transaction, NewWorkflowRun run, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
            insert into {_table} (id, workflow, definition, entity, record_id, deleted_record, event, position, depth, chain, started_by, state, finished_at, last_error)
            values (@Id, @Workflow, @Definition::jsonb, @entity, @recordId, @DeletedRecord::jsonb, @Event::jsonb, @Position, @Depth, @Chain, @StartedBy,
                    case when @Refusal is null then 'running' else 'failed' end, case when @Refusal is not null then now() end, @Refusal)
            """, new { run.Id, run.Workflow, run.Definition, entity = run.Record.Entity, recordId = run.Record.Id, run.DeletedRecord, run.Event, run.Refusal, run.Position, run.Depth, Chain = string.Join(WorkflowRun.Arrow, run.Chain), run.StartedBy },
            transaction, cancellationToken: ct));

    /// <summary>How many runs this transaction has started, by workflow: they began at its time.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountStartedAsync(NpgsqlTransaction transaction, CancellationToken ct) =>
        (await transaction.Connection!.QueryAsync<(string Workflow, int Count)>(new CommandDefinition(
            $"select workflow, count(*)::int from {_table} where started_at = now() group by workflow", null, transaction, cancellationToken: ct)))
        .ToDictionary(each => each.Workflow, each => each.Count, StringComparer.Ordinal);

    /// <summary>Whether a run about no record is under way.</summary>
    public Task<bool> IsRunningAsync(NpgsqlTransaction transaction, string workflow, CancellationToken ct) =>
        transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"select exists (select from {_table} where finished_at is null and entity = '' and workflow = @workflow)", new { workflow }, transaction, cancellationToken: ct));

    /// <summary>Locks the run that has been due for longest, or gives null where none is due. The lock lasts as long as the transaction.</summary>
    public Task<WorkflowRun?> TakeAsync(NpgsqlTransaction transaction, CancellationToken ct) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<WorkflowRun>(new CommandDefinition($"""
            select {Columns} from {_table} where finished_at is null and next_attempt_at <= now()
            order by next_attempt_at, id limit 1 for update skip locked
            """, null, transaction, cancellationToken: ct));

    /// <summary>Moves a run on.</summary>
    /// <param name="transaction">The transaction of the step.</param>
    /// <param name="id">The run.</param>
    /// <param name="state">New state.</param>
    /// <param name="position">Next step; empty where the run is over.</param>
    /// <param name="notBefore">UTC time before which the next step is not taken; null for at once.</param>
    /// <param name="error">Why the run ended without success; null otherwise.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task MoveAsync(NpgsqlTransaction transaction, Guid id, string state, string position, DateTime? notBefore, string? error, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
            update {_table} set state = @state, position = @position, attempts = 0, next_attempt_at = coalesce(@notBefore, now()), last_error = @error,
                   finished_at = case when @state in ('succeeded', 'failed', 'cancelled') then now() end,
                   deleted_record = case when @state not in ('succeeded', 'cancelled') then deleted_record end,
                   event = case when @state not in ('succeeded', 'cancelled') then event end
            where id = @id
            """, new { id, state, position, notBefore, error }, transaction, cancellationToken: ct));

    /// <summary>Plans another try of the present step, or ends the run as failed where <paramref name="pause"/> is null.</summary>
    public Task FailedAsync(Guid id, string error, TimeSpan? pause, CancellationToken ct) => database.ExecuteAsync($"""
        update {_table} set attempts = attempts + 1, last_error = @error, next_attempt_at = now() + coalesce(@pause, interval '0'),
               state = case when @pause is null then 'failed' else state end, finished_at = case when @pause is null then now() end
        where id = @id and finished_at is null
        """, new { id, error, pause }, ct);

    /// <summary>Lets a failed run go on with the step that failed.</summary>
    /// <returns>False where there is no such failed run.</returns>
    public async Task<bool> ResumeAsync(Guid id, CancellationToken ct) => await database.ExecuteAsync(
        $"update {_table} set state = 'running', attempts = 0, finished_at = null, next_attempt_at = now() where id = @id and state = 'failed'", new { id }, ct) == 1;

    /// <summary>Ends a run that is under way.</summary>
    /// <returns>False where there is no such run.</returns>
    public async Task<bool> CancelAsync(Guid id, CancellationToken ct) => await database.ExecuteAsync(
        $"update {_table} set state = 'cancelled', finished_at = now(), deleted_record = null, event = null where id = @id and finished_at is null", new { id }, ct) == 1;

    /// <summary>The newest runs, failed ones first.</summary>
    /// <param name="recordId">Only runs of this record; null for all.</param>
    /// <param name="limit">Most runs to give.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<ImmutableArray<WorkflowRun>> ListAsync(Guid? recordId, int limit, CancellationToken ct)
    {
        var text = $"select {Columns} from {_table} where @recordId::uuid is null or record_id = @recordId order by (state <> 'failed'), started_at desc limit @limit";
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<WorkflowRun>(new CommandDefinition(text, new { recordId, limit }, cancellationToken: ct))];
    }
}
