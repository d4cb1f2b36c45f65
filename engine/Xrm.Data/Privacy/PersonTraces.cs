using System.Collections.Immutable;
using Dapper;
using Npgsql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Privacy;

/// <summary>
/// Takes what was said of records, and of people, out of everything that lies beside the records: audit, events, deliveries, workflows, answered requests, mails,
/// jobs. Entries of the audit stay, with who did what and when, and can still be proved: see decision 25.
/// </summary>
public sealed class PersonTraces(Database database)
{
    /// <summary>Shorter texts are said of many.</summary>
    private const int ShortestIdentifier = 6;

    private readonly string _schema = $"\"{database.Schema}\"";

    // Without salt, a digest of what was said would tell whoever guesses it; entries of early versions have none, and keep nothing.
    private const string Erase = "erased = case when salt is null then ''::bytea else sha256(convert_to(salt::text || coalesce(changes, '~'), 'UTF8')) end, changes = null, salt = null";

    /// <summary>Forgets what was said of a record.</summary>
    /// <param name="transaction">The transaction in which the record is changed.</param>
    /// <param name="entity">Its entity.</param>
    /// <param name="id">The record.</param>
    /// <param name="kept">Columns of which the audit may go on telling; null for none, of a record that goes.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task ForgetRecordAsync(NpgsqlTransaction transaction, Entity entity, Guid id, IReadOnlyCollection<string>? kept, CancellationToken ct)
    {
        var arguments = new { id, text = id.ToString("D"), entity = entity.Name, kept = kept?.ToArray() };
        foreach (var statement in (string[])
        [
            $"""
            update {_schema}._audit set {Erase} where record_id = @id and changes is not null
              and (@kept::text[] is null or exists (select from json_object_keys(changes::json) k where k <> all(@kept)))
            """,
            $"""
            update {_schema}._outbox set payload = (json_strip_nulls(json_build_object('changed', payload::json -> 'changed',
                'owner', coalesce(payload::json -> 'values' ->> 'owner_id', payload::json ->> 'owner'), 'unit', coalesce(payload::json -> 'values' ->> 'owning_unit_id', payload::json ->> 'unit'),
                'user', payload::json ->> 'user', 'values', case when pending then '{"{}"}'::json end)))::text
            where record_id = @id and (payload::jsonb ? 'previous' or payload::jsonb -> 'values' <> '{"{}"}')
            """,
            $"delete from {_schema}._delivery where record_id = @id and (done_at is not null or dead_at is not null)",
            $"update {_schema}._delivery set payload = '{"{\"values\":{},\"changed\":[]}"}', last_error = null where record_id = @id",
            $"update {_schema}._workflow_run set deleted_record = null, event = null, last_error = null where record_id = @id",
            $"delete from {_schema}._answered_request where position(@text in answer::text) > 0",
            $"delete from {_schema}._job_failure where record_id = @id",
        ])
            await ExecuteAsync(transaction, statement, arguments, ct);
    }

