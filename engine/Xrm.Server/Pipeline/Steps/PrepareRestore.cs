using Xrm.Data.Errors;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Takes along what went to the recycle bin together with a record that comes back.</summary>
internal sealed class PrepareRestore(Func<SaveContext, CancellationToken, Task> prepare) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.IsRestored || save.Errors.Count > 0) return;
        if (save.Parent is null) await RefuseWithoutOwnerAsync(save, ct);
        foreach (var lookup in save.Entity.IncomingLookups.Where(lookup => lookup.Entity.HasRecycleBin && PrepareDelete.Action(lookup) == "cascade"))
            // One deletion has one moment.
            foreach (var record in await RecordLoader.LoadDeletedPointingAsync(save.Unit.Records, lookup, (save.Entity, save.Id), save.Previous!.Get("deleted_at")!, ct))
            {
                if (!save.Unit.Restoring.Add((lookup.Entity, record.Id))) continue;
                var child = save.RestoredChild(lookup.Entity, record);
                save.Nested.Add(child);
                await prepare(child, ct);
            }
    }

    /// <summary>A part of a record that is in the recycle bin itself would be nowhere to be seen.</summary>
    private static async Task RefuseWithoutOwnerAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var lookup in PrepareDelete.Owners(save.Entity))
            if (save.Values.Get(lookup.Column!.Name) is Guid owner && (await RecordLoader.ExistingAsync(save.Unit.Records, lookup.Targets[0], [owner], ct)).Count == 0)
                throw new XrmException("owner_in_recycle_bin", 409, $"The {lookup.Targets[0].Label} that this {save.Entity.Label} belongs to is in the recycle bin. Restore that first.");
    }
}
