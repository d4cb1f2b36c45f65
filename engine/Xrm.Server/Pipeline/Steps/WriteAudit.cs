using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Writes what changed, by whom and through what, into the history of entities and fields that keep one.</summary>
internal sealed class WriteAudit : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Duties.Audited.IsEmpty && !save.Duties.KeepsHistory) return Task.CompletedTask;
        var columns = new List<Column>(save.Duties.Audited.Length);
        foreach (var column in save.Duties.Audited)
            if (save.Operation == Operation.Delete ? save.Previous!.Get(column.Name) is not null : save.IsChanged(column.Name)) columns.Add(column);
        if (columns.Count == 0 && !(save.Duties.KeepsHistory && (save.Operation == Operation.Delete || save.IsRestored))) return Task.CompletedTask;
        var cause = save.Unit.Cause is { } known ? JsonSerializer.Serialize(new { kind = known.Kind, id = known.Id }) : null;
        var entry = new AuditEntry(save.Unit.UtcNow, save.Entity.Name, save.Id, save.IsRestored ? "restore" : save.Operation.ToString().ToLowerInvariant(), save.Unit.Caller.UserId, cause,
            JsonText.Write(writer => WriteChanges(save, columns, writer)), SaveCause.SourceOf(save.Unit), save.Unit.Origin.Address);
        return RecordLog.AuditAsync(save.Unit.Records, entry, ct).AsTask();
    }

    private static void WriteChanges(SaveContext save, List<Column> columns, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var column in columns)
        {
            writer.WriteStartArray(column.Name);
            ColumnJson.Write(writer, save.Previous?.Get(column.Name), column.Type);
            ColumnJson.Write(writer, save.Operation == Operation.Delete ? null : save.Values.Get(column.Name), column.Type);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
