using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>Looks up what many new records point to in one go, instead of record by record.</summary>
internal sealed class ExpectedReferences
{
    private const int Deepest = 5;

    private readonly Dictionary<Entity, HashSet<Guid>> _ids = [];
    private readonly HashSet<Entity> _locked = [];
    private readonly SaveUnit _unit;

    private ExpectedReferences(SaveUnit unit) => _unit = unit;

    /// <summary>Tells of the records that the bodies name, and locks those that the database does not check by itself.</summary>
    public static async Task LoadAsync(SaveUnit unit, Entity entity, IReadOnlyList<JsonElement> bodies, CancellationToken ct)
    {
        var references = new ExpectedReferences(unit);
        references.Add(entity, bodies, 0);
        foreach (var (target, ids) in references._ids.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            if (references._locked.Contains(target)) await unit.Related.LockAsync(target, ids, ct);
            unit.Related.Expect(target, ids);
        }
    }

    private void Add(Entity entity, IReadOnlyList<JsonElement> bodies, int depth)
    {
        foreach (var field in entity.Fields)
        {
            if (field.Child is { } child && field.FarSide is null && depth < Deepest)
                Add(child, [.. bodies.Where(body => Property(body, field.Name) is { ValueKind: JsonValueKind.Array }).SelectMany(body => body.GetProperty(field.Name).EnumerateArray())], depth + 1);
            else if (field.Type is ReferenceFieldType and not OwnerType && !field.IsSystem && !field.Columns.IsEmpty)
                foreach (var body in bodies) Add(field, body);
        }
    }

    private void Add(Field lookup, JsonElement body)
    {
        if (Property(body, lookup.Columns[0].Name) is not { ValueKind: JsonValueKind.String } written || !written.TryGetGuid(out var id)) return;
        var target = !lookup.IsPolymorphic ? lookup.Targets.FirstOrDefault()
            : Property(body, lookup.Columns[1].Name) is { ValueKind: JsonValueKind.String } kind ? _unit.Published.Model.FindEntity(kind.GetString()!) : null;
        if (target is null) return;
        if (!Steps.CheckReferences.IsLeftToDatabase(_unit, lookup, target)) _locked.Add(target);
        if (!_ids.TryGetValue(target, out var ids)) _ids[target] = ids = [];
        ids.Add(id);
    }

    private static JsonElement? Property(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : null;
}
