using System.Text;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Puts the change into the outbox, from where workflows and plugins hear of it once it is committed.</summary>
internal sealed class PublishEvents : ISaveStep
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
        var entry = new OutboxEntry(save.Unit.UtcNow, name, save.Entity.Name, save.Id, save.Values.Version, Payload(save));
        return (save.Unit.PublishesEvents ? RecordLog.PublishAsync(save.Unit.Records, entry, ct) : RecordLog.NoteAsync(save.Unit.Records, entry, ct)).AsTask();
    }

    private static string Payload(SaveContext save)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            var table = save.Unit.Records.Table(save.Entity);
            writer.WritePropertyName("values");
            table.Write(writer, save.Values);
            if (save.Previous is { } previous)
            {
                writer.WritePropertyName("previous");
                table.Write(writer, previous);
            }
            writer.WriteStartArray("changed");
            foreach (var column in save.Changed) writer.WriteStringValue(column.Name);
            writer.WriteEndArray();
            writer.WriteString("user", save.Unit.Caller.UserId);
            if (save.Unit.Cause is { } cause)
            {
                writer.WriteStartObject("cause");
                writer.WriteString("kind", cause.Kind);
                writer.WriteString("id", cause.Id);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
