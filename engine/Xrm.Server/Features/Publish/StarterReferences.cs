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
    private readonly Dictionary<(Entity, string Property, string Value), Guid?> _added = [];
    private readonly HashSet<(Entity, string Key)> _addedKeys = [];
    private readonly Dictionary<Entity, bool> _wasEmpty = [];

    /// <summary>The record that an object of fields stands for; null where none, or more than one, has these values.</summary>
    public async Task<(Entity Entity, Guid Id)?> FindAsync(Field field, JsonElement json, CancellationToken ct)
    {
        if (Target(field, json) is not { } target) return null;
        var key = (target, json.GetRawText());
        if (_found.TryGetValue(key, out var known)) return (target, known);
        if (Single(json) is { } only && _added.TryGetValue((target, only.Name, only.Value.GetString()!), out var added) && added is { } one && await WasEmptyAsync(target, ct)) return (target, one);
        if (await FindOneAsync(target, json.EnumerateObject().Where(property => property.Name != "$entity").Select(property => (property.Name, property.Value)), ct) is not { } id) return null;
        _found[key] = id;
        return (target, id);
    }

    /// <summary>The record with the key of a row; null where there is none.</summary>
    public async Task<Guid?> FindByKeyAsync(Entity entity, ImmutableArray<string> key, JsonElement body, CancellationToken ct)
    {
        if (key.IsDefaultOrEmpty) return null;
        // In an organisation that is new there is nothing to find but what this run has added.
        if (await WasEmptyAsync(entity, ct) && !_addedKeys.Contains((entity, KeyText(entity, key, body)))) return null;
        return await FindOneAsync(entity, key.Select(name => (name, Value(entity, name, body))), ct);
    }

    /// <summary>Remembers a record that was added for a row.</summary>
    public void Add(Entity entity, ImmutableArray<string> key, JsonElement body, Guid id)
    {
        if (!key.IsDefaultOrEmpty) _addedKeys.Add((entity, KeyText(entity, key, body)));
        foreach (var property in body.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.String)
                // Two records with one value: neither is meant by it alone.
                _added[(entity, property.Name, property.Value.GetString()!)] = _added.ContainsKey((entity, property.Name, property.Value.GetString()!)) ? null : id;
    }

    private async Task<bool> WasEmptyAsync(Entity entity, CancellationToken ct)
    {
        if (!_wasEmpty.TryGetValue(entity, out var isEmpty))
            _wasEmpty[entity] = isEmpty = _added.Keys.All(added => added.Item1 != entity) && (await RecordLoader.FindAsync(records, entity, [], 1, ct)).Count == 0;
        return isEmpty;
    }

    private static string KeyText(Entity entity, ImmutableArray<string> key, JsonElement body) => string.Join('\n', key.Select(name => Value(entity, name, body) is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : ""));

    private static JsonElement Value(Entity entity, string name, JsonElement body) => body.TryGetProperty(entity.FindField(name)?.Column?.Name ?? name, out var value) ? value : default;

    private static JsonProperty? Single(JsonElement json)
    {
        var properties = json.EnumerateObject().Where(property => property.Name != "$entity").Take(2).ToList();
        return properties is [{ Value.ValueKind: JsonValueKind.String }] ? properties[0] : null;
    }

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
