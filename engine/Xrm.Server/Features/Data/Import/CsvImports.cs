using System.Text.Json;
using MediatR;
using Microsoft.Net.Http.Headers;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Takes files of CSV and makes records of them.</summary>
internal sealed class CsvImports(IMediator mediator, DataWrites writes, AuditTrail audit, ConcurrencyLimits limits)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int LargestBytes = 16 * 1024 * 1024;

    private const string MediaType = "text/csv";

    /// <summary>A file and what is made of it take memory, and the records a transaction.</summary>
    private static readonly (int OfUser, int OfAll) Most = (1, 4);

    /// <summary>Answers what became of the file: 200, or 400 with the same report where it is all or nothing and some rows are refused.</summary>
    /// <exception cref="XrmException">400: the file or an option is wrong; 403: no right; 413, 415: it is too large, or no CSV; 429: another import is under way.</exception>
    public async Task AnswerAsync(HttpContext http, string collection)
    {
        var request = await writes.RequestAsync(http, collection);
        if (request.Transaction is not null) throw new XrmException("not_in_a_group", 400, "An import is a transaction of its own, which cannot be part of an atomicity group.");
        foreach (var operation in new[] { Operation.Create, Operation.Import })
            if (!request.Caller.Can(request.Entity, operation)) throw XrmException.Forbidden($"You may not {operation.ToString().ToLowerInvariant()} {request.Entity.PluralLabel}: none of your roles grants {operation.ToString().ToLowerInvariant()} for them.");
        var options = ImportOptions.Read(http.Request.Query);
        using var place = limits.Enter("imports", request.Caller.UserId, Most);
        var bytes = await ReadAsync(http);
        var file = CsvFile.Read(bytes.Span);
        var (columns, skipped) = ImportColumns.Find(file.Headings, request.Entity, request.Caller, request.Texts, options.SkipsComputed);
        var id = Guid.CreateVersion7();
        request = request with { Cause = new SaveCause(SaveCause.Import, id.ToString("D")), Repeatable = RequestedRecord.RepeatableBytes(http.Request, bytes.Span) };
        var command = new ImportRecords(request, file, options)
        {
            Columns = columns,
            Skipped = skipped,
            Note = (unit, report, ct) => audit.NoteAsync(unit.Records, http, AuditOperations.Import, request.Caller.UserId, new { format = "csv", import = id, rows = report.Rows, created = report.Created, refused = report.Refused }, request.Entity.Name, ct),
        };
        await AnswerAsync(http, command);
    }

    private async Task AnswerAsync(HttpContext http, ImportRecords command)
    {
        try
        {
            await WriteAsync(http, await mediator.Send(command, http.RequestAborted));
        }
        catch (ImportUndoneException undone) when (undone.Report.DryRun)
        {
            await WriteAsync(http, undone.Report);
        }
        catch (ImportUndoneException undone)
        {
            var refused = new XrmException("import_refused", 400, $"{undone.Report.Refused} of {undone.Report.Rows} records are refused, so none was stored. Mend them, or store the others with onError=continue.");
            await ProblemAnswers.WriteAsync(http, refused, http.RequestAborted, undone.Report);
        }
        catch (AnsweredBeforeException before)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            await WriteAsync(http, JsonSerializer.Deserialize<ImportReport>(before.Answer, ApiJson.Options)!);
        }
    }

    private static Task WriteAsync(HttpContext http, ImportReport report) => http.Response.WriteAsJsonAsync(report, ApiJson.Options, http.RequestAborted);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        RequestBody.Limit(http, LargestBytes);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != MediaType || (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            throw new XrmException("unsupported_media_type", 415, "Send CSV in UTF-8, with Content-Type: text/csv.");
        using var body = new MemoryStream();
        var part = new byte[64 * 1024];
        while (await http.Request.Body.ReadAsync(part, http.RequestAborted) is > 0 and var count)
        {
            if (body.Length + count > LargestBytes) throw RequestBody.TooLarge(LargestBytes);
            body.Write(part, 0, count);
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