    /// <summary>Forgets a person wherever they are named by what only they have: their addresses, their numbers, their whole name.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="id">The person.</param>
    /// <param name="identifiers">What names the person.</param>
    /// <param name="spared">Records that have to be kept as they are; what was said of them stays.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>Ids of the entries of the audit, about other records or none, that said it.</returns>
    public async Task<ImmutableArray<Guid>> ForgetNamesAsync(NpgsqlTransaction transaction, Guid id, IEnumerable<string> identifiers, IReadOnlyCollection<Guid> spared, CancellationToken ct)
    {
        var names = identifiers.Where(name => name.Length >= ShortestIdentifier).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        // As they stand in JSON, and in the query part of a URL.
        var written = names.SelectMany(name => new[] { name, System.Text.Json.JsonEncodedText.Encode(name).Value, Uri.EscapeDataString(name) }).Distinct(StringComparer.Ordinal).Select(name => name.ToLowerInvariant()).ToArray();
        var arguments = new { id = id.ToString("D"), written, spared = spared.ToArray() };
        const string Names = "exists (select from unnest(@written) w where position(w in lower({0})) > 0)";
        string Naming(string text) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Names, text);
        foreach (var statement in (string[])
        [
            $"delete from {_schema}._mail where {Naming("array_to_string(recipients, ' ') || ' ' || subject || ' ' || body")}",
            $"delete from {_schema}._job where finished_at is not null and ({Naming("query || ' ' || coalesce(body::text, '')")} or (kind = 'person_export' and body ->> 'id' = @id))",
            $"update {_schema}._job_failure set message = 'erased', errors = null where {Naming("message || ' ' || coalesce(errors::text, '')")}",
            $"update {_schema}._rule_count set last_failure = null where {Naming("last_failure")}",
            $"update {_schema}._workflow_run set last_error = null where {Naming("last_error")}",
            $"update {_schema}._workflow_run set event = null where {Naming("event::text")}",
            $"update {_schema}._workflow_run set deleted_record = null where {Naming("deleted_record::text")}",
        ])
            await ExecuteAsync(transaction, statement, arguments, ct);
        if (written.Length == 0) return [];
        return [.. await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
            $"update {_schema}._audit set {Erase} where changes is not null and (record_id is null or record_id <> all(@spared)) and {Naming("changes")} returning id", arguments, transaction, cancellationToken: ct))];
    }

    /// <summary>Files that a record holds.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name, string Field)>> FilesAsync(NpgsqlTransaction transaction, Guid recordId, CancellationToken ct) => (await transaction.Connection!.QueryAsync<(Guid, string, string)>(new CommandDefinition(
        $"select id, name, coalesce(field, '') from {_schema}._file where record_id = @recordId order by created_at, id", new { recordId }, transaction, cancellationToken: ct))).AsList();

    /// <summary>Mails to somebody, the newest first.</summary>
    public async Task<IReadOnlyList<PersonMail>> MailsAsync(NpgsqlTransaction transaction, IEnumerable<string> addresses, CancellationToken ct) => (await transaction.Connection!.QueryAsync<PersonMail>(new CommandDefinition(
        $"select created_at as CreatedAt, sent_at as SentAt, subject, body from {_schema}._mail where exists (select from unnest(recipients) r where lower(r) = any(@addresses)) order by created_at desc",
        new { addresses = addresses.Select(address => address.ToLowerInvariant()).ToArray() }, transaction, cancellationToken: ct))).AsList();

    /// <summary>Notes that a record was erased.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="id">The record.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="hasKept">Something of it had to be kept.</param>
    /// <param name="ct">Cancels the statement.</param>
    public Task NoteErasedAsync(NpgsqlTransaction transaction, string entity, Guid id, Guid by, bool hasKept, CancellationToken ct) => ExecuteAsync(transaction, $"""
        insert into {_schema}._erasure (entity, record_id, erased_by, has_kept) values (@entity, @id, @by, @hasKept)
        on conflict (entity, record_id) do update set erased_at = now(), erased_by = excluded.erased_by, has_kept = excluded.has_kept
        """, new { entity, id, by, hasKept }, ct);

    /// <summary>People who were erased while something of theirs had to be kept.</summary>
    public async Task<IReadOnlyList<(string Entity, Guid Id)>> KeptAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<(string, Guid)>(new CommandDefinition($"select entity, record_id from {_schema}._erasure where has_kept order by erased_at", cancellationToken: ct))).AsList();
    }

    private static Task<int> ExecuteAsync(NpgsqlTransaction transaction, string text, object arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(text, arguments, transaction, cancellationToken: ct));
}

/// <summary>A mail to a person.</summary>
/// <param name="CreatedAt">UTC time at which it was written.</param>
/// <param name="SentAt">UTC time at which it was sent; null where it was not.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Body">Its text.</param>
public sealed record PersonMail(DateTime CreatedAt, DateTime? SentAt, string Subject, string Body);
