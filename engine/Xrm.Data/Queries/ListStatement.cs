using System.IO.Pipelines;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Sql;

namespace Xrm.Data.Queries;

/// <summary>A planned list with its statements, which serve all requests that ask the same.</summary>
public sealed class ListStatement
{
    private const int FlushAt = 32 * 1024;
    private const long Unknown = -1;

    private readonly string _text;
    private readonly IReadOnlyList<NpgsqlParameter> _parameters;
    private readonly SqlBuilder? _count;
    private readonly RowWriter _rows;
    private long _estimate = Unknown;

    /// <param name="plan">The plan.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="root">URL of the data API, for links to the rest of lists inside of rows.</param>
    internal ListStatement(QueryPlan plan, string schema, string root)
    {
        var rows = SelectSql.Rows(plan, schema);
        (Plan, Root, Shape, _text, _parameters) = (plan, root, plan.Shape, rows.ToString(), rows.Parameters);
        _count = plan.WithCount ? SelectSql.Count(plan, schema) : plan.WithEstimate ? SelectSql.Estimate(plan, schema) : null;
        _rows = new RowWriter(plan.Rows.Row, root);
    }

    /// <summary>What is read.</summary>
    public QueryPlan Plan { get; }

    /// <summary>URL of the data API.</summary>
    internal string Root { get; }

    /// <summary>What the rows show, as <see cref="QueryPlan.Shape"/> says it.</summary>
    public string Shape { get; }

    /// <summary>Writes a page; false where it would be empty and similar words are to be asked for.</summary>
    internal async Task<bool> TryWriteAsync(NpgsqlConnection connection, PipeWriter output, ListLinks links, CancellationToken ct)
    {
        // The database guesses by statistics that are older than this statement, which lives for some seconds.
        var estimate = Volatile.Read(ref _estimate);
        await using var batch = ToBatch(connection, withCount: estimate == Unknown);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (Plan.IsSimilar) await reader.NextResultAsync(ct);
        var count = _count is null ? (long?)null : estimate == Unknown ? await ReadCountAsync(reader, ct) : estimate;
        if (Plan.Similar is not null && !reader.HasRows) return false;
        await using var writer = new Utf8JsonWriter(output, RecordReader.Options);
        writer.WriteStartObject();
        writer.WriteString("@odata.context"u8, links.Context);
        if (count is { } total) writer.WriteNumber("@odata.count"u8, total);
        if (Plan.WithEstimate) writer.WriteBoolean("@xrm.countIsEstimate"u8, true);
        if (Plan.IsSimilar && reader.HasRows) writer.WriteBoolean("@xrm.searchIsSimilar"u8, true);
        writer.WriteStartArray("value"u8);
        var next = await WriteRowsAsync(reader, writer, output, ct);
        writer.WriteEndArray();
        if (next is not null) writer.WriteString("@odata.nextLink"u8, links.Next(next));
        else if (links.Delta is not null) writer.WriteString("@odata.deltaLink"u8, links.Delta);
        writer.WriteEndObject();
        await writer.FlushAsync(ct);
        await output.FlushAsync(ct);
        return true;
    }

    private NpgsqlBatch ToBatch(NpgsqlConnection connection, bool withCount)
    {
        var batch = new NpgsqlBatch(connection).Within(Plan.TimeLimit);
        if (Plan.IsSimilar) batch.BatchCommands.Add(new NpgsqlBatchCommand(SearchSql.SetLeastSimilarity));
        if (withCount && _count is not null) batch.BatchCommands.Add(Command(_count.ToString(), _count.Parameters));
        batch.BatchCommands.Add(Command(_text, _parameters));
        return batch;
    }

    /// <summary>A parameter belongs to one command.</summary>
    private static NpgsqlBatchCommand Command(string text, IReadOnlyList<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
        return command;
    }

    private async Task<long> ReadCountAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var count = Plan.WithEstimate ? ReadEstimate(reader.GetString(0)) : reader.GetInt64(0);
        if (Plan.WithEstimate) Volatile.Write(ref _estimate, count);
        await reader.NextResultAsync(ct);
        return count;
    }

    private static long ReadEstimate(string plan)
    {
        using var json = JsonDocument.Parse(plan);
        return (long)json.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    /// <summary>Writes rows up to the page's end; the token of the next page, or null where there is none.</summary>
    private async Task<string?> WriteRowsAsync(NpgsqlDataReader reader, Utf8JsonWriter writer, PipeWriter output, CancellationToken ct)
    {
        var flushed = 0L;
        string? end = null;
        for (var written = 1; await reader.ReadAsync(ct); written++)
        {
            if (written > Plan.PageSize) return end;
            _rows.Write(writer, reader);
            if (Plan.HasNextPages && written == Plan.PageSize) end = PageToken.Write(Plan.Rows.Order, reader, _rows.PageKey, Plan.IsSimilar);
            if (writer.BytesCommitted + writer.BytesPending - flushed < FlushAt) continue;
            await writer.FlushAsync(ct);
            await output.FlushAsync(ct);
            flushed = writer.BytesCommitted;
        }
        return null;
    }
}

/// <summary>What is asked for of a list: all that its statement depends on.</summary>
/// <param name="Context">Model, caller and time.</param>
/// <param name="Collection">Plural name of the entity.</param>
/// <param name="Query">The query part of the URL, as it was sent.</param>
/// <param name="PageSize">Rows per page that the client prefers; null for no wish.</param>
/// <param name="Root">URL of the data API, for links to the rest of lists inside of rows.</param>
public readonly record struct ListQuestion(QueryContext Context, string Collection, string Query, int? PageSize, string Root)
{
    internal (PublishedModel, string, string, int?, string) Key => (Context.Published, Collection, Query, PageSize, Root);
}
