using System.Collections.Immutable;
using Dapper;
using Xrm.Data.Sql;

namespace Xrm.Data.Catalogue;

/// <summary>Drops schemas of organisations, and tells whether somebody is making one just now.</summary>
public sealed class OrganisationRemoval(Database database)
{
    /// <summary>Tables of one transaction: each needs several of the locks that the server has room for.</summary>
    private const int TablesAtATime = 50;

    /// <summary>First half of the advisory lock's key; the other half is the organisation.</summary>
    private const int LockKey = 0x58_52_4D_08;

    /// <summary>Keeps others from making or dropping an organisation for as long as it is held, or this process lives.</summary>
    /// <returns>The lock; null where another has it.</returns>
    public async Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct)
    {
        var connection = await database.OpenPatientAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_lock({LockKey}, hashtext(@name))", new { name }, cancellationToken: ct)))
            return new HeldLock(connection, name);
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Names of organisations whose time has come, or whose making may have been broken off.</summary>
    public async Task<ImmutableArray<(string Name, string State)>> DueAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. await connection.QueryAsync<(string, string)>(new CommandDefinition($"""
            select name, state from xrm.organisation where state = '{OrganisationState.Creating}' or (state = '{OrganisationState.Deleting}' and delete_after <= now())
            """, cancellationToken: ct))];
    }

    /// <summary>Drops the schema of an organisation, some tables at a time; what was dropped stays so where this is broken off.</summary>
    /// <param name="name">Name of the organisation; not that of the home organisation.</param>
    /// <param name="ct">Cancels the rest.</param>
    /// <exception cref="Errors.XrmException">The database cannot be reached, or a table is in use.</exception>
    public async Task DropSchemaAsync(string name, CancellationToken ct)
    {
        if (name == Database.Home) throw new ArgumentException("The home organisation stays.", nameof(name));
        var schema = database.For(name).Schema;
        while (await DropTablesAsync(schema, ct) == TablesAtATime) ct.ThrowIfCancellationRequested();
        await database.InTransactionAsync(async (transaction, ct) =>
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition($"drop schema if exists {SqlName.Quote(schema)} cascade; delete from xrm.migration where scope = @schema", new { schema }, transaction, cancellationToken: ct));
            return true;
        }, null, ct);
    }

    /// <summary>Forgets an organisation whose schema is gone, with its members, their roles, sessions and tokens.</summary>
    public Task ForgetAsync(string name, CancellationToken ct) => database.ExecuteAsync("delete from xrm.organisation where name = @name", new { name }, ct);

    private Task<int> DropTablesAsync(string schema, CancellationToken ct) => database.InTransactionAsync(async (transaction, ct) =>
    {
        var connection = transaction.Connection!;
        var tables = (await connection.QueryAsync<string>(new CommandDefinition($"""
            select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and c.relkind in ('r', 'p') and not c.relispartition order by c.oid desc limit {TablesAtATime}
            """, new { schema }, transaction, cancellationToken: ct))).AsList();
        if (tables.Count > 0)
            await connection.ExecuteAsync(new CommandDefinition($"set local client_min_messages = warning; drop table {string.Join(", ", tables.Select(table => $"{SqlName.Quote(schema)}.{SqlName.Quote(table)}"))} cascade", null, transaction, cancellationToken: ct));
        return tables.Count;
    }, null, ct);

    private sealed class HeldLock(Npgsql.NpgsqlConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync(new CommandDefinition($"select pg_advisory_unlock({LockKey}, hashtext(@name))", new { name }, cancellationToken: CancellationToken.None));
            await connection.DisposeAsync();
        }
    }
}
