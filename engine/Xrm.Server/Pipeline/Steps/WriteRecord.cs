using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Stamps the record and writes its row.</summary>
internal sealed class WriteRecord : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        var unit = save.Unit;
        var (entity, values) = (save.Entity, save.Values);
        switch (save.Operation)
        {
            case Operation.Create:
                values["version"] = 1L;
                Stamp(save, "created");
                Stamp(save, "modified");
                await RecordWriter.InsertAsync(unit.Records, entity, values, save.Path, ct);
                break;
            case Operation.Update:
                if (!save.Changed.Any()) return;
                values["version"] = save.Previous!.Version + 1;
                Stamp(save, "modified");
                await RecordWriter.UpdateAsync(unit.Records, entity, values, save.Changed.Select(column => column.Name).ToHashSet(StringComparer.Ordinal), ct);
                break;
            default:
                await DeleteAsync(save, ct);
                break;
        }
        // In the recycle bin it counted for nothing.
        unit.Rollups.Touch(entity, save.WasRecycled ? null : save.Previous, save.Operation == Operation.Delete ? null : values);
        unit.Related.Put(entity, save.Id, save.Operation == Operation.Delete ? null : values);
        unit.Written.Add(save);
    }

    private static async Task DeleteAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var lookup in save.ClearedLookups) await ClearAsync(save, lookup, ct);
        save.Values["version"] = save.Previous!.Version + 1;
        if (!save.IsRecycled)
        {
            await RecordWriter.DeleteAsync(save.Unit.Records, save.Entity, save.Id, ct);
            return;
        }
        Stamp(save, "deleted");
        await RecordWriter.UpdateAsync(save.Unit.Records, save.Entity, save.Values, new HashSet<string> { "deleted_at", save.Table.SystemColumn("deleted_by"), "version" }, ct);
    }

    private static async Task ClearAsync(SaveContext save, Field lookup, CancellationToken ct)
    {
        var unit = save.Unit;
        if (unit.Rollups.Follow(lookup)) await unit.Rollups.ChangedAsync(lookup, await RecordWriter.ClearAndListAsync(unit.Records, lookup, save.Entity, save.Id, ct), ct);
        else await RecordWriter.ClearLookupAsync(unit.Records, lookup, save.Entity, save.Id, ct);
    }

    private static void Stamp(SaveContext save, string what)
    {
        save.Values[save.Table.SystemColumn(what + "_at")] = save.Unit.UtcNow;
        save.Values[save.Table.SystemColumn(what + "_by")] = save.Unit.Caller.UserId;
    }
}
