using System.Collections.Immutable;
using Npgsql;

namespace Xrm.Data.Schema;

/// <summary>The tables that are there.</summary>
internal static class ActualSchema
{
    private const string Columns = """
        select c.relname, obj_description(c.oid, 'pg_class'), c.reltuples::bigint, a.attname,
               format_type(a.atttypid, a.atttypmod) || case when l.collname = 'C' then ' collate "C"' else '' end,
               a.attnotnull, d.description
        from pg_namespace n
        join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and c.relname !~ '^_'
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_collation l on l.oid = a.attcollation
        left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = a.attnum
        where n.nspname = $1
        order by c.relname, a.attnum
        """;

    private const string Indexes = """
        select c.relname, i.relname,
               array(select a.attname::text from unnest(x.indkey::int2[]) with ordinality k (number, position)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number order by k.position),
               x.indisprimary, x.indisunique, x.indisvalid, coalesce(pg_get_expr(x.indpred, x.indrelid), ''),
               array(select a.attname::text from unnest(x.indkey::int2[], x.indcollation::oid[]) with ordinality k (number, sorted_by, position)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
                     join pg_collation l on l.oid = k.sorted_by and l.collprovider = 'i' order by k.position),
               obj_description(i.oid, 'pg_class')
        from pg_namespace n
        join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and c.relname !~ '^_'
        join pg_index x on x.indrelid = c.oid
        join pg_class i on i.oid = x.indexrelid
        where n.nspname = $1
        """;

    private const string ForeignKeys = """
        select c.relname, k.conname, a.attname, t.relname, k.confdeltype
        from pg_namespace n
        join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and c.relname !~ '^_'
        join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
        join pg_class t on t.oid = k.confrelid
        where n.nspname = $1
        """;

    /// <summary>Reads the catalogue of PostgreSQL in one round trip.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction; null outside one.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<DatabaseSchema> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string schema, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var sql in new[] { Columns, Indexes, ForeignKeys })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var columns = await ReadColumnsAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var indexes = await ReadIndexesAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var foreignKeys = await ReadForeignKeysAsync(reader, ct);
        return new DatabaseSchema([.. columns
            .GroupBy(row => row.Table)
            .Select(rows => TableOf(rows.Key, [.. rows], [.. indexes[rows.Key]], [.. foreignKeys[rows.Key]]))]);
    }

    private static Table TableOf(string name, ImmutableArray<ColumnRow> rows, ImmutableArray<TableIndex> indexes, ImmutableArray<ForeignKey> foreignKeys)
    {
        var comment = rows[0].TableComment;
        return new Table(name, SchemaComment.Read(comment, "entity") ?? "", SchemaComment.IsRetired(comment), [.. rows.Select(row => row.Column)], indexes, foreignKeys)
        {
            IsDetached = SchemaComment.IsDetached(comment),
            EstimatedRows = rows[0].EstimatedRows,
            FormerEntity = SchemaComment.Read(comment, "formerly"),
        };
    }

    private static async Task<List<ColumnRow>> ReadColumnsAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<ColumnRow>();
        while (await reader.ReadAsync(ct))
        {
            var name = reader.GetString(3);
            var comment = reader.IsDBNull(6) ? null : reader.GetString(6);
            rows.Add(new ColumnRow(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2),
                new TableColumn(name, SchemaComment.Read(comment, "field") ?? name, reader.GetString(4), reader.GetBoolean(5))
                {
                    IsRetired = SchemaComment.IsRetired(comment),
                    IsDetached = SchemaComment.IsDetached(comment),
                    Computation = SchemaComment.Read(comment, "computation"),
                    FormerName = SchemaComment.Read(comment, "formerly"),
                }));
        }
        return rows;
    }

    private static async Task<ILookup<string, TableIndex>> ReadIndexesAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<(string Table, TableIndex Index)>();
        while (await reader.ReadAsync(ct))
        {
            var kind = reader.GetBoolean(3) ? IndexKind.Primary : reader.GetBoolean(4) ? IndexKind.Unique : IndexKind.Plain;
            var columns = reader.GetFieldValue<string[]>(2).ToImmutableArray();
            var index = new TableIndex(reader.GetString(1), columns, kind, RowsOf(reader.GetString(6)))
            {
                IsValid = reader.GetBoolean(5),
                Words = [.. reader.GetFieldValue<string[]>(7)],
            };
            rows.Add((reader.GetString(0), SchemaComment.Read(reader.IsDBNull(8) ? null : reader.GetString(8), index)));
        }
        return rows.ToLookup(row => row.Table, row => row.Index);
    }

    private static IndexRows RowsOf(string condition) =>
        condition.Length == 0 ? IndexRows.All : condition.Contains("IS NOT NULL", StringComparison.Ordinal) ? IndexRows.Deleted : IndexRows.Live;

    private static async Task<ILookup<string, ForeignKey>> ReadForeignKeysAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<(string Table, ForeignKey Key)>();
        while (await reader.ReadAsync(ct))
        {
            var action = reader.GetChar(4) switch { 'c' => DeleteAction.Cascade, 'n' => DeleteAction.SetNull, _ => DeleteAction.Restrict };
            rows.Add((reader.GetString(0), new ForeignKey(reader.GetString(1), reader.GetString(2), reader.GetString(3), action)));
        }
        return rows.ToLookup(row => row.Table, row => row.Key);
    }

    private sealed record ColumnRow(string Table, string? TableComment, long EstimatedRows, TableColumn Column);
}
