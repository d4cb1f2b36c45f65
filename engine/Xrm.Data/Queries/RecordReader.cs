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
    private readonly KnownStatements<(PublishedModel, string, string), RecordStatement> _records = new(200);
    private readonly KnownStatements<(PublishedModel, string, string, int?, string), ListStatement> _lists = new(200);

    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The list that answered the same question before; null where there is none.</summary>
    public ListStatement? Find(in ListQuestion question) => _lists.Find(question.Context.Caller, question.Key);

    /// <summary>A planned list, kept for others who ask the same unless it depends on the time.</summary>
    /// <param name="question">What was asked for.</param>
    /// <param name="plan">The plan for just that.</param>
    public ListStatement Add(in ListQuestion question, QueryPlan plan)
    {
        var list = List(plan, question.Root);
        if (!question.Context.IsOfMoment) _lists.Add(question.Context.Caller, question.Key, list);
        return list;
    }

    /// <summary>A planned list.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="root">URL of the data API, for links to the rest of lists inside of rows.</param>
    public ListStatement List(QueryPlan plan, string root) => new(plan, database.Schema, root);

    /// <summary>
    /// Writes a page of rows: <c>{"@odata.context", "@odata.count"?, "value": […], "@odata.nextLink"?}</c>. Nothing is written before
    /// the database has answered, so that a refusal can still become an error answer.
    /// </summary>
    /// <param name="list">What to read.</param>
    /// <param name="output">Where to; flushed as it fills.</param>
    /// <param name="links">What the envelope says.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="XrmException">503 where the database cannot be reached.</exception>
    public async Task WriteListAsync(ListStatement list, PipeWriter output, ListLinks links, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        // Where nothing has the words searched for, others like them may be meant.
        if (!await list.TryWriteAsync(connection, output, links, ct)) await List(list.Plan.Similar!, list.Root).TryWriteAsync(connection, output, links, ct);
    }

    /// <summary>Writes one record. The statement is remembered where it can serve the same question about other records.</summary>
    /// <param name="question">What is asked for.</param>
    /// <param name="plan">Plans the reading; called only where the question is new.</param>
    /// <param name="output">Where to; untouched where the record is not there or is the known version.</param>
    /// <param name="request">What the envelope says, and what the client has.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<OneAnswer> WriteOneAsync(RecordQuestion question, Func<QueryPlan> plan, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        if (Find(question) is { } known) return await known.Lanes(database).ReadAsync(question.Id, output, request, ct);
        var statement = Add(question, plan(), request);
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

    /// <summary>The rows of a plan as values by property, in their order, as a running transaction sees them.</summary>
    /// <param name="plan">A plan whose rows show no other records.</param>
    /// <param name="records">The transaction.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static Task<List<Dictionary<string, object?>>> ValuesAsync(QueryPlan plan, RecordTransaction records, CancellationToken ct) =>
        records.QueryAsync(SelectSql.Rows(plan, records.Schema), reader => ByProperty(plan, Values(plan, reader)), ct);

    /// <summary>Writes one record that was just saved, from memory; false, and nothing written, where more is asked for than is there.</summary>
    /// <param name="question">What is asked for.</param>
    /// <param name="plan">Plans the reading; called only where the question is new.</param>
    /// <param name="values">All values of the record, as they are now.</param>
    /// <param name="output">Where to.</param>
    /// <param name="request">What the envelope says.</param>
    public bool TryWriteSaved(RecordQuestion question, Func<QueryPlan> plan, RecordValues values, IBufferWriter<byte> output, OneRequest request)
    {
        var statement = Find(question) ?? Add(question, plan(), request);
        if (!statement.ServesAll) return false;
        using var writer = new Utf8JsonWriter(output, Options);
        statement.Writer.Write(writer, values, About(request.Collection, statement.Shape));
        return true;
    }

    private RecordStatement? Find(in RecordQuestion question) => _records.Find(question.Context.Caller, question.Key);

    /// <summary>The statement, which is kept where it depends on nothing but model, caller and question.</summary>
    private RecordStatement Add(in RecordQuestion question, QueryPlan plan, OneRequest request)
    {
        var statement = new RecordStatement(plan, database.Schema, request.Root);
        if (statement.ServesAll) _records.Add(question.Context.Caller, question.Key, statement);
        return statement;
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
        return await reader.ReadAsync(ct) ? Values(plan, reader) : null;
    }

    /// <summary>The rows of a plan as values by property, in their order.</summary>
    /// <param name="plan">A plan whose rows show no other records.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RowsAsync(QueryPlan plan, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = SelectSql.Rows(plan, database.Schema).ToCommand(connection).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync(ct)) rows.Add(ByProperty(plan, Values(plan, reader)));
        return rows;
    }

    // Column 0 is the version.
    private static List<object?> Values(QueryPlan plan, NpgsqlDataReader reader) => [.. plan.Rows.Row.Columns.Select((column, index) => ColumnCodec.Read(reader, index + 1, column.Term.Type))];

    private static Dictionary<string, object?> ByProperty(QueryPlan plan, List<object?> values) =>
        plan.Rows.Row.Columns.Select((column, index) => (column.Name, Value: values[index])).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}

/// <summary>What the envelope of a list says besides its rows.</summary>
/// <param name="Context">URL of the metadata that describe the rows.</param>
/// <param name="Next">Makes the URL of the next page from its <c>$skiptoken</c>; asked only where there is one.</param>
public sealed record ListLinks(string Context, Func<string, string> Next)
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
public readonly record struct RecordQuestion(QueryContext Context, string Collection, Guid Id, string Query)
{
    internal (PublishedModel, string, string) Key => (Context.Published, Collection, Query);
}
