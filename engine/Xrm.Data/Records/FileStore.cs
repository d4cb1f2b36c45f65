using Npgsql;
using NpgsqlTypes;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Uploaded files. A file belongs to its uploader until a record is saved that holds it; then to that field of that record.</summary>
public sealed class FileStore(Database database)
{
    private readonly string _table = $"{SqlName.Quote(database.Schema)}._file";

    /// <summary>Keeps a file, unless its uploader has as much already that no record holds.</summary>
    /// <param name="file">What is known of it.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="most">How much one person may have. Uploads that come at the same time may go beyond it together.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>False where it is too much.</returns>
    public async Task<bool> AddAsync(StoredFile file, byte[] content, WaitingUploads most, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"""
            insert into {_table} (id, name, content_type, size, sha256, content, created_at, created_by) select $1, $2, $3, $4, $5, $6, $7, $8
            from (select count(*) as files, coalesce(sum(size), 0) as bytes from {_table} where record_id is null and created_by = $8) waiting
            where ($9 = 0 or waiting.files < $9) and ($10 = 0 or waiting.bytes + $4 <= $10)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = file.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.ContentType });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = file.Size });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = System.Security.Cryptography.SHA256.HashData(content) });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = content });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = file.CreatedAt, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = file.CreatedBy });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most.Files });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = most.Bytes });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>What is known of a file; null where there is none.</summary>
    public async Task<StoredFile?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select name, content_type, size, created_at, created_by, entity, record_id, field from {_table} where id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        var owner = reader.IsDBNull(5) ? null : new FileOwner(reader.GetString(5), reader.GetGuid(6), reader.GetString(7));
        return new StoredFile(id, reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetDateTime(3), reader.IsDBNull(4) ? Guid.Empty : reader.GetGuid(4), owner);
    }

    /// <summary>The bytes of a file; null where there is none.</summary>
    public async Task<byte[]?> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select content from {_table} where id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (byte[]?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Removes some of the files that were uploaded before a time and that no record holds.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most files to remove.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Files removed; fewer than the limit where no more are left.</returns>
    public async Task<int> RemoveUnattachedAsync(DateTime before, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        // What a save is about to attach is locked, and left alone.
        await using var command = new NpgsqlCommand($"""
            delete from {_table} where id in (select id from {_table} where record_id is null and created_at < $1 limit $2 for update skip locked)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Those of the files that no record holds yet, locked.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="ids">The files.</param>
    /// <param name="uploader">Only those of this user; null for any.</param>
    /// <param name="ct">Cancels the query.</param>
    public static async Task<HashSet<Guid>> UnattachedAsync(RecordTransaction records, IReadOnlyCollection<Guid> ids, Guid? uploader, CancellationToken ct)
    {
        var sql = WhereIds(new SqlBuilder().Text("select id from ").Name(records.Schema, "_file"), ids).Text(" and record_id is null");
        if (uploader is { } user) sql.Text(" and created_by = ").Value(user, ColumnType.Uuid);
        return [.. await records.QueryAsync(sql.Text(" for update"), reader => reader.GetGuid(0), ct)];
    }

    /// <summary>Ties files to a field of a record.</summary>
    public static ValueTask AttachAsync(RecordTransaction records, IReadOnlyCollection<Guid> ids, Field field, Guid recordId, CancellationToken ct) =>
        records.QueueAsync(WhereIds(new SqlBuilder().Text("update ").Name(records.Schema, "_file").Text(" set entity = ").Value(field.Entity.Name, ColumnType.Text)
            .Text(", record_id = ").Value(recordId, ColumnType.Uuid).Text(", field = ").Value(field.Name, ColumnType.Text), ids), ct);

    /// <summary>Removes files for good.</summary>
    public static ValueTask DeleteAsync(RecordTransaction records, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        records.QueueAsync(WhereIds(new SqlBuilder().Text("delete from ").Name(records.Schema, "_file"), ids), ct);

    private static SqlBuilder WhereIds(SqlBuilder sql, IEnumerable<Guid> ids) =>
        sql.Text(" where id = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
}

/// <summary>How much one person may have uploaded that no record holds yet; 0 is no limit.</summary>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Bytes of all of them together.</param>
public sealed record WaitingUploads(int Files, long Bytes);

/// <summary>An uploaded file without its bytes.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">File name as uploaded, without folders.</param>
/// <param name="ContentType">Media type as uploaded; not to be trusted.</param>
/// <param name="Size">Bytes.</param>
/// <param name="CreatedAt">UTC time of the upload.</param>
/// <param name="CreatedBy">Who uploaded it.</param>
/// <param name="Owner">The field that holds it; null while none does.</param>
public sealed record StoredFile(Guid Id, string Name, string ContentType, long Size, DateTime CreatedAt, Guid CreatedBy, FileOwner? Owner = null);

/// <summary>The field that holds a file.</summary>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Field">Name of the field.</param>
public sealed record FileOwner(string Entity, Guid RecordId, string Field);
