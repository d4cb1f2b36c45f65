using Xrm.Data.Access;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Refuses new records that the filters of the caller's roles leave out: by the values that they have in the end.</summary>
internal sealed class CheckRowFilters : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.IsNew || save.Unit.Caller.IsUnlimited) return;
        foreach (var operation in CheckRights.ToCreate(save)) await CheckAsync(save, operation, ct);
    }

    private static async Task CheckAsync(SaveContext save, Operation operation, CancellationToken ct)
    {
        var reach = save.Unit.Caller.Reach(save.Entity, operation);
        if (reach.Filtered.IsEmpty) return;
        var (owner, unit) = RecordRights.Ownership(save.Entity, save.Values);
        if (reach.Includes(owner, unit, ShareRights.None)) return;
        var filters = reach.FiltersFor(owner, unit);
        foreach (var filter in filters)
            if (await StartWorkflows.HoldsAsync(filter, save, ct)) return;
        var verb = operation.ToString().ToLowerInvariant();
        throw XrmException.Forbidden($"You may not {verb} this {save.Entity.Label}: your roles let you {verb} only those for which {string.Join(" or ", filters.Select(filter => filter.Text))}.");
    }
}
