using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>What is written beside a record, in the same transaction: its history, and its event for workflows and plugins.</summary>
public static class RecordLog
{
    private static readonly RowTarget Audit = new("_audit",
    [
        ("id", ColumnType.Uuid), ("at", ColumnType.Timestamp), ("entity", ColumnType.Text), ("record_id", ColumnType.Uuid),
        ("operation", ColumnType.Text), ("by_user", ColumnType.Uuid), ("cause", ColumnType.Json), ("changes", ColumnType.Text), ("source", ColumnType.Text), ("address", ColumnType.Text),
    ]);

    private static readonly RowTarget Outbox = new("_outbox",
    [
        ("at", ColumnType.Timestamp), ("event", ColumnType.Text), ("entity", ColumnType.Text), ("record_id", ColumnType.Uuid),
        ("version", ColumnType.Integer), ("payload", ColumnType.Text), ("pending", ColumnType.Boolean),
    ]);

    /// <summary>Adds a row to the history.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entry">What happened.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static ValueTask AuditAsync(RecordTransaction records, AuditEntry entry, CancellationToken ct) => records.InsertAsync(Audit, new NewRow(
        [Guid.CreateVersion7(), entry.At, entry.Entity, entry.RecordId, entry.Operation, entry.UserId, entry.CauseJson, entry.ChangesJson, entry.Source, entry.Address], ""), ct);

    /// <summary>Adds an event; it exists when the transaction commits.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entry">The event.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static ValueTask PublishAsync(RecordTransaction records, OutboxEntry entry, CancellationToken ct) => records.InsertAsync(Outbox, new NewRow(
        [entry.At, entry.Event, entry.Entity, entry.RecordId, entry.Version, entry.PayloadJson, entry.IsPending], ""), ct);

    /// <summary>Begins a statement that changes rows, under the alias <c>p</c>, and notes that it did; <see cref="EndNoted"/> ends it.</summary>
    internal static SqlBuilder BeginNoted() => new SqlBuilder().Text("with changed as (");

    /// <summary>Ends what <see cref="BeginNoted"/> began.</summary>
    /// <param name="sql">The statement, behind its last condition.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="field">The field that it changes.</param>
    /// <param name="told">Ids of records of which nothing is to be noted.</param>
    internal static SqlBuilder EndNoted(SqlBuilder sql, string schema, Field field, IReadOnlyCollection<Guid> told)
    {
        sql.Text(" returning p.id, p.version").Either(field.Entity.IsUserOwned, ", p.owner_id", "").Either(field.Entity.OwningUnit is not null, ", p.owning_unit_id", "").Text(") insert into ").Name(schema, "_outbox")
            .Text(" (at, event, entity, record_id, version, payload) select now(), 'updated', ").Value(field.Entity.Name, ColumnType.Text)
            .Text(", id, version, jsonb_build_object('changed', cast(").Value(JsonSerializer.Serialize(field.Columns.Select(column => column.Name)), ColumnType.Json)
            .Text(" as jsonb)").Either(field.Entity.IsUserOwned, ", 'owner', owner_id", "").Either(field.Entity.OwningUnit is not null, ", 'unit', owning_unit_id", "").Text(")::text from changed");
        return told.Count == 0 ? sql : sql.Text(" where id <> all(").Values([.. told.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
    }
}

/// <summary>A row of the history.</summary>
/// <param name="At">UTC time.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Operation"><c>create</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="CauseJson">What made it happen besides the person: JSON object with <c>kind</c> and <c>id</c>; null for a person's own request.</param>
/// <param name="ChangesJson">JSON object: column name to <c>[before, after]</c>.</param>
/// <param name="Source">Through what it came, one of <see cref="Auditing.AuditSources"/>.</param>
/// <param name="Address">IP address of the client; null where nobody asked over the network.</param>
public sealed record AuditEntry(DateTime At, string Entity, Guid RecordId, string Operation, Guid UserId, string? CauseJson, string ChangesJson, string Source, string? Address);

/// <summary>An event of a record.</summary>
/// <param name="At">UTC time.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Version">Version after the change.</param>
/// <param name="PayloadJson">JSON object with <c>values</c>, <c>changed</c> and <c>user</c>; of a new record that no receiver waits for, <c>values</c> names only what has a value, which is what changed.</param>
/// <param name="IsPending">There are receivers that it may have to be delivered to.</param>
public sealed record OutboxEntry(DateTime At, string Event, string Entity, Guid RecordId, long Version, string PayloadJson, bool IsPending);
