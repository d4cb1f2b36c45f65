using System.Text;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Writes what changed, by whom and through what, into the history of entities and fields that keep one.</summary>
internal sealed class WriteAudit : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        var entityKeeps = save.Entity.Features.Contains("audit");
        var columns = save.Entity.Fields
            .Where(field => !IsBookkeeping(field) && (field.Source.Audit ?? entityKeeps) && save.Unit.Published.Formulas.IsStored(field))
            .SelectMany(field => field.Columns).Where(column => save.Operation == Operation.Delete ? save.Previous!.Get(column.Name) is not null : save.IsChanged(column.Name)).ToList();
        if (columns.Count == 0 && !(entityKeeps && (save.Operation == Operation.Delete || save.IsRestored))) return Task.CompletedTask;
        var cause = save.Unit.Cause is { } known ? JsonSerializer.Serialize(new { kind = known.Kind, id = known.Id }) : null;
        var entry = new AuditEntry(save.Unit.UtcNow, save.Entity.Name, save.Id, save.IsRestored ? "restore" : save.Operation.ToString().ToLowerInvariant(), save.Unit.Caller.UserId, cause, Changes(save, columns));
        return RecordLog.AuditAsync(save.Unit.Records, entry, ct).AsTask();
    }

    // The history row itself says when and by whom.
    private static bool IsBookkeeping(Field field) => field.IsSystem && field.Type is not OwnerType && field.Name != "owning_unit";

    private static string Changes(SaveContext save, IEnumerable<Column> columns)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
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
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
