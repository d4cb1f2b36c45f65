using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Publish;

/// <summary>Finds the records that package files name by their values. What was found is remembered: rows name the same few again and again.</summary>
internal sealed class StarterReferences(RecordTransaction records)
{
    private readonly Dictionary<(Entity, string), Guid> _found = [];

    /// <summary>The record that an object of fields stands for; null where none, or more than one, has these values.</summary>
    public async Task<(Entity Entity, Guid Id)?> FindAsync(Field field, JsonElement json, CancellationToken ct)
    {
        if (Target(field, json) is not { } target) return null;
        var key = (target, json.GetRawText());
        if (_found.TryGetValue(key, out var known)) return (target, known);
        if (await FindOneAsync(target, json.EnumerateObject().Where(property => property.Name != "$entity").Select(property => (property.Name, property.Value)), ct) is not { } id) return null;
        _found[key] = id;
        return (target, id);
    }

    /// <summary>The record with the key of a row; null where there is none.</summary>
    public Task<Guid?> FindByKeyAsync(Entity entity, ImmutableArray<string> key, JsonElement body, CancellationToken ct) => key.IsDefaultOrEmpty
        ? Task.FromResult<Guid?>(null)
        : FindOneAsync(entity, key.Select(name => (name, body.TryGetProperty(entity.FindField(name)?.Column?.Name ?? name, out var value) ? value : default)), ct);

    private Entity? Target(Field field, JsonElement json)
    {
        if (json.TryGetProperty("$entity", out var named)) return records.Published.Model.FindEntity(named.GetString() ?? "");
        return field.Targets.Length == 1 ? field.Targets[0] : null;
    }

    private async Task<Guid?> FindOneAsync(Entity entity, IEnumerable<(string Name, JsonElement Value)> values, CancellationToken ct)
    {
        var wanted = new List<(Column, object?)>();
        foreach (var (name, value) in values)
        {
            var field = entity.FindField(name) ?? entity.FindColumn(name)?.Field;
            if (field?.Column is not { } main) return null;
            var column = entity.FindColumn(name)?.Column ?? main;
            if (value.ValueKind == JsonValueKind.Object && field.Type is ReferenceFieldType)
            {
                if (await FindAsync(field, value, ct) is not { } target) return null;
                wanted.Add((main, target.Id));
            }
            else if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                wanted.Add((column, null));
            }
            else
            {
                var read = field.Type.Read(value, field, column);
                if (!read.Ok) return null;
                wanted.Add((column, read.Value));
            }
        }
        return wanted.Count > 0 && await RecordLoader.FindAsync(records, entity, wanted, 2, ct) is [var only] ? only.Id : null;
    }
}
