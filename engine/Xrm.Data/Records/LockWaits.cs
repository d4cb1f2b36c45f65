using Dapper;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Records;

/// <summary>What transactions wait for that others hold, as PostgreSQL's table of locks tells it.</summary>
public static class LockWaits
{
    // Whoever waits for a row has, or wants, the lock of its place in the table; only those who wait for a key that is not committed yet have none.
    private const string Blocked = """
        select relations.relname, locks.page, locks.tuple::int as tuple
        from (values (@process)) waiting(pid)
        left join pg_locks locks on locks.pid = waiting.pid and locks.locktype = 'tuple'
        left join pg_class relations on relations.oid = locks.relation and relations.relnamespace = to_regnamespace(quote_ident(@schema))
        where cardinality(pg_blocking_pids(waiting.pid)) > 0
        limit 1
        """;

    /// <summary>What a transaction waits for at this moment, asked by another connection.</summary>
    /// <param name="database">The database.</param>
    /// <param name="waiting">The transaction.</param>
    /// <param name="ct">Cancels the question.</param>
    /// <returns>Null where it waits for nobody.</returns>
    public static async Task<LockWait?> FindAsync(Database database, RecordTransaction waiting, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var found = (await connection.QueryAsync<(string? Table, int? Page, int? Tuple)>(new CommandDefinition(Blocked, new { process = waiting.ProcessId, schema = waiting.Schema }, cancellationToken: ct))).ToList();
        if (found is not [var (name, page, tuple)]) return null;
        if (waiting.Published.Model.Entities.FirstOrDefault(entity => entity.Plural == name) is not { } table) return new LockWait(null, Guid.Empty);
        await using var command = new Sql.SqlBuilder().Text("select id from ").Name(waiting.Schema, table.Plural)
            .Text(" where ctid = format('(%s,%s)', ").Number(page!.Value).Text(", ").Number(tuple!.Value).Text(")::tid").ToCommand(connection);
        return new LockWait(table, await command.ExecuteScalarAsync(ct) as Guid? ?? Guid.Empty);
    }
}

/// <summary>What a transaction waits for.</summary>
/// <param name="Entity">Entity of the record; null where it is no record, or not known.</param>
/// <param name="Id">The record; empty where it is not known.</param>
public sealed record LockWait(Entity? Entity, Guid Id);
