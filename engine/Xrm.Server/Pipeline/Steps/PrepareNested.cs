using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Children and links come as the complete set: those named are changed, those without an id are created, those that are missing are deleted.</summary>
internal sealed class PrepareNested(Func<SaveContext, CancellationToken, Task> prepare) : ISaveStep
{
    private const int MostItems = 1000;
    private const int Deepest = 5;

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        save.Unit.Related.Put(save.Entity, save.Id, save.Values);
        if (save.Sets.Count > 0 && save.Depth >= Deepest) throw new XrmException("too_deep", 400, $"Children are nested deeper than {Deepest} levels.");
        foreach (var (field, sent) in save.Sets)
        {
            if (sent.GetArrayLength() > MostItems) throw new XrmException("too_many_items", 400, $"{field.Label}: more than {MostItems} at once.");
            var existing = save.IsNew ? [] : await RecordLoader.LoadPointingAsync(save.Unit.Records, field.Via!, save.Entity, save.Id, ct);
            if (field.FarSide is { } far) await LinksAsync(save, field, far, sent, existing, ct);
            else await ChildrenAsync(save, field, sent, existing, ct);
        }
    }

    private async Task ChildrenAsync(SaveContext save, Field field, JsonElement sent, List<RecordValues> existing, CancellationToken ct)
    {
        var left = existing.ToDictionary(record => record.Id);
        var kept = new List<(SaveContext Child, RecordValues? Previous)>();
        foreach (var (index, item) in sent.EnumerateArray().Index())
        {
            var path = $"{field.Name}[{index}].";
            var id = IdOf(save, item, path, out var isWrong);
            if (isWrong) continue;
            if (id is null) kept.Add((save.Child(Operation.Create, field.Child!, Guid.CreateVersion7(), path, item, Pointing(save, field.Via!)), null));
            else if (left.Remove(id.Value, out var previous)) kept.Add((save.Child(Operation.Update, field.Child!, id.Value, path, item, Pointing(save, field.Via!)), previous));
            else save.Fail($"{path}id", "unknown_child", $"{field.Label}: the {field.Child!.Label} {id} does not belong to this record, or occurs twice.");
        }
        foreach (var gone in left.Values) kept.Insert(0, (save.Child(Operation.Delete, field.Child!, gone.Id, $"{field.Name}.", default, Pointing(save, field.Via!)), gone));
        foreach (var (child, previous) in kept) await AddAsync(save, child, previous, ct);
    }

    private async Task LinksAsync(SaveContext save, Field field, Field far, JsonElement sent, List<RecordValues> existing, CancellationToken ct)
    {
        var column = far.Columns[0].Name;
        var left = existing.Where(link => link.Get(column) is Guid).GroupBy(link => (Guid)link[column]!).ToDictionary(group => group.Key, group => group.First());
        var seen = new HashSet<Guid>();
        foreach (var (index, item) in sent.EnumerateArray().Index())
        {
            var path = $"{field.Name}[{index}].";
            var id = IdOf(save, item, path, out var isWrong);
            if (isWrong) continue;
            if (id is null) save.Fail($"{path}id", "required", $"{field.Label}: each item needs the id of a record.");
            else if (!seen.Add(id.Value) || left.Remove(id.Value)) continue;
            else await AddAsync(save, Link(save, field, far, id.Value, path), null, ct);
        }
        foreach (var gone in left.Values)
            await AddAsync(save, save.Child(Operation.Delete, field.Child!, gone.Id, $"{field.Name}.", default, Pointing(save, field.Via!)), gone, ct);
    }

    private static SaveContext Link(SaveContext save, Field field, Field far, Guid id, string path)
    {
        var set = Pointing(save, field.Via!);
        set[far.Columns[0].Name] = id;
        return save.Child(Operation.Create, field.Child!, Guid.CreateVersion7(), path, default, set);
    }

    private async Task AddAsync(SaveContext save, SaveContext child, RecordValues? previous, CancellationToken ct)
    {
        child.Previous = previous;
        save.Nested.Add(child);
        await prepare(child, ct);
    }

    private static Dictionary<string, object?> Pointing(SaveContext save, Field via)
    {
        var set = new Dictionary<string, object?>(StringComparer.Ordinal) { [via.Columns[0].Name] = save.Id };
        if (via.IsPolymorphic) set[via.Columns[1].Name] = save.Entity.Name;
        return set;
    }

    private static Guid? IdOf(SaveContext save, JsonElement item, string path, out bool isWrong)
    {
        isWrong = item.ValueKind != JsonValueKind.Object;
        if (isWrong) save.Fail(path.TrimEnd('.'), "wrong_type", "Expected a JSON object.");
        if (isWrong || !item.TryGetProperty("id", out var json) || json.ValueKind == JsonValueKind.Null) return null;
        if (json.ValueKind == JsonValueKind.String && json.TryGetGuid(out var id)) return id;
        isWrong = true;
        save.Fail($"{path}id", "invalid_id", "The id must be a UUID.");
        return null;
    }
}
