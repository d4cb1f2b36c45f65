using Xrm.Data.Errors;
using Xrm.Data.Records;

namespace Xrm.Server.Pipeline;

/// <summary>Does the same with several records of one transaction: one that is refused does not undo the others.</summary>
internal static class EachRecord
{
    private const string Place = "record";

    /// <summary>Changes the records in their order.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="ids">The records.</param>
    /// <param name="change">Changes one of them.</param>
    /// <param name="ct">Cancels the work; the transaction must be rolled back.</param>
    /// <returns>Those that were refused, and why.</returns>
    /// <exception cref="XrmException">5xx: something is wrong that is not of single records; the transaction must be rolled back.</exception>
    public static async Task<IReadOnlyList<(Guid Id, XrmException Refusal)>> RunAsync(RecordTransaction records, IReadOnlyList<Guid> ids, Func<Guid, CancellationToken, Task> change, CancellationToken ct)
    {
        // Hardly any portion has a record that is refused: then one place to return to is enough.
        if (ids.Count == 0 || await TryAsync(records, ids, change, ct) is null) return [];
        var refused = new List<(Guid, XrmException)>();
        foreach (var id in ids)
            if (await TryAsync(records, [id], change, ct) is { } refusal) refused.Add((id, refusal));
        return refused;
    }

    /// <summary>Changes all of them or none; the refusal of the first that is refused, null for none.</summary>
    private static async Task<XrmException?> TryAsync(RecordTransaction records, IReadOnlyList<Guid> ids, Func<Guid, CancellationToken, Task> change, CancellationToken ct)
    {
        XrmException? refusal = null;
        await records.SaveAsync(Place, ct);
        try
        {
            foreach (var id in ids) await change(id, ct);
            await records.FlushAsync(ct);
        }
        catch (XrmException refused) when (refused.Status < 500)
        {
            refusal = refused;
            await records.RollbackToAsync(Place, ct);
        }
        await records.ReleaseAsync(Place, ct);
        return refusal;
    }
}
