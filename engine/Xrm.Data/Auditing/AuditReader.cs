using System.Globalization;
using Dapper;

namespace Xrm.Data.Auditing;

/// <summary>Reads the audit. Knows no rights: whoever calls it checks them.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class AuditReader(Database database)
{
    private readonly string _schema = $"\"{database.Schema}\"";

    private string Select => $"""
        select a.id, a.at, {_schema}._audit_entity(a.entity, a.at) as Entity, a.record_id as RecordId, a.operation, a.by_user as UserId, u.display_name as UserName,
               a.cause ->> 'kind' as CauseKind, coalesce(w.workflow, a.cause ->> 'id') as CauseId, a.changes, a.erased is not null as IsErased, a.source, a.address
        from {_schema}._audit a left join xrm."user" u on u.id = a.by_user
             left join {_schema}._workflow_run w on a.cause ->> 'kind' = 'workflow' and w.id::text = a.cause ->> 'id'
        """;

    /// <summary>A page of what happened to a record, the newest first.</summary>
    /// <param name="entity">Name of its entity now.</param>
    /// <param name="recordId">The record.</param>
    /// <param name="behind">The entry behind which to go on; null to begin.</param>
    /// <param name="limit">Most entries.</param>
    /// <param name="ct">Cancels the query.</param>
    public Task<IReadOnlyList<AuditRow>> HistoryAsync(string entity, Guid recordId, AuditPlace? behind, int limit, CancellationToken ct) => QueryAsync($"""
        {Select} where a.record_id = @recordId and (@at::timestamptz is null or (a.at, a.id) < (@at, @id)) and {_schema}._audit_entity(a.entity, a.at) = @entity
        order by a.at desc, a.id desc limit @limit
        """, new { entity, recordId, at = behind?.At, id = behind?.Id ?? Guid.Empty, limit }, ct);

    /// <summary>What happened to a record after an entry, the oldest first.</summary>
    /// <param name="entity">Name of its entity now.</param>
    /// <param name="recordId">The record.</param>
    /// <param name="place">The entry, which is not among them.</param>
    /// <param name="ct">Cancels the query.</param>
    public Task<IReadOnlyList<AuditRow>> SinceAsync(string entity, Guid recordId, AuditPlace place, CancellationToken ct) => QueryAsync($"""
        {Select} where a.record_id = @recordId and (a.at, a.id) > (@At, @Id) and {_schema}._audit_entity(a.entity, a.at) = @entity order by a.at, a.id
        """, new { entity, recordId, place.At, place.Id }, ct);

    /// <summary>An entry of a record's history; null where there is none of that id.</summary>
    public async Task<AuditRow?> FindAsync(string entity, Guid recordId, Guid id, CancellationToken ct) =>
        (await QueryAsync($"{Select} where a.record_id = @recordId and a.id = @id and {_schema}._audit_entity(a.entity, a.at) = @entity", new { entity, recordId, id }, ct)).SingleOrDefault();

    /// <summary>A page of the whole audit, the newest first.</summary>
    public Task<IReadOnlyList<AuditRow>> ListAsync(AuditFilter filter, CancellationToken ct) => QueryAsync($"""
        {Select} where (@From::timestamptz is null or a.at >= @From) and (@To::timestamptz is null or a.at < @To) and (@at::timestamptz is null or (a.at, a.id) < (@at, @id))
          and (@UserId::uuid is null or a.by_user = @UserId) and (@operations::text[] is null or a.operation = any(@operations)) and (@Source::text is null or a.source = @Source)
          and (@RecordId::uuid is null or a.record_id = @RecordId) and (@Entity::text is null or {_schema}._audit_entity(a.entity, a.at) = @Entity)
        order by a.at desc, a.id desc limit @Limit
        """, new { filter.From, filter.To, at = filter.Behind?.At, id = filter.Behind?.Id ?? Guid.Empty, filter.UserId, operations = filter.Operations?.ToArray(), filter.Source, filter.RecordId, filter.Entity, filter.Limit }, ct);

    /// <summary>Names that fields of an entity had, the oldest first.</summary>
    /// <param name="entity">Name of the entity now.</param>
    /// <param name="ct">Cancels the query.</param>
    public async Task<IReadOnlyList<FormerFieldName>> FieldNamesAsync(string entity, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<FormerFieldName>(new CommandDefinition($"select formerly, now, until from {_schema}._audit_field_name where entity = @entity order by until", new { entity }, cancellationToken: ct))).AsList();
    }

    /// <summary>How far the chain has come.</summary>
    public async Task<AuditChainState> ChainAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var last = await connection.QuerySingleOrDefaultAsync<AuditSeal>(new CommandDefinition($"select {AuditSeals.Columns} from {_schema}._audit_seal order by number desc limit 1", cancellationToken: ct));
        return new AuditChainState(last?.Number ?? 0, last?.SealedAt, last?.Total ?? 0, last is null ? null : Convert.ToHexStringLower(last.Hash));
    }

    private async Task<IReadOnlyList<AuditRow>> QueryAsync(string text, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<AuditRow>(new CommandDefinition(text, arguments, cancellationToken: ct))).AsList();
    }
}

