namespace Xrm.Server.Pipeline.Steps;

/// <summary>A record belongs to the business unit to which its owner belonged when they came by it.</summary>
internal sealed class SetOwningUnit : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Duties is not { Owner: { } owner, OwningUnit: { } unit } || save.Operation == Data.Access.Operation.Delete || (!save.IsNew && !save.IsChanged(owner))) return;
        save.Values[unit.Name] = await UnitOfAsync(save, save.Values.Get(owner.Columns[0].Name) as Guid?, save.Values.Get(owner.Columns[1].Name) as string, ct);
    }

    private static async Task<Guid?> UnitOfAsync(SaveContext save, Guid? owner, string? kind, CancellationToken ct)
    {
        if (owner is not { } id || kind is null) return null;
        // The usual owner of a new record costs no query.
        if (id == save.Unit.Caller.UserId && !save.Unit.Caller.IsSystem) return save.Unit.Caller.Membership.Unit;
        if (save.Unit.Published.Model.FindEntity(kind) is not { } entity || entity.FindField("business_unit") is not { IsSingleLookup: true, Column: { } unit }) return null;
        return await save.Unit.Related.WithAsync(() => save.Unit.Related.Find(entity, id)?.Get(unit.Name) as Guid?, ct);
    }
}
