using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>Says which records keep one from being deleted.</summary>
internal static class RecordsInUse
{
    private const int MostNamed = 5;

    /// <summary>409 <c>record_in_use</c>, with the first of the records that the caller may see.</summary>
    /// <param name="save">The deletion.</param>
    /// <param name="lookup">The lookup that may not be emptied.</param>
    /// <param name="pointing">The records whose lookup points to the one that is to be deleted; at least one.</param>
    /// <param name="ct">Cancels the call.</param>
    public static async Task<XrmException> RefuseAsync(SaveContext save, Field lookup, IReadOnlyList<RecordValues> pointing, CancellationToken ct)
    {
        var (entity, caller) = (lookup.Entity, save.Unit.Caller);
        var shares = await RecordShares.WithCallerAsync(save.Unit.Records, caller, entity, [.. pointing.Select(record => record.Id)], ct);
        var hidden = pointing.Count(IsRecycled);
        var what = $"{pointing.Count} {(pointing.Count == 1 ? entity.Label : entity.PluralLabel)} still point to this {save.Entity.Label} ({lookup.Label}){(hidden > 0 ? $", {hidden} of them in the recycle bin" : "")}";
        var seen = new List<string>();
        foreach (var record in pointing)
            if (seen.Count < MostNamed && await save.Unit.Rights.ReachesAsync(Operation.Read, entity, record, shares.GetValueOrDefault(record.Id), ct)) seen.Add(Name(entity, record, caller));
        if (seen.Count == 0) return new XrmException("record_in_use", 409, $"{what}. You may not see them: ask somebody who may.");
        var more = pointing.Count > seen.Count ? $" and {pointing.Count - seen.Count} more" : "";
        return new XrmException("record_in_use", 409, $"{what}: {string.Join(", ", seen)}{more}. Change or remove them first{(hidden > 0 ? ", those in the recycle bin for good" : "")}.");
    }

    private static bool IsRecycled(RecordValues record) => record.Get("deleted_at") is not null;

    private static string Name(Entity entity, RecordValues record, Caller caller)
    {
        var title = caller.CanReadField(entity.Primary) && entity.Primary.Column is { } column && record.Get(column.Name) is { } value ? $"'{value}'" : null;
        string?[] about = [title, IsRecycled(record) ? "in the recycle bin" : null];
        var told = string.Join(", ", about.OfType<string>());
        return $"{entity.Plural}/{record.Id:D}{(told.Length == 0 ? "" : $" ({told})")}";
    }
}
