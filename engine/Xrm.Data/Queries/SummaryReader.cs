using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Xrm.Data.Queries;

/// <summary>Runs summaries and writes their rows as UTF-8 JSON.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class SummaryReader(Database database)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a page of a summary, in the form of a list.</summary>
    /// <param name="plan">What to read.</param>
    /// <param name="output">Where to.</param>
    /// <param name="context">URL of the metadata that describe the rows.</param>
    /// <param name="next">URL of the next page; asked only where there is one.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="Errors.XrmException">503 where the database cannot be reached.</exception>
    public async Task WriteAsync(SummaryPlan plan, PipeWriter output, string context, Func<string> next, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var batch = new NpgsqlBatch(connection).Within(plan.Source.TimeLimit);
        if (plan.WithCount) batch.BatchCommands.Add(SummarySql.Count(plan, database.Schema).ToBatchCommand());
        batch.BatchCommands.Add(SummarySql.Rows(plan, database.Schema).ToBatchCommand());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("@odata.context"u8, context);
        if (plan.WithCount)
        {
            await reader.ReadAsync(ct);
            writer.WriteNumber("@odata.count"u8, reader.GetInt64(0));
            await reader.NextResultAsync(ct);
        }
        writer.WriteStartArray("value"u8);
        var rows = new SummaryWriter(plan.Columns);
        var written = 0;
        while (await reader.ReadAsync(ct) && written++ < plan.PageSize) rows.Write(writer, reader);
        writer.WriteEndArray();
        if (plan.HasNextPages && written > plan.PageSize) writer.WriteString("@odata.nextLink"u8, next());
        writer.WriteEndObject();
        await writer.FlushAsync(ct);
        await output.FlushAsync(ct);
    }

    /// <summary>How many rows a summary has without its limits.</summary>
    /// <param name="plan">What to count.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<long> CountAsync(SummaryPlan plan, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = SummarySql.Count(plan, database.Schema).ToCommand(connection).Within(plan.Source.TimeLimit);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
