using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Sql;

namespace Xrm.Data.Queries;

/// <summary>Runs plans and writes what they find as UTF-8 JSON, without a row ever becoming an object.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class RecordReader(Database database)
{
    private readonly RecordStatements _statements = new();

    private const int FlushAt = 32 * 1024;
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// Writes a page of rows: <c>{"@odata.context", "@odata.count"?, "value": […], "@odata.nextLink"?}</c>. Nothing is written before
    /// the database has answered, so that a refusal can still become an error answer.
    /// </summary>
    /// <param name="plan">What to read.</param>
    /// <param name="output">Where to; flushed as it fills.</param>
    /// <param name="links">What the envelope says.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="XrmException">503 where the database cannot be reached.</exception>
    public async Task WriteListAsync(QueryPlan plan, PipeWriter output, ListLinks links, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        // Where nothing has the words searched for, others like them may be meant.
        if (!await TryWriteListAsync(plan, connection, output, links, ct)) await TryWriteListAsync(plan.Similar!, connection, output, links, ct);
    }

    /// <summary>Writes a page; false where it would be empty and similar words are to be asked for.</summary>
    private async Task<bool> TryWriteListAsync(QueryPlan plan, NpgsqlConnection connection, PipeWriter output, ListLinks links, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection).Within(plan.TimeLimit);
        if (plan.IsSimilar) batch.BatchCommands.Add(new NpgsqlBatchCommand(SearchSql.SetLeastSimilarity));
        if (plan.WithCount) batch.BatchCommands.Add(SelectSql.Count(plan, database.Schema).ToBatchCommand());
        else if (plan.WithEstimate) batch.BatchCommands.Add(SelectSql.Estimate(plan, database.Schema).ToBatchCommand());
        batch.BatchCommands.Add(SelectSql.Rows(plan, database.Schema).ToBatchCommand());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (plan.IsSimilar) await reader.NextResultAsync(ct);
        var count = plan.WithCount || plan.WithEstimate ? await ReadCountAsync(reader, plan, ct) : (long?)null;
        if (plan.Similar is not null && !reader.HasRows) return false;
        await using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("@odata.context"u8, links.Context);
        if (count is { } total) writer.WriteNumber("@odata.count"u8, total);
        if (plan.WithEstimate) writer.WriteBoolean("@xrm.countIsEstimate"u8, true);
        if (plan.IsSimilar && reader.HasRows) writer.WriteBoolean("@xrm.searchIsSimilar"u8, true);
        writer.WriteStartArray("value"u8);
        var next = await WriteRowsAsync(plan, reader, writer, (output, links.Root), ct);
        writer.WriteEndArray();
        if (next is not null) writer.WriteString("@odata.nextLink"u8, links.Next(next));
        else if (links.Delta is not null) writer.WriteString("@odata.deltaLink"u8, links.Delta);
        writer.WriteEndObject();
        await writer.FlushAsync(ct);
        await output.FlushAsync(ct);
        return true;
    }

    /// <summary>Writes one record. The statement is remembered where it can serve the same question about other records.</summary>
    /// <param name="question">What is asked for.</param>
    /// <param name="plan">Plans the reading; called only where the question is new.</param>
    /// <param name="output">Where to; untouched where the record is not there or is the known version.</param>
    /// <param name="request">What the envelope says, and what the client has.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<OneAnswer> WriteOneAsync(RecordQuestion question, Func<QueryPlan> plan, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        if (_statements.Find(question) is { } known) return await known.Lanes(database).ReadAsync(question.Id, output, request, ct);
        var statement = _statements.Add(question, new RecordStatement(plan(), database.Schema, request.Root));
        await using var connection = await database.OpenAsync(ct);
        await using var command = statement.ToCommand(question.Id, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await statement.AnswerAsync(reader, output, request, ct);
    }

    /// <summary>Writes one record as a running transaction sees it: the answer to a write that is not committed yet.</summary>
    /// <param name="plan">A plan of one record.</param>
    /// <param name="records">The transaction.</param>
    /// <param name="output">Where to; untouched where the record is not there.</param>
    /// <param name="request">What the envelope says.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task WriteOneAsync(QueryPlan plan, RecordTransaction records, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        var transaction = await records.BeginAsync(ct);
        await using var command = SelectSql.Rows(plan, database.Schema).ToCommand(transaction.Connection!, transaction).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return;
        await using var writer = new Utf8JsonWriter(output, Options);
        new RowWriter(plan.Rows.Row, request.Root).Write(writer, reader, About(request.Collection, plan.Shape));
    }

    /// <summary>The ids of the rows of a plan, in their order, as a running transaction sees them.</summary>
    /// <param name="plan">A plan whose rows show nothing but the id.</param>
    /// <param name="records">The transaction.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static Task<List<Guid>> IdsAsync(QueryPlan plan, RecordTransaction records, CancellationToken ct) =>
        // Column 0 is the version.
        records.QueryAsync(SelectSql.Rows(plan, records.Schema), reader => reader.GetGuid(1), ct);

    /// <summary>Writes one record that was just saved, from memory; false, and nothing written, where more is asked for than is there.</summary>
    /// <param name="question">What is asked for.</param>
    /// <param name="plan">Plans the reading; called only where the question is new.</param>
    /// <param name="values">All values of the record, as they are now.</param>
    /// <param name="output">Where to.</param>
    /// <param name="request">What the envelope says.</param>
    public bool TryWriteSaved(RecordQuestion question, Func<QueryPlan> plan, RecordValues values, IBufferWriter<byte> output, OneRequest request)
    {
        var statement = _statements.Find(question) ?? _statements.Add(question, new RecordStatement(plan(), database.Schema, request.Root));
        if (!statement.ServesAll) return false;
        using var writer = new Utf8JsonWriter(output, Options);
        statement.Writer.Write(writer, values, About(request.Collection, statement.Shape));
        return true;
    }

    internal static string About(string collection, string shape) => $"{collection}{shape}/$entity";

    /// <summary>How many rows a plan finds without its limits.</summary>
    /// <param name="plan">What to count.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<long> CountAsync(QueryPlan plan, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var count = await CountAsync(plan, connection, ct);
        return count == 0 && plan.Similar is { } similar ? await CountAsync(similar, connection, ct) : count;
    }

    private async Task<long> CountAsync(QueryPlan plan, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection).Within(plan.TimeLimit);
        if (plan.IsSimilar) batch.BatchCommands.Add(new NpgsqlBatchCommand(SearchSql.SetLeastSimilarity));
        batch.BatchCommands.Add(SelectSql.Count(plan, database.Schema).ToBatchCommand());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (plan.IsSimilar) await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }

    /// <summary>The values of the one record of a plan, in the plan's order.</summary>
    /// <param name="plan">A plan of one record.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>Null where the record is not there, or where the caller may not see it.</returns>
    public async Task<IReadOnlyList<object?>?> ReadOneAsync(QueryPlan plan, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = SelectSql.Rows(plan, database.Schema).ToCommand(connection).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        // Column 0 is the version.
        return await reader.ReadAsync(ct) ? [.. plan.Rows.Row.Columns.Select((column, index) => ColumnCodec.Read(reader, index + 1, column.Term.Type))] : null;
    }

    private static async Task<long> ReadCountAsync(NpgsqlDataReader reader, QueryPlan plan, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var count = plan.WithEstimate ? ReadEstimate(reader.GetString(0)) : reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        return count;
    }

    private static long ReadEstimate(string plan)
    {
        using var json = JsonDocument.Parse(plan);
        return (long)json.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    /// <summary>Writes rows up to the page's end; the token of the next page, or null where there is none.</summary>
    private static async Task<string?> WriteRowsAsync(QueryPlan plan, NpgsqlDataReader reader, Utf8JsonWriter writer, (PipeWriter Pipe, string Root) output, CancellationToken ct)
    {
        var rows = new RowWriter(plan.Rows.Row, output.Root);
        var flushed = 0L;
        string? end = null;
        for (var written = 1; await reader.ReadAsync(ct); written++)
        {
            if (written > plan.PageSize) return end;
            rows.Write(writer, reader);
            if (plan.HasNextPages && written == plan.PageSize) end = PageToken.Write(plan.Rows.Order, reader, rows.PageKey, plan.IsSimilar);
            if (writer.BytesCommitted + writer.BytesPending - flushed < FlushAt) continue;
            await writer.FlushAsync(ct);
            await output.Pipe.FlushAsync(ct);
            flushed = writer.BytesCommitted;
        }
        return null;
    }
}

