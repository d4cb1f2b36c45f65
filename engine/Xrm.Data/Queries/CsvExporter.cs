using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Npgsql;
using Xrm.Data.Errors;

namespace Xrm.Data.Queries;

/// <summary>Writes all rows of a query as CSV, row by row as the database sends them: memory does not grow with their number.</summary>
/// <param name="database">The organisation's database.</param>
public sealed class CsvExporter(Database database)
{
    /// <summary>Longest time that the database may take until the next row: much longer than for a page that somebody waits for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private const int FlushAt = 32 * 1024;

    /// <summary>
    /// Writes the export. One statement reads all, so that it shows one moment. Nothing is written before the database has answered, so
    /// that a refusal can still become an error answer.
    /// </summary>
    /// <param name="export">What to read.</param>
    /// <param name="output">Where to; flushed as it fills, and waited for where the receiver is slow.</param>
    /// <param name="look">How it looks.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>Number of rows written.</returns>
    /// <exception cref="XrmException">503 where the database cannot be reached, or takes too long.</exception>
    public async Task<long> WriteAsync(CsvExport export, PipeWriter output, CsvLook look, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenPatientAsync(ct);
            await using var command = export.Sql(database.Schema).ToCommand(connection).Within(LongestWait);
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await WriteAsync(export, reader, output, look, ct);
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception) is { } known && !ReferenceEquals(known, exception))
        {
            throw known;
        }
    }

    private static async Task<long> WriteAsync(CsvExport export, NpgsqlDataReader reader, PipeWriter output, CsvLook look, CancellationToken ct)
    {
        if (look.Options.HasByteOrderMark) output.Write("\uFEFF"u8);
        var writer = new CsvWriter(output, look.Options);
        foreach (var heading in look.Headings) writer.Text(heading.Text);
        writer.End();
        var rows = 0L;
        while (await reader.ReadAsync(ct))
        {
            rows++;
            for (var index = 0; index < export.Columns.Length; index++) writer.Value(reader, export.Columns[index], look.Headings[index].Values);
            writer.End();
            if (output.UnflushedBytes < FlushAt) continue;
            // Who went away, or takes nothing any more, ends the statement.
            if ((await output.FlushAsync(ct)).IsCompleted) return rows;
        }
        await output.FlushAsync(ct);
        return rows;
    }
}

/// <summary>How an export looks.</summary>
/// <param name="Headings">One for each column.</param>
/// <param name="Options">What the client wants of it.</param>
public sealed record CsvLook(ImmutableArray<CsvHeading> Headings, CsvOptions Options);

/// <summary>The heading of a column.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Values">What stands in place of some values, such as the labels of options; null for nothing.</param>
public sealed record CsvHeading(string Text, FrozenDictionary<string, string>? Values);
