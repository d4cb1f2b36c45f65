using System.Collections.Frozen;
using System.Globalization;
using System.Security.Claims;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data;

/// <summary>Answers with all rows of a list as CSV.</summary>
internal sealed class CsvReads(CsvExporter exporter, CurrentModel current, ConcurrencyLimits limits, AuditTrail audit, TimeProvider time)
{
    /// <summary>An export holds a connection and a snapshot of the database for as long as it lasts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly (int OfUser, int OfAll) Most = (2, 8);

    /// <summary>Answers with an export, as a file to be saved.</summary>
    /// <exception cref="XrmException">429: too many are under way; 503: the database takes too long.</exception>
    public async Task AnswerAsync(HttpContext http, CsvExport export, CsvOptions options)
    {
        var texts = Texts.For(current.Value.Model, http.Request);
        using var place = limits.Enter("exports", Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!), Most);
        using var end = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, end.Token);
        SetHeaders(http.Response, FileName(export.Entity, options, texts));
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var look = new CsvLook([.. export.Columns.Select(column => Heading(column, options, texts))], options);
        long? rows = null;
        try
        {
            rows = await exporter.WriteAsync(export, http.Response.BodyWriter, look, both.Token);
        }
        catch (OperationCanceledException late) when (end.IsCancellationRequested)
        {
            throw new XrmException("query_timeout", 503, $"The export took longer than {Longest.TotalMinutes:0} minutes. Export fewer rows at a time.", inner: late);
        }
        finally
        {
            // Whoever goes away has got something all the same.
            await audit.NoteAsync(http, AuditOperations.Export, Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!), new { format = "csv", query = Query(http.Request), rows }, CancellationToken.None, export.Entity.Name);
        }
    }

    private static string Query(HttpRequest request)
    {
        const int Longest = 2_000;
        var query = Uri.UnescapeDataString(request.QueryString.Value ?? "");
        return query.Length > Longest ? query[..Longest] : query;
    }

    private static void SetHeaders(HttpResponse response, string fileName)
    {
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers["OData-Version"] = "4.0";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Cookie, Authorization, Accept, Accept-Language";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        response.Headers.ContentDisposition = disposition.ToString();
    }

    private string FileName(Entity entity, CsvOptions options, Texts texts)
    {
        var label = texts.Find($"entity.{entity.Name}.pluralLabel") ?? entity.PluralLabel;
        var name = options.HasLabels ? string.Concat(label.Select(sign => char.IsControl(sign) || "\\/:*?\"<>|".Contains(sign) ? '-' : sign)) : entity.Plural;
        return string.Create(CultureInfo.InvariantCulture, $"{name} {time.GetUtcNow():yyyy-MM-dd}.csv");
    }

    private static CsvHeading Heading(CsvColumn column, CsvOptions options, Texts texts)
    {
        if (!options.HasLabels || column.Fields.IsEmpty) return new CsvHeading(column.Path, null);
        var field = column.Fields[^1];
        return new CsvHeading(CsvLabels.Of(column.Fields, column.Path[(column.Path.LastIndexOf('/') + 1)..], texts), field.Options.IsEmpty ? null : Labels(field, texts));
    }

    private static FrozenDictionary<string, string> Labels(Field field, Texts texts) =>
        field.Options.DistinctBy(option => option.Value.ToString()).ToFrozenDictionary(option => option.Value.ToString(), option => texts.Option(field, option), StringComparer.Ordinal);
}
