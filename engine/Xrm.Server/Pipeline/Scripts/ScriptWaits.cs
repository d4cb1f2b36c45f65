using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Tells a script whose time is over that it waited for a record, and for which one.</summary>
internal sealed class ScriptWaits(Database database, ILogger<ScriptWaits> log)
{
    /// <summary>Longest time for finding out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Does what may have to wait for others.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="unit">Its transaction.</param>
    /// <param name="work">What to do.</param>
    /// <param name="ct">Cancelled when there is no time left.</param>
    /// <exception cref="ScriptWaitException">503 <c>record_busy</c>: somebody else holds a record.</exception>
    public async Task<T> RunAsync<T>(SaveUnit unit, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        // Of its own: what it waits for is known only as long as it waits.
        using var ended = new CancellationTokenSource();
        var working = work(ended.Token);
        try
        {
            return await working.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!working.IsCompleted)
        {
            var busy = await FindAsync(unit);
            await ended.CancelAsync();
            try
            {
                return await working;
            }
            catch (Exception) when (busy is not null)
            {
                throw new ScriptWaitException(busy);
            }
        }
    }

    private async Task<XrmException?> FindAsync(SaveUnit unit)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (await LockWaits.FindAsync(database, unit.Records, limit.Token) is not { } wait) return null;
            var what = wait.Entity is null ? "A record that this needs" : $"The {wait.Entity.Label}{await TitleAsync(unit, wait, limit.Token)}";
            return BusyRecords.HeldFor($"{what} is being changed by somebody else just now. Try again in a few seconds.");
        }
        catch (Exception unknown) when (unknown is OperationCanceledException || DatabaseErrors.Translate(unknown) is not null)
        {
            log.LogWarning(unknown, "It could not be found out whether a script waited for a record.");
            return null;
        }
    }

    /// <summary>The title of the record for people who may read it; else nothing.</summary>
    private async Task<string> TitleAsync(SaveUnit unit, LockWait wait, CancellationToken ct)
    {
        var (entity, context) = (wait.Entity!, new QueryContext(unit.Published, unit.Caller, unit.UtcNow));
        if (entity.Primary.Column is not { } column || !unit.Caller.CanReadField(entity.Primary)) return "";
        try
        {
            var plan = QueryPlan.ForRecord(entity.Plural, wait.Id, new ScriptQuery(entity, unit.Caller).All, context);
            var found = await database.InRecordTransactionAsync((records, ct) => RecordReader.ValuesAsync(plan, records, ct), unit.Published, Patience, ct);
            return found is [var values] && values.GetValueOrDefault(column.Name) is { } title ? $" \"{title}\"" : "";
        }
        catch (XrmException forbidden) when (forbidden.Status is 403 or 404)
        {
            return "";
        }
    }
}
