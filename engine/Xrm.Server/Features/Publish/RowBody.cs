using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Publish;

/// <summary>Turns values by field name, as package files hold them, into the body of a data request, with references resolved.</summary>
/// <param name="resolve">Finds the record that an object of fields stands for; null where it is not there.</param>
internal sealed class RowBody(Func<Field, JsonElement, CancellationToken, Task<(Entity Entity, Guid Id)?>> resolve)
{
    /// <summary>The body, and the fields whose record was not found.</summary>
    public async Task<(JsonElement Body, List<string> Unresolved)> BuildAsync(Entity entity, IEnumerable<KeyValuePair<string, JsonElement>> values, CancellationToken ct)
    {
        var body = new JsonObject();
        var unresolved = new List<string>();
        foreach (var (name, json) in values)
        {
            var field = entity.FindField(name);
            if (field?.Child is not null && json.ValueKind == JsonValueKind.Array) body[name] = await SetAsync(field, json, unresolved, ct);
            else if (field?.Type is ReferenceFieldType && json.ValueKind == JsonValueKind.Object) await ReferenceAsync(field, json, body, unresolved, ct);
            else body[field?.Type is ReferenceFieldType ? field.Columns[0].Name : name] = JsonNode.Parse(json.GetRawText());
        }
        return (JsonSerializer.SerializeToElement(body), unresolved);
    }

    private async Task ReferenceAsync(Field field, JsonElement json, JsonObject body, List<string> unresolved, CancellationToken ct)
    {
        if (await resolve(field, json, ct) is not { } found)
        {
            unresolved.Add(field.Name);
            return;
        }
        body[field.Columns[0].Name] = found.Id;
        if (field.IsPolymorphic || field.Columns.Length > 1) body[field.Columns[1].Name] = found.Entity.Name;
    }

    private async Task<JsonArray> SetAsync(Field field, JsonElement json, List<string> unresolved, CancellationToken ct)
    {
        var items = new JsonArray();
        foreach (var item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                items.Add(JsonNode.Parse(item.GetRawText()));
            }
            else if (field.FarSide is { } far)
            {
                if (await resolve(far, item, ct) is { } found) items.Add(new JsonObject { ["id"] = found.Id });
                else unresolved.Add(field.Name);
            }
            else
            {
                var (child, missing) = await BuildAsync(field.Child!, item.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value)), ct);
                items.Add(JsonNode.Parse(child.GetRawText()));
                unresolved.AddRange(missing.Select(name => $"{field.Name}.{name}"));
            }
        }
        return items;
    }
}
