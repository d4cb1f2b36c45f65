using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Reads whole records for writing. Knows no rights: whoever calls it checks them.</summary>
public static class RecordLoader
{
    /// <summary>The record, locked until the transaction ends; null where it is not there or lies in the recycle bin.</summary>
    public static async Task<RecordValues?> LoadForUpdateAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct)
    {
        var table = records.Table(entity);
        return (await LoadLockedAsync(records, table, sql => table.AndAlive(sql.Text(" where ").Name("id").Text(" = ").Value(id, ColumnType.Uuid)), ct)).SingleOrDefault();
    }

    /// <summary>Locks a record, where it is there, until the transaction ends: with the next query, which sees what those have left who held it before.</summary>
    public static ValueTask LockAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct) =>
        records.QueueAsync(records.Table(entity).SelectNothing(new SqlBuilder(), records.Schema).Text(" where ").Name("id").Text(" = ").Value(id, ColumnType.Uuid).Text(" for no key update"), ct, hasRows: true);

    /// <summary>
    /// The record with these values, which are those of a key, for a save that expects nobody else to change it: not locked, but looked at
    /// again before anything is written. Null where there is none outside the recycle bin.
    /// </summary>
    public static async Task<RecordValues?> LoadInHopeAsync(RecordTransaction records, Entity entity, IReadOnlyCollection<(Column Column, object? Value)> key, CancellationToken ct)
    {
        var table = records.Table(entity);
        // What is computed over other records can change while the version stays.
        if (table.IsFilling) return await LoadForUpdateAsync(records, entity, key, ct);
        var found = records.CanShareReads && key.Count == 1 && key.First() is { Column.Name: "id", Value: Guid id }
            ? await records.LoadSharedAsync(table, id)
            : (await records.ReadAsync(table.AndAlive(WhereKey(table.Select(new SqlBuilder(), records.Schema), key)), table.Read, ct)).SingleOrDefault();
        if (found is not null) records.Assume(new AssumedRecord(entity, found.Id, found.Version));
        return found;
    }

    /// <summary>The record with these values, which are those of a key, locked until the transaction ends; null where there is none outside the recycle bin.</summary>
    public static async Task<RecordValues?> LoadForUpdateAsync(RecordTransaction records, Entity entity, IEnumerable<(Column Column, object? Value)> key, CancellationToken ct)
    {
        var table = records.Table(entity);
        return (await LoadLockedAsync(records, table, sql => table.AndAlive(WhereKey(sql, key)), ct)).SingleOrDefault();
    }

    /// <summary>The record in the recycle bin, locked until the transaction ends; null where it does not lie there.</summary>
    public static async Task<RecordValues?> LoadDeletedForUpdateAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct)
    {
        var table = records.Table(entity);
        return (await LoadLockedAsync(records, table, sql => sql.Text(" where ").Name("id").Text(" = ").Value(id, ColumnType.Uuid).Text(" and ").Name("deleted_at").Text(" is not null"), ct)).SingleOrDefault();
    }

    /// <summary>The records that point to a record and went to the recycle bin at a moment, locked, in the order of their ids.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="lookup">Lookup of the records wanted, whose entity has a recycle bin.</param>
    /// <param name="target">The record that it points to.</param>
    /// <param name="deletedAt">The moment, in UTC.</param>
    /// <param name="ct">Cancels the query.</param>
    public static Task<List<RecordValues>> LoadDeletedPointingAsync(RecordTransaction records, Field lookup, (Entity Entity, Guid Id) target, object deletedAt, CancellationToken ct) =>
        LoadLockedAsync(records, records.Table(lookup.Entity), sql => PointsTo(sql.Text(" where "), lookup, target.Entity, target.Id)
            .Text(" and ").Name("deleted_at").Text(" = ").Value(deletedAt, ColumnType.Timestamp).Text(" order by ").Name("id"), ct);

    /// <summary>The values that <see cref="RecordTable.Write"/> has written earlier.</summary>
    public static async Task<RecordValues> ReadWrittenAsync(RecordTransaction records, Entity entity, string json, CancellationToken ct)
    {
        var table = records.Table(entity);
        return (await records.ReadAsync(table.SelectWritten(new SqlBuilder(), records.Schema, json), table.Read, ct)).Single();
    }

    /// <summary>The records that are there, in no order, unlocked.</summary>
    public static Task<List<RecordValues>> LoadAsync(RecordTransaction records, Entity entity, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var table = records.Table(entity);
        var sql = table.Select(new SqlBuilder(), records.Schema).Text(" where ").Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        return records.ReadAsync(table.AndAlive(sql), table.Read, ct);
    }

    /// <summary>The records whose lookup points to a record, locked, in the order of their ids.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="lookup">Lookup of the records wanted.</param>
    /// <param name="target">Entity that it points to.</param>
    /// <param name="id">Id of the record that it points to.</param>
    /// <param name="ct">Cancels the query.</param>
    /// <param name="withDeleted">Those in the recycle bin too.</param>
    public static Task<List<RecordValues>> LoadPointingAsync(RecordTransaction records, Field lookup, Entity target, Guid id, CancellationToken ct, bool withDeleted = false)
    {
        var table = records.Table(lookup.Entity);
        return LoadLockedAsync(records, table, sql =>
        {
            PointsTo(sql.Text(" where "), lookup, target, id);
            return (withDeleted ? sql : table.AndAlive(sql)).Text(" order by ").Name("id");
        }, ct);
    }

    /// <summary>How many records point to a record by a lookup.</summary>
    public static async Task<long> CountPointingAsync(RecordTransaction records, Field lookup, Entity target, Guid id, CancellationToken ct)
    {
        var sql = new SqlBuilder().Text("select count(*) from ").Name(records.Schema, lookup.Entity.Plural).Text(" where ");
        PointsTo(sql, lookup, target, id);
        return (await records.ReadAsync(records.Table(lookup.Entity).AndAlive(sql), reader => reader.GetInt64(0), ct))[0];
    }

    /// <summary>The one record of an entity of settings; null where the publish that makes it is still at work.</summary>
    public static async Task<RecordValues?> SettingsAsync(RecordTransaction records, Entity settings, CancellationToken ct) => (await FindAsync(records, settings, [], 1, ct)).SingleOrDefault();

    /// <summary>The first record with these values; null where there is none.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="values">Values by column; null asks for null.</param>
    /// <param name="most">Most records wanted.</param>
    /// <param name="ct">Cancels the query.</param>
    public static Task<List<RecordValues>> FindAsync(RecordTransaction records, Entity entity, IEnumerable<(Column Column, object? Value)> values, int most, CancellationToken ct)
    {
        var table = records.Table(entity);
        var sql = table.Select(new SqlBuilder(), records.Schema).Text(" where true");
        foreach (var (column, value) in values)
        {
            sql.Text(" and ").Name(column.Name);
            if (value is null) sql.Text(" is null");
            else sql.Text(" = ").Value(value, column.Type);
        }
        return records.ReadAsync(table.AndAlive(sql).Text(" limit ").Number(most), table.Read, ct);
    }

    /// <summary>The ids among those given that exist; they cannot be deleted until the transaction ends.</summary>
    public static async Task<HashSet<Guid>> ExistingAsync(RecordTransaction records, Entity entity, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var sql = new SqlBuilder().Text("select ").Name("id").Text(" from ").Name(records.Schema, entity.Plural)
            .Text(" where ").Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        records.Table(entity).AndAlive(sql).Text(" order by ").Name("id").Text(" for key share");
        return [.. await records.QueryAsync(sql, reader => reader.GetGuid(0), ct)];
    }

    /// <summary>Whether somebody with that id can be signed in, for models without an entity <c>user</c>.</summary>
    public static async Task<bool> IsUserAsync(RecordTransaction records, Guid id, CancellationToken ct)
    {
        var sql = new SqlBuilder().Text("select from ").Name("xrm", "user").Text(" where ").Name("id").Text(" = ").Value(id, ColumnType.Uuid);
        return (await records.ReadAsync(sql, _ => true, ct)).Count > 0;
    }

    /// <summary>Reads records and locks them until the transaction ends. Not "for update": that would wait for, and hold up, every insert of a record that points here.</summary>
    private static async Task<List<RecordValues>> LoadLockedAsync(RecordTransaction records, RecordTable table, Func<SqlBuilder, SqlBuilder> where, CancellationToken ct)
    {
        // A statement of its own: what is computed over other records has to see what those have committed who held the lock before.
        if (table.IsFilling) await records.QueueAsync(where(table.SelectNothing(new SqlBuilder(), records.Schema)).Text(" for no key update"), ct, hasRows: true);
        return await records.QueryAsync(where(table.Select(new SqlBuilder(), records.Schema)).Text(" for no key update"), table.Read, ct);
    }

    private static SqlBuilder WhereKey(SqlBuilder sql, IEnumerable<(Column Column, object? Value)> key)
    {
        sql.Text(" where true");
        foreach (var (column, value) in key) sql.Text(" and ").Name(column.Name).Text(" = ").Value(value, column.Type);
        return sql;
    }

    internal static SqlBuilder PointsTo(SqlBuilder sql, Field lookup, Entity target, Guid id)
    {
        sql.Name(lookup.Columns[0].Name).Text(" = ").Value(id, ColumnType.Uuid);
        return lookup.IsPolymorphic ? sql.Text(" and ").Name(lookup.Columns[1].Name).Text(" = ").Value(target.Name, ColumnType.Text) : sql;
    }
}
