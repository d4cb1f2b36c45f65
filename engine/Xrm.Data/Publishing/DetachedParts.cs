using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Schema;

namespace Xrm.Data.Publishing;

/// <summary>Tables and columns that no model in force has: a publish has prepared them and did not end, or has deleted them.</summary>
/// <param name="database">The database.</param>
internal sealed class DetachedParts(Database database)
{
    private const string Marked = """
        select c.relname, a.attname, c.oid::bigint << 16 | d.objsubid from pg_description d
        join pg_class c on c.oid = d.objoid and c.relkind in ('r', 'p') and c.relname !~ '^_'
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = $1
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and a.attnum > 0 and not a.attisdropped
        where d.classoid = 'pg_class'::regclass and d.description ~ '^xrm (.* )?detached$' and (d.objsubid = 0 or a.attname is not null)
        order by c.relname, d.objsubid
        """;

    /// <summary>All of them, each with a number that no other one ever has.</summary>
    public async Task<ImmutableArray<(DetachedPart Part, long Number)>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        return await ReadAsync(connection, ct);
    }

    /// <summary>Removes those of the given ones that are still detached. Where a publish is running, nothing is done.</summary>
    /// <returns>What was removed.</returns>
    /// <exception cref="Errors.XrmException">503 <c>publish_busy</c>: a table was in use all the time.</exception>
    public async Task<ImmutableArray<DetachedPart>> RemoveAsync(IReadOnlySet<DetachedPart> parts, Action<string> progress, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        await using var turn = await PublishLock.TryTakeAsync(connection, database.Schema, 1, ct);
        if (turn is null) return [];
        var removed = (await ReadAsync(connection, ct)).Select(found => found.Part).Where(parts.Contains).ToImmutableArray();
        var (sql, locks) = (new SchemaSql(database.Schema), new ShortLocks(database.Schema));
        foreach (var part in removed)
            await ShortLocks.RunAsync(connection, ShortLocks.Few, async (transaction, ct) =>
            {
                await locks.ChangeAsync(transaction, [part.Table], [part.Column is { } column ? sql.DropColumn(part.Table, column) : sql.DropDetachedTable(part.Table)], ct);
                await transaction.CommitAsync(ct);
                return true;
            }, progress, ct);
        return removed;
    }

    private async Task<ImmutableArray<(DetachedPart Part, long Number)>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Marked, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = database.Schema } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var parts = ImmutableArray.CreateBuilder<(DetachedPart, long)>();
        while (await reader.ReadAsync(ct)) parts.Add((new DetachedPart(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)), reader.GetInt64(2)));
        return parts.ToImmutable();
    }
}

/// <summary>A table or column that no model has.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column; null for the whole table.</param>
internal sealed record DetachedPart(string Table, string? Column)
{
    /// <summary>What a step of a plan prepares and marks as detached; null where it is nothing such.</summary>
    public static DetachedPart? Of(SchemaChange change) => change.Kind switch
    {
        ChangeKind.CreateTable => new DetachedPart(change.Table, null),
        ChangeKind.AddColumn => new DetachedPart(change.Table, change.Column),
        _ => null,
    };
}
