using Npgsql;
using NpgsqlTypes;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Requests that were answered and may come again: the second time nothing is done.</summary>
public sealed class AnsweredRequests(Database database)
{
    /// <summary>Takes a key for the request that a transaction is about to carry out. Another transaction with the same key is waited for.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="userId">Whose key it is.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>The answer, as JSON, where the request was carried out before; null where it is new.</returns>
    /// <exception cref="XrmException">422: the key belongs to another request.</exception>
    public static async Task<string?> TakeAsync(RecordTransaction records, Guid userId, RepeatableRequest request, CancellationToken ct)
    {
        var hash = Convert.ToHexString(request.Hash.Span);
        var take = new SqlBuilder().Text("insert into ").Name(records.Schema, "_answered_request").Text(" (user_id, key, hash) values (").Value(userId, ColumnType.Uuid)
            .Text(", ").Value(request.Key, ColumnType.Text).Text(", decode(").Value(hash, ColumnType.Text).Text(", 'hex')) on conflict do nothing returning 1");
        if ((await records.QueryAsync(take, reader => reader.GetInt32(0), ct)).Count > 0) return null;
        var find = new SqlBuilder().Text("select hash = decode(").Value(hash, ColumnType.Text).Text(", 'hex'), answer::text from ").Name(records.Schema, "_answered_request")
            .Text(" where user_id = ").Value(userId, ColumnType.Uuid).Text(" and key = ").Value(request.Key, ColumnType.Text);
        var known = await records.QueryAsync(find, reader => (IsSame: reader.GetBoolean(0), Answer: reader.GetString(1)), ct);
        if (known is not [var (isSame, answer)]) throw new XrmException("record_busy", 503, "The same request is being carried out. Try again.");
        return isSame ? answer : throw new XrmException("idempotency_key_reused", 422, "This Idempotency-Key was sent with another request. Send a new key with every new request.");
    }

    /// <summary>Keeps the answer; it is there when the transaction commits.</summary>
    public static ValueTask KeepAsync(RecordTransaction records, Guid userId, RepeatableRequest request, string answerJson, CancellationToken ct) =>
        records.QueueAsync(new SqlBuilder().Text("update ").Name(records.Schema, "_answered_request").Text(" set answer = ").Value(answerJson, ColumnType.Json)
            .Text(" where user_id = ").Value(userId, ColumnType.Uuid).Text(" and key = ").Value(request.Key, ColumnType.Text), ct);

    /// <summary>Forgets some of the requests that were answered before a time.</summary>
    /// <param name="before">UTC time.</param>
    /// <param name="limit">Most requests to forget.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Requests forgotten; fewer than the limit where no more are left.</returns>
    public async Task<int> ForgetAsync(DateTime before, int limit, CancellationToken ct)
    {
        var table = SqlName.Quote(database.Schema, "_answered_request");
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"delete from {table} where (user_id, key) in (select user_id, key from {table} where at < $1 limit $2)", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>A request that its client may send again.</summary>
/// <param name="Key">The client's key, unique among the user's requests.</param>
/// <param name="Hash">Tells it from other requests.</param>
public sealed record RepeatableRequest(string Key, ReadOnlyMemory<byte> Hash);
