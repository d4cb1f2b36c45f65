using System.Collections.Immutable;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Access;

/// <summary>What of a record is shared with whom.</summary>
/// <param name="PrincipalId">The person or team.</param>
/// <param name="PrincipalKind"><c>user</c> or <c>team</c>.</param>
/// <param name="Rights">What they may do.</param>
/// <param name="SharedBy">Who shared it, or changed the share last.</param>
/// <param name="SharedAt">When, UTC.</param>
public sealed record RecordShare(Guid PrincipalId, string PrincipalKind, ShareRights Rights, Guid SharedBy, DateTime SharedAt);

/// <summary>Reads and writes shares in the transaction of a save. Knows no rights: whoever calls it checks them.</summary>
public static class RecordShares
{
    /// <summary>Name of the table.</summary>
    internal const string Table = "_share";

    /// <summary>What shares let a caller do with records, by id; records of which nothing is shared are missing.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="caller">The caller; most have nothing shared with them, and ask nothing.</param>
    /// <param name="entity">Entity of the records.</param>
    /// <param name="ids">The records.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task<ImmutableDictionary<Guid, ShareRights>> WithCallerAsync(RecordTransaction records, Caller caller, Entity entity, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if (!entity.IsUserOwned || ids.Count == 0 || caller.SharesWith is not { IsEmpty: false } principals) return ImmutableDictionary<Guid, ShareRights>.Empty;
        var found = await records.QueryAsync(With(records.Schema, principals, entity.Name, ids), reader => (Id: reader.GetGuid(0), Rights: (ShareRights)reader.GetInt32(1)), ct);
        return found.ToImmutableDictionary(row => row.Id, row => row.Rights);
    }

    /// <summary>All shares of a record, the oldest first.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="id">The record.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static Task<List<RecordShare>> ListAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct) => records.QueryAsync(
        Of(new SqlBuilder().Text("select principal_id, principal_kind, rights::int, shared_by, shared_at from ").Name(records.Schema, Table), entity, id).Text(" order by shared_at, principal_id"),
        reader => new RecordShare(reader.GetGuid(0), reader.GetString(1), (ShareRights)reader.GetInt32(2), reader.GetGuid(3), reader.GetDateTime(4)), ct);

    /// <summary>Shares a record, or changes how it is shared.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="id">The record.</param>
    /// <param name="share">With whom, and for what.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task PutAsync(RecordTransaction records, Entity entity, Guid id, RecordShare share, CancellationToken ct)
    {
        await records.QueueAsync(new SqlBuilder().Text("insert into ").Name(records.Schema, Table).Text(" (entity, record_id, principal_id, principal_kind, rights, shared_by, shared_at) values (")
            .Value(entity.Name, ColumnType.Text).Text(", ").Value(id, ColumnType.Uuid).Text(", ").Value(share.PrincipalId, ColumnType.Uuid).Text(", ").Value(share.PrincipalKind, ColumnType.Text).Text(", ")
            .Number((int)share.Rights).Text(", ").Value(share.SharedBy, ColumnType.Uuid).Text(", ").Value(share.SharedAt, ColumnType.Timestamp)
            .Text(") on conflict (record_id, principal_id, entity) do update set rights = excluded.rights, shared_by = excluded.shared_by, shared_at = excluded.shared_at"), ct);
        await StampAsync(records, share.PrincipalId, ct);
    }

    /// <summary>Ends a share; does nothing where there is none.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="id">The record.</param>
    /// <param name="principal">The person or team.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task RemoveAsync(RecordTransaction records, Entity entity, Guid id, Guid principal, CancellationToken ct)
    {
        await records.QueueAsync(Of(new SqlBuilder().Text("delete from ").Name(records.Schema, Table), entity, id).Text(" and principal_id = ").Value(principal, ColumnType.Uuid), ct);
        await StampAsync(records, principal, ct);
    }

    /// <summary>Ends all shares of a record that goes for good: another could come with its id.</summary>
    internal static ValueTask ForgetAsync(RecordTransaction records, Entity entity, Guid id, CancellationToken ct) => entity.IsUserOwned
        ? records.QueueAsync(Of(new SqlBuilder().Text("with gone as (delete from ").Name(records.Schema, Table), entity, id).Text(" returning principal_id) insert into ").Name(records.Schema, "_share_stamp")
            .Text(" select distinct principal_id, gen_random_uuid() from gone order by 1 on conflict (principal_id) do update set stamp = excluded.stamp"), ct)
        : ValueTask.CompletedTask;

    /// <summary>Who follows changes or keeps a token of them learns that what they see has changed.</summary>
    private static ValueTask StampAsync(RecordTransaction records, Guid principal, CancellationToken ct) => records.QueueAsync(new SqlBuilder().Text("insert into ").Name(records.Schema, "_share_stamp")
        .Text(" values (").Value(principal, ColumnType.Uuid).Text(", gen_random_uuid()) on conflict (principal_id) do update set stamp = excluded.stamp"), ct);

    private static SqlBuilder With(string schema, ImmutableArray<Guid> principals, string entity, IReadOnlyCollection<Guid> ids) => new SqlBuilder()
        .Text("select record_id, bit_or(rights)::int from ").Name(schema, Table).Text(" where entity = ").Value(entity, ColumnType.Text)
        .Text(" and record_id = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(") and principal_id = any(")
        .Values([.. principals.Select(id => (object?)id)], ColumnType.Uuid).Text(") group by record_id");

    private static SqlBuilder Of(SqlBuilder sql, Entity entity, Guid id) => sql.Text(" where entity = ").Value(entity.Name, ColumnType.Text).Text(" and record_id = ").Value(id, ColumnType.Uuid);
}
