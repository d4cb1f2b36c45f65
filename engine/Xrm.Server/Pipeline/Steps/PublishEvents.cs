using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Data.Sql;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Puts the change into the outbox, from where workflows and plugins hear of it once it is committed.</summary>
internal sealed class PublishEvents(bool hasReceivers) : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Entity.IsGeneratedLink) return Task.CompletedTask;
        var name = save.Operation switch
        {
            Operation.Create => "created",
            Operation.Update => "updated",
            _ => "deleted",
        };
        var isPending = hasReceivers && save.Unit.PublishesEvents;
        var entry = new OutboxEntry(save.Unit.UtcNow, name, save.Entity.Name, save.Id, save.Values.Version, JsonText.Write(writer => WritePayload(save, writer, isPending)), isPending);
        return RecordLog.PublishAsync(save.Unit.Records, entry, ct).AsTask();
    }

    /// <summary>Of a new record all is changed that has a value: only receivers are told so in as many words.</summary>
    private static void WritePayload(SaveContext save, Utf8JsonWriter writer, bool isForReceivers)
    {
        var isShort = save.Previous is null && !isForReceivers;
        writer.WriteStartObject();
        writer.WritePropertyName("values"u8);
        save.Table.Write(writer, save.Values, withNulls: !isShort);
        var changed = isShort ? [] : save.Changed.ToList();
        if (!isShort)
        {
            writer.WriteStartArray("changed"u8);
            foreach (var column in changed) writer.WriteStringValue(column.Name);
            writer.WriteEndArray();
        }
        if (save.Previous is { } previous)
        {
            writer.WriteStartObject("previous"u8);
            foreach (var column in changed)
            {
                writer.WritePropertyName(column.Name);
                ColumnJson.Write(writer, previous.Get(column.Name), column.Type);
            }
            writer.WriteEndObject();
        }
        writer.WriteString("user"u8, save.Unit.Caller.UserId);
        if (save.Unit.Cause is { } cause)
        {
            writer.WriteStartObject("cause"u8);
            writer.WriteString("kind"u8, cause.Kind);
            writer.WriteString("id"u8, cause.Id);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