/// <summary>A place in the audit, by which a list goes on.</summary>
/// <param name="At">UTC time of an entry.</param>
/// <param name="Id">Its id.</param>
public readonly record struct AuditPlace(DateTime At, Guid Id)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; null for a text that is none.</summary>
    public static AuditPlace? TryParse(string text) => text.Split('_') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTime.MaxValue.Ticks && Guid.TryParseExact(id, "N", out var known)
        ? new AuditPlace(new DateTime(number, DateTimeKind.Utc), known) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.Ticks}_{Id:N}");
}

/// <summary>Which entries of the audit are wanted; null wants all.</summary>
public sealed record AuditFilter
{
    /// <summary>UTC time from which on.</summary>
    public DateTime? From { get; init; }

    /// <summary>UTC time before which.</summary>
    public DateTime? To { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What was done.</summary>
    public IReadOnlyCollection<string>? Operations { get; init; }

    /// <summary>Through what it came.</summary>
    public string? Source { get; init; }

    /// <summary>Name of the entity now.</summary>
    public string? Entity { get; init; }

    /// <summary>The record.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>The entry behind which to go on; null to begin.</summary>
    public AuditPlace? Behind { get; init; }

    /// <summary>Most entries.</summary>
    public required int Limit { get; init; }
}

/// <summary>An entry as it is stored.</summary>
public sealed record AuditRow
{
    /// <summary>Id of the entry.</summary>
    public Guid Id { get; init; }

    /// <summary>UTC time.</summary>
    public DateTime At { get; init; }

    /// <summary>Name of the entity now; null for none.</summary>
    public string? Entity { get; init; }

    /// <summary>The record; null for none.</summary>
    public Guid? RecordId { get; init; }

    /// <summary><c>create</c>, <c>update</c>, <c>delete</c>, <c>restore</c>, or one of <see cref="AuditOperations"/>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Who did it; null where nobody is known.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What people call who did it; null where the user is gone, or is the engine itself.</summary>
    public string? UserName { get; init; }

    /// <summary>What made it happen besides the person, such as <c>rule</c>; null for a person's own request.</summary>
    public string? CauseKind { get; init; }

    /// <summary>Which one: its name, of a run the name of its workflow.</summary>
    public string? CauseId { get; init; }

    /// <summary>JSON object: of a record its columns to <c>[before, after]</c>, else details; null for none.</summary>
    public string? Changes { get; init; }

    /// <summary>What it said was erased, to protect a person; it says nothing any more.</summary>
    public bool IsErased { get; init; }

    /// <summary>Through what it came, one of <see cref="AuditSources"/>; null for entries of early versions.</summary>
    public string? Source { get; init; }

    /// <summary>IP address of the client; null where it is not known.</summary>
    public string? Address { get; init; }

    /// <summary>Where it stands.</summary>
    public AuditPlace Place => new(At, Id);
}

/// <summary>A name that a field had.</summary>
/// <param name="Formerly">The name.</param>
/// <param name="Now">The name of the same field now.</param>
/// <param name="Until">UTC time until which it had it.</param>
public sealed record FormerFieldName(string Formerly, string Now, DateTime Until);

/// <summary>How far the chain has come.</summary>
/// <param name="Seals">Number of the last seal; 0 for none.</param>
/// <param name="SealedAt">UTC time of the last seal; null for none.</param>
/// <param name="Entries">Entries that were sealed.</param>
/// <param name="Head">Hash of the last seal in hexadecimal digits; null for none.</param>
public sealed record AuditChainState(long Seals, DateTime? SealedAt, long Entries, string? Head);