/// <summary>What the envelope of a list says besides its rows.</summary>
/// <param name="Context">URL of the metadata that describe the rows.</param>
/// <param name="Next">Makes the URL of the next page from its <c>$skiptoken</c>; asked only where there is one.</param>
/// <param name="Root">URL of the data API, which links to the rest of long lists inside of rows begin with.</param>
public sealed record ListLinks(string Context, Func<string, string> Next, string Root)
{
    /// <summary>URL of what changes from now on, said behind the last page; null where nobody asked for it.</summary>
    public string? Delta { get; init; }
}

/// <summary>What the answer with one record says besides its values, and what the client has of it.</summary>
/// <param name="Collection">URL of the metadata that describe the record's collection.</param>
/// <param name="Root">URL of the data API, which links to the rest of long lists begin with.</param>
/// <param name="KnownVersion">Version that the client has and need not be sent again; null for none.</param>
public readonly record struct OneRequest(string Collection, string Root, long? KnownVersion = null);

/// <summary>The reading of one record.</summary>
/// <param name="Version">The record's version; null where it is not there, or where the caller may not see it.</param>
/// <param name="IsKnown">It is the version that the client has: nothing was written.</param>
public readonly record struct OneAnswer(long? Version, bool IsKnown);

/// <summary>What is asked for of one record.</summary>
/// <param name="Context">Model, caller and time.</param>
/// <param name="Collection">Plural name of the entity.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Query">The query part of the URL, as it was sent; tells one selection from another.</param>
public readonly record struct RecordQuestion(QueryContext Context, string Collection, Guid Id, string Query);
