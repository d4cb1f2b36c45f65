using Dapper;

namespace Xrm.Data.Auditing;

/// <summary>Makes the months of the audit ahead, so that new entries find theirs.</summary>
public sealed class AuditMonths(Database database, TimeProvider time)
{
    /// <summary>A server that rests for some months starts with one that lacks none for long: what comes meanwhile lies in the default partition.</summary>
    private const int Ahead = 3;

    /// <summary>Makes what is missing, without holding up saves.</summary>
    /// <returns>Number of months made.</returns>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached, or the tables are in use all the time; it is tried again later.</exception>
    public Task<int> MakeAsync(CancellationToken ct) => database.InTransactionAsync(async (transaction, ct) =>
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("set local lock_timeout = '2s'", null, transaction, cancellationToken: ct));
        return await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select \"{database.Schema}\"._make_audit_months(@now, {Ahead})", new { now = time.GetUtcNow().UtcDateTime }, transaction, cancellationToken: ct));
    }, null, ct);
}
