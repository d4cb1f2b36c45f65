using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>Whether the rights of somebody reach records that are at hand.</summary>
/// <param name="related">Who asks, and the other records at which the filters of roles may look.</param>
internal sealed class RecordRights(RelatedRecords related)
{
    /// <summary>Whether a right reaches a record.</summary>
    /// <param name="operation">What is to be done.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="shares">What shares of the record let them do.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="XrmException">503: a publish has replaced the model.</exception>
    public async ValueTask<bool> ReachesAsync(Operation operation, Entity entity, RecordValues record, ShareRights shares, CancellationToken ct)
    {
        var reach = related.Caller.Reach(entity, operation);
        var (owner, unit) = Ownership(entity, record);
        if (reach.Includes(owner, unit, shares)) return true;
        foreach (var filter in reach.FiltersFor(owner, unit))
            if (await HoldsAsync(filter, entity, record, ct)) return true;
        return false;
    }

    /// <summary>Whether a record fulfils the filter of a role.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="XrmException">503: a publish has replaced the model.</exception>
    public Task<bool> HoldsAsync(Expression filter, Entity entity, RecordValues record, CancellationToken ct)
    {
        var formula = related.Published.Formulas.Find(filter) ?? throw XrmException.ModelChanged();
        return related.WithAsync(() => formula.IsTrue(new StoredScope(related, entity, record)), ct);
    }

    /// <summary>Owner and owning unit of a record; null where it has none.</summary>
    public static (Guid? Owner, Guid? Unit) Ownership(Entity entity, RecordValues record) =>
        (entity.IsUserOwned ? record.Get("owner_id") as Guid? : null, entity.OwningUnit is { } unit ? record.Get(unit.Name) as Guid? : null);
}
