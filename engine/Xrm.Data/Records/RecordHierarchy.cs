using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Keeps hierarchies free of circles.</summary>
public static class RecordHierarchy
{
    /// <summary>True where a record is its would-be parent or stands above it. Until the transaction ends nobody else moves records of the entity.</summary>
    public static async Task<bool> WouldCircleAsync(RecordTransaction records, Field parent, Guid id, Guid newParent, CancellationToken ct)
    {
        if (id == newParent) return true;
        // Two moves at once, each harmless alone, could close a circle together: they take turns.
        var turn = new SqlBuilder().Text("select pg_advisory_xact_lock(hashtext(").Value($"{records.Schema}.{parent}", ColumnType.Text).Text("))");
        await records.QueryAsync(turn, _ => 0, ct);
        var column = parent.Columns[0].Name;
        var table = parent.Entity.Plural;
        var sql = new SqlBuilder().Text("with recursive above (id, parent) as (select ").Name("id").Text(", ").Name(column)
            .Text(" from ").Name(records.Schema, table).Text(" where ").Name("id").Text(" = ").Value(newParent, ColumnType.Uuid)
            .Text(" union select t.").Name("id").Text(", t.").Name(column).Text(" from ").Name(records.Schema, table)
            .Text(" t join above on t.").Name("id").Text(" = above.parent) select 1 from above where id = ").Value(id, ColumnType.Uuid).Text(" limit 1");
        return (await records.QueryAsync(sql, reader => reader.GetInt32(0), ct)).Count > 0;
    }
}
