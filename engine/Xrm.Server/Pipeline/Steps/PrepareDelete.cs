using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Decides for each record that points to a deleted one: it forbids the deletion, goes with it, or forgets it.</summary>
internal sealed class PrepareDelete(Func<SaveContext, CancellationToken, Task> prepare) : ISaveStep
{
    private const int MostRecords = 10_000;
    private const int Deepest = 50;

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation != Operation.Delete || save.Errors.Count > 0) return;
        save.Unit.Deleting.Add((save.Entity, save.Id));
        if (save.Unit.Deleting.Count > MostRecords || save.Depth > Deepest)
            throw new XrmException("delete_too_large", 409, $"More than {MostRecords} records would go with this one. Delete them in parts.");
        foreach (var lookup in save.Entity.IncomingLookups)
        {
            // A pair of links goes with either of its records; nothing depends on the pair.
            if (lookup.Entity is { IsGeneratedLink: true, FeedsRollups.IsEmpty: true }) continue;
            await ApplyAsync(save, lookup, ct);
        }
    }

    private async Task ApplyAsync(SaveContext save, Field lookup, CancellationToken ct)
    {
        switch (Action(lookup))
        {
            case "restrict": await RefuseAsync(save, lookup, ct); break;
            case "cascade": await CascadeAsync(save, lookup, ct); break;
            // In the recycle bin a record keeps what points to it, so that it can come back.
            default: if (!save.IsRecycled) save.ClearedLookups.Add(lookup); break;
        }
    }

    /// <summary>What the deletion of its target does to a record: <c>restrict</c>, <c>cascade</c> or <c>setNull</c>.</summary>
    public static string Action(Field lookup)
    {
        if (lookup.Source.OnDelete is { } written) return written;
        var isOwned = lookup.Targets.SelectMany(target => target.Fields).Any(field => field.Type.Name == "children" && field.Via == lookup);
        return isOwned ? "cascade" : lookup.Required.Always == true ? "restrict" : "setNull";
    }

    /// <summary>The lookups of an entity to records that take it along when they are deleted.</summary>
    public static IEnumerable<Field> Owners(Entity entity) => entity.Fields.Where(field => field.HasForeignKey && Action(field) == "cascade");

    private static async Task RefuseAsync(SaveContext save, Field lookup, CancellationToken ct)
    {
        var pointing = (await PointingAsync(save, lookup, ct)).FindAll(record => !save.Unit.Deleting.Contains((lookup.Entity, record.Id)));
        if (pointing.Count > 0) throw await RecordsInUse.RefuseAsync(save, lookup, pointing, ct);
    }

    private async Task CascadeAsync(SaveContext save, Field lookup, CancellationToken ct)
    {
        // What cannot wait in the recycle bin stays where it is while its owner does.
        if (save.IsRecycled && !lookup.Entity.HasRecycleBin) return;
        foreach (var record in await PointingAsync(save, lookup, ct))
        {
            if (!save.Unit.Deleting.Add((lookup.Entity, record.Id))) continue;
            var child = save.Child(Operation.Delete, lookup.Entity, record.Id, "", default(JsonElement), new Dictionary<string, object?>());
            child.Previous = record;
            save.Nested.Add(child);
            await prepare(child, ct);
        }
    }

    // What lies in the recycle bin and belongs to a record that is gone could never come back, and its row cannot point to nothing.
    private static Task<List<RecordValues>> PointingAsync(SaveContext save, Field lookup, CancellationToken ct) =>
        RecordLoader.LoadPointingAsync(save.Unit.Records, lookup, save.Entity, save.Id, ct, withDeleted: save.IsGone);
}
