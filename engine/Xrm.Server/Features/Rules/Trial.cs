using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Records;

namespace Xrm.Server.Features.Rules;

/// <summary>Work on records that is undone whatever becomes of it: no row, number, event or mail is left of it.</summary>
internal static class Trial
{
    /// <summary>Runs the work in a transaction that is rolled back.</summary>
    /// <typeparam name="T">What the work gives back.</typeparam>
    /// <param name="database">The database.</param>
    /// <param name="published">The model to work with; its tables are those in force.</param>
    /// <param name="limit">Longest time.</param>
    /// <param name="work">The work.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="XrmException">422 <c>trial_time_limit</c>: it took longer; or what the work throws.</exception>
    public static async Task<T> RunAsync<T>(Database database, PublishedModel published, TimeSpan limit, Func<RecordTransaction, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        await using var connection = await database.OpenPatientAsync(limited.Token);
        await using var transaction = await connection.BeginTransactionAsync(limited.Token);
        await using var records = new RecordTransaction(transaction, database.Schema, published);
        try
        {
            return await work(records, limited.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new XrmException("trial_time_limit", 422, $"The trial took longer than {limit.TotalSeconds:0} s and was ended; nothing is left of it. Somebody may be changing the record just now: try again.");
        }
    }
}
