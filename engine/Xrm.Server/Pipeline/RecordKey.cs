using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>What names one record: its id, or the values of an alternate key.</summary>
internal sealed class RecordKey
{
    private RecordKey(Entity entity, Guid? id, ImmutableArray<(Column Column, object? Value)> values) => (Entity, Id, Values) = (entity, id, values);

    /// <summary>Entity of the record.</summary>
    public Entity Entity { get; }

    /// <summary>The id; null where an alternate key names the record.</summary>
    public Guid? Id { get; }

    /// <summary>Values by column; none of them is null.</summary>
    public ImmutableArray<(Column Column, object? Value)> Values { get; }

    /// <summary>A record by its id.</summary>
    public static RecordKey OfId(Entity entity, Guid id) => new(entity, id, [(entity.FindColumn("id")!.Value.Column, id)]);

    /// <summary>A record by an alternate key.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="values">Values of all columns of one of its keys.</param>
    public static RecordKey OfValues(Entity entity, ImmutableArray<(Column Column, object? Value)> values) => new(entity, null, values);

    /// <summary>404 for a record that is not there.</summary>
    public XrmException NotFound() => Id is { } id ? XrmException.RecordNotFound(Entity.Name, id)
        : new XrmException("record_not_found", 404, $"There is no {Entity.Name} with the key {this}, or you may not see it.");

    /// <summary>The values of a new record: those that were sent, and those of the key.</summary>
    /// <exception cref="XrmException">400: the body names another value than the key.</exception>
    public JsonElement Complete(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return body;
        var missing = Values.Where(pair => !Names(body, pair.Column, pair.Value)).ToList();
        return JsonText.Read(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in body.EnumerateObject()) property.WriteTo(writer);
            foreach (var (column, value) in missing)
            {
                writer.WritePropertyName(column.Name);
                ColumnJson.Write(writer, value, column.Type);
            }
            writer.WriteEndObject();
        });
    }

    private static bool Names(JsonElement body, Column column, object? value)
    {
        if (!body.TryGetProperty(column.Name, out var sent)) return false;
        if (JsonElement.DeepEquals(sent, JsonSerializer.SerializeToElement(value))) return true;
        const string Message = "The URL names another value for a new record than the body.";
        throw new XrmException("key_mismatch", 400, Message, [new FieldError(column.Name, "key_mismatch", Message)]);
    }

    /// <summary>The key as it stands in a URL.</summary>
    public override string ToString() => string.Join(',', Values.Select(pair => FormattableString.Invariant($"{pair.Column.Name}={pair.Value}")));
}
