using Xrm.Data.Access;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Writes single rows. What must hold is checked before; what the engine computes is in the values already.</summary>
public static class RecordWriter
{
    /// <summary>Adds a row.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">The record's entity.</param>
    /// <param name="values">Its values.</param>
    /// <param name="path">Place in the request, for errors; empty where it is the whole of it.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static ValueTask InsertAsync(RecordTransaction records, Entity entity, RecordValues values, string path, CancellationToken ct)
    {
        var table = records.Table(entity);
        var row = new object?[table.Columns.Length];
        for (var index = 0; index < row.Length; index++) row[index] = values.Get(table.Columns[index].Name);
        return records.InsertAsync(table.Target, new NewRow(row, path), ct);
    }

    /// <summary>Changes columns of a row that this transaction has locked.</summary>
    public static ValueTask UpdateAsync(RecordTransaction records, Entity entity, RecordValues values, IReadOnlySet<string> changed, CancellationToken ct)
    {
        var set = records.Table(entity).Columns.Where(column => changed.Contains(column.Name)).Select(column => (column, values.Get(column.Name)));
        return records.QueueAsync(new ChangedRow(entity, values.Id, [.. set]), ct);
    }

    /// <summary>Removes a row for good.</summary>
    public static async ValueTask DeleteAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct)
    {
        await RecordShares.ForgetAsync(records, entity, id, ct);
        if (entity.HasSecrets) await RecordSecrets.ForgetAsync(records, id, ct);
        await records.QueueAsync(WhereId(new SqlBuilder().Text("delete from ").Name(records.Schema, entity.Plural), id), ct);
    }

    /// <summary>Empties a lookup in all records that point to a record; their versions rise.</summary>
    public static ValueTask ClearLookupAsync(RecordTransaction records, Field lookup, Entity target, Guid id, CancellationToken ct) =>
        records.QueueAsync(ClearLookup(records, lookup, target, id), ct);

    /// <summary>As the other, and gives the ids of the records.</summary>
    public static Task<List<Guid>> ClearAndListAsync(RecordTransaction records, Field lookup, Entity target, Guid id, CancellationToken ct) =>
        records.QueryAsync(ClearLookup(records, lookup, target, id).Text(" returning record_id"), reader => reader.GetGuid(0), ct);

    private static SqlBuilder ClearLookup(RecordTransaction records, Field lookup, Entity target, Guid id)
    {
        var sql = RecordLog.BeginNoted().Text("update ").Name(records.Schema, lookup.Entity.Plural).Text(" p set ");
        foreach (var column in lookup.Columns) sql.Name(column.Name).Text(" = null, ");
        sql.Name("version").Text(" = ").Name("version").Text(" + 1 where ");
        RecordLoader.PointsTo(sql, lookup, target, id);
        return RecordLog.EndNoted(sql, records.Schema, lookup, []);
    }

    private static SqlBuilder WhereId(SqlBuilder sql, Guid id) => sql.Text(" where ").Name("id").Text(" = ").Value(id, ColumnType.Uuid);
}
