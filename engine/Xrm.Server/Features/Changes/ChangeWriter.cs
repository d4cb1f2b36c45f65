using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Changes;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Changes;

/// <summary>Writes changes as server-sent events, as far as the caller may see them.</summary>
/// <param name="sight">Which changes the caller may know of.</param>
/// <param name="model">The model in force.</param>
/// <param name="caller">Who follows.</param>
/// <param name="wish">What they want to know.</param>
/// <param name="output">Where it goes.</param>
internal sealed class ChangeWriter(ChangeSight sight, Model model, Caller caller, ChangeWish wish, IBufferWriter<byte> output)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the changes of a page that the caller may know of.</summary>
    public async Task WriteAsync(ChangePage page, CancellationToken ct)
    {
        var seen = await sight.FindAsync([.. page.Changes.Where(IsWanted)], ct);
        foreach (var change in page.Changes)
        {
            if (!IsWanted(change) || model.FindEntity(change.Entity) is not { } entity) continue;
            if (Kind(change, seen.GetValueOrDefault(change.Id)) is not var (kind, reason)) continue;
            Text($"id: {page.Behind(change)}\nevent: change\ndata: ");
            WriteData(entity, change, kind, reason);
            Text("\n\n");
        }
    }

    /// <summary>Says how far the client has come, and that the connection lives; dispatches nothing.</summary>
    public void Beat(ChangePosition position) => Text($"id: {position}\n: heartbeat\n\n");

    /// <summary>Says why the connection ends.</summary>
    public void End(string code) => Text($"event: end\ndata: {{\"code\":\"{code}\"}}\n\n");

    /// <summary>What a change is to the caller: a record that comes into or goes out of sight was created or deleted for them. Null for what they may not know.</summary>
    private static (string Kind, string? Reason)? Kind(RecordChange change, Sight seen) => (seen.Before, seen.After) switch
    {
        (false, false) => null,
        (false, true) => ("create", null),
        (true, true) => ("update", null),
        _ => ("delete", change.Event == "deleted" ? "deleted" : "changed"),
    };

    private bool IsWanted(RecordChange change) => wish.Entities?.Contains(change.Entity) != false;

    private void WriteData(Entity entity, RecordChange change, string kind, string? reason)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("change"u8, kind);
        if (reason is not null) writer.WriteString("reason"u8, reason);
        writer.WriteString("entity"u8, entity.Name);
        writer.WriteString("collection"u8, entity.Plural);
        writer.WriteString("id"u8, change.RecordId);
        writer.WriteNumber("version"u8, change.Version);
        writer.WriteString("at"u8, change.At);
        if (kind == "update") WriteChanged(writer, entity, change);
        if (kind != "delete" && change.Values is { } values && !wish.Select.IsEmpty) WriteValues(writer, entity, values);
        writer.WriteEndObject();
    }

    private void WriteChanged(Utf8JsonWriter writer, Entity entity, RecordChange change)
    {
        writer.WriteStartArray("changed"u8);
        foreach (var name in change.Changed)
            if (entity.FindColumn(name) is var (field, _) && caller.CanReadField(field) && (!field.IsSystem || name is "owner_id" or "owning_unit_id")) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    private void WriteValues(Utf8JsonWriter writer, Entity entity, string values)
    {
        using var json = JsonDocument.Parse(values);
        writer.WriteStartObject("values"u8);
        foreach (var column in entity.Fields.Where(caller.CanReadField).SelectMany(field => field.Columns).Where(column => wish.Select.Contains(column.Name)))
        {
            writer.WritePropertyName(column.Name);
            // An event of a new record names what has a value.
            if (json.RootElement.TryGetProperty(column.Name, out var value)) value.WriteTo(writer);
            else writer.WriteNullValue();
        }
        writer.WriteEndObject();
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
