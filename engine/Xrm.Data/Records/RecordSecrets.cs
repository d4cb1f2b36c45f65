using Dapper;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Encrypted values of secret fields, apart from the records that they belong to. Knows no rights and no keys.</summary>
public sealed class RecordSecrets(Database database)
{
    private const string Table = "_secret";

    /// <summary>Length in bytes of the mark with which protected values begin; the id of their key follows.</summary>
    private const int KeyAt = 5;

    private readonly string _table = $"{SqlName.Quote(database.Schema)}.{Table}";

    /// <summary>Keeps a value in the transaction of the save.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="field">The field.</param>
    /// <param name="id">The record.</param>
    /// <param name="value">The encrypted value; null for none.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static ValueTask PutAsync(RecordTransaction records, Field field, Guid id, byte[]? value, CancellationToken ct)
    {
        if (value is null)
            return records.QueueAsync(new SqlBuilder().Text("delete from ").Name(records.Schema, Table).Text(" where record_id = ").Value(id, ColumnType.Uuid).Text(" and field = ").Value(field.Name, ColumnType.Text), ct);
        return records.QueueAsync(new SqlBuilder().Text("insert into ").Name(records.Schema, Table).Text(" (record_id, field, entity, value) values (").Value(id, ColumnType.Uuid).Text(", ").Value(field.Name, ColumnType.Text)
            .Text(", ").Value(field.Entity.Name, ColumnType.Text).Text(", decode(").Value(Convert.ToBase64String(value), ColumnType.Text).Text(", 'base64')) on conflict (record_id, field) do update set value = excluded.value"), ct);
    }

    /// <summary>The encrypted value; null for none.</summary>
    public async Task<byte[]?> FindAsync(Field field, Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition($"select value from {_table} where record_id = @id and field = @Name", new { id, field.Name }, cancellationToken: ct));
    }

    /// <summary>How many values are encrypted by other keys than one.</summary>
    public async Task<long> CountOthersAsync(Guid keyId, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) from {_table} where {IsOfOther}", new { key = keyId.ToByteArray() }, cancellationToken: ct));
    }

    /// <summary>Encrypts some of the values that other keys have encrypted anew, in a transaction; a record at a time, in the order of their ids.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="keyId">The key that they are to have.</param>
    /// <param name="after">Record behind which to go on; null to begin.</param>
    /// <param name="limit">Most values.</param>
    /// <param name="encrypt">Gives the new value of a record's old one; null where it cannot be read.</param>
    /// <param name="ct">Cancels it.</param>
    /// <returns>The last record, null where none is left; how many were encrypted anew; records with values that could not be read.</returns>
    public async Task<(Guid? Last, int Done, IReadOnlyList<Guid> Unreadable)> ReplaceAsync(NpgsqlTransaction transaction, Guid keyId, Guid? after, int limit, Func<Guid, byte[], byte[]?> encrypt, CancellationToken ct)
    {
        var connection = transaction.Connection!;
        var found = (await connection.QueryAsync<(Guid RecordId, string Field, byte[] Value)>(new CommandDefinition($"""
            select record_id, field, value from {_table} where {IsOfOther} and record_id in (
                select distinct record_id from {_table} where {IsOfOther} and (@after::uuid is null or record_id > @after) order by record_id limit @limit)
            order by record_id, field for update
            """, new { key = keyId.ToByteArray(), after, limit }, transaction, cancellationToken: ct))).AsList();
        var unreadable = new List<Guid>();
        foreach (var (recordId, field, value) in found)
            if (encrypt(recordId, value) is not { } anew) unreadable.Add(recordId);
            else await connection.ExecuteAsync(new CommandDefinition($"update {_table} set value = @anew where record_id = @recordId and field = @field", new { recordId, field, anew }, transaction, cancellationToken: ct));
        return (found.Count == 0 ? null : found[^1].RecordId, found.Count - unreadable.Count, [.. unreadable.Distinct()]);
    }

    /// <summary>Removes the values of a record that goes.</summary>
    internal static ValueTask ForgetAsync(RecordTransaction records, Guid id, CancellationToken ct) =>
        records.QueueAsync(new SqlBuilder().Text("delete from ").Name(records.Schema, Table).Text(" where record_id = ").Value(id, ColumnType.Uuid), ct);

    private static string IsOfOther => FormattableString.Invariant($"substring(value from {KeyAt} for 16) <> @key");
}
