using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// Finds what has lain in the recycle bin for long, but for what belongs to a record that lies there too: they go, or come back, together.
/// Knows no rights: whoever calls it checks them.
/// </summary>
public static class RecycleBin
{
    /// <summary>The next records that were deleted before a time, in the order of their ids, unlocked.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="kind">Which records.</param>
    /// <param name="before">UTC time.</param>
    /// <param name="after">Id behind which to go on; null to begin.</param>
    /// <param name="limit">Most records to give.</param>
    /// <param name="ct">Cancels the query.</param>
    public static Task<List<Guid>> ExpiredAsync(RecordTransaction records, BinContents kind, DateTime before, Guid? after, int limit, CancellationToken ct)
    {
        var sql = Expired(records, kind, before);
        if (after is { } id) sql.Text(" and ").Name("r", "id").Text(" > ").Value(id, ColumnType.Uuid);
        return records.ReadAsync(sql.Text(" order by ").Name("r", "id").Text(" limit ").Number(limit), reader => reader.GetGuid(0), ct);
    }

    /// <summary>Those of the records that are still there and that nobody else is at, locked until the transaction ends.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="kind">Which records.</param>
    /// <param name="before">UTC time before which they were deleted.</param>
    /// <param name="ids">The records.</param>
    /// <param name="ct">Cancels the query.</param>
    public static Task<List<Guid>> TakeExpiredAsync(RecordTransaction records, BinContents kind, DateTime before, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var sql = Expired(records, kind, before).Text(" and ").Name("r", "id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        return records.QueryAsync(sql.Text(" order by ").Name("r", "id").Text(" for update of r skip locked"), reader => reader.GetGuid(0), ct);
    }

    private static SqlBuilder Expired(RecordTransaction records, BinContents kind, DateTime before)
    {
        var sql = new SqlBuilder().Text("select ").Name("r", "id").Text(" from ").Name(records.Schema, kind.Entity.Plural).Text(" r where ").Name("r", "deleted_at").Text(" < ").Value(before, ColumnType.Timestamp);
        foreach (var lookup in kind.Owners.Where(lookup => lookup.Targets[0].HasRecycleBin))
            sql.Text(" and not exists (select from ").Name(records.Schema, lookup.Targets[0].Plural).Text(" o where ").Name("o", "id").Text(" = ").Name("r", lookup.Column!.Name)
                .Text(" and ").Name("o", "deleted_at").Text(" is not null)");
        return sql;
    }
}

/// <summary>The records of an entity in the recycle bin.</summary>
/// <param name="Entity">An entity with a recycle bin.</param>
/// <param name="Owners">Its lookups, of one kind each, to records that take it along when they are deleted.</param>
public sealed record BinContents(Entity Entity, IReadOnlyList<Field> Owners);
