using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Privacy;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Privacy;

/// <summary>Collects all that is kept about a person into a ZIP of JSON and files, with a page to read. Secrets are not in it: whoever exports does not learn them.</summary>
internal sealed class ExportWork(JobRecords found, PersonTraces traces, FileStore files, AuditReader audit, TimeProvider time) : IJobWork
{
    private const int Most = 50;
    private const int MostEntries = 10_000;
    private const long LargestBytes = 500L * 1024 * 1024;

    /// <summary>How long it can be fetched.</summary>
    public static readonly TimeSpan Available = TimeSpan.FromDays(7);

    public string Kind => Job.PersonExport;

    public async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        var transaction = await records.BeginAsync(ct);
        var person = PersonRequest.Of(job, records.Published.Model);
        if (!await found.AnyAsync(transaction, job.Id, ct))
        {
            var all = await PersonRecords.FindAsync(transaction, records.Schema, records.Published, person.Entity, person.Id, ct);
            await found.AddAsync(transaction, job.Id, [.. all.Select(record => new JobRecord(record.Entity.Name, record.Id, null))], ct);
            return new JobProgress(0, [], null, IsLast: false);
        }
        var portion = await found.NextAsync(transaction, job.Id, Most, ct);
        foreach (var record in portion) await found.DoneAsync(transaction, job.Id, record, await DocumentAsync(records, record, ct), ct);
        if (portion.Count == Most) return new JobProgress(portion.Count, [], null, IsLast: false);
        var content = await ZipAsync(records, job, person, ct);
        var now = time.GetUtcNow().UtcDateTime;
        await found.PutFileAsync(transaction, job.Id, new JobFile($"{person.Entity.Name}-{person.Id:D}.zip", content), now + Available, ct);
        await found.ForgetAsync(transaction, job.Id, ct);
        return new JobProgress(portion.Count, [], null, IsLast: true);
    }

    /// <summary>What is known of a record, as JSON; null where it is gone.</summary>
    private async Task<string?> DocumentAsync(RecordTransaction records, JobRecord record, CancellationToken ct)
    {
        if (records.Published.Model.FindEntity(record.Entity) is not { } entity || await RecordLoader.LoadAsync(records, entity, [record.RecordId], ct) is not [var values]) return null;
        var history = await audit.HistoryAsync(entity.Name, record.RecordId, null, MostEntries, ct);
        return JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("entity"u8, entity.Name);
            writer.WriteString("label"u8, entity.Label);
            writer.WriteString("id"u8, record.RecordId);
            writer.WriteString("title"u8, entity.Primary.Column is { } primary ? Convert.ToString(values.Get(primary.Name), CultureInfo.InvariantCulture) : null);
            writer.WritePropertyName("values"u8);
            records.Table(entity).Write(writer, values);
            writer.WriteStartArray("history"u8);
            foreach (var entry in history)
            {
                writer.WriteStartObject();
                writer.WriteString("at"u8, entry.At);
                writer.WriteString("operation"u8, entry.Operation);
                writer.WritePropertyName("changes"u8);
                writer.WriteRawValue(entry.Changes ?? "null");
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task<byte[]> ZipAsync(RecordTransaction records, Job job, PersonRequest person, CancellationToken ct)
    {
        var transaction = await records.BeginAsync(ct);
        var documents = await found.DocumentsAsync(transaction, job.Id, ct);
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var page = new StringBuilder();
            foreach (var (entity, id, document) in documents)
            {
                await AddAsync(zip, $"records/{entity}/{id:D}.json", Encoding.UTF8.GetBytes(document), ct);
                var held = await AddFilesAsync(zip, stream, records, id, ct);
                ExportPage.Record(page, records.Published.Model.FindEntity(entity), JsonSerializer.Deserialize<JsonElement>(document), held);
            }
            var addresses = await RecordLoader.LoadAsync(records, person.Entity, [person.Id], ct) is [var values] ? Anonymous.Addresses(person.Entity, values).ToList() : [];
            var mails = await traces.MailsAsync(transaction, addresses, ct);
            await AddAsync(zip, "mails.json", JsonSerializer.SerializeToUtf8Bytes(mails, Hosting.ApiJson.Options), ct);
            ExportPage.Mails(page, mails);
            await AddAsync(zip, "index.html", Encoding.UTF8.GetBytes(ExportPage.Whole(person.Entity, time.GetUtcNow().UtcDateTime, documents.Count, page)), ct);
        }
        return stream.ToArray();
    }

    private async Task<List<(string Name, string Path)>> AddFilesAsync(ZipArchive zip, MemoryStream stream, RecordTransaction records, Guid recordId, CancellationToken ct)
    {
        var held = new List<(string, string)>();
        foreach (var (id, name, _) in await traces.FilesAsync(await records.BeginAsync(ct), recordId, ct))
        {
            if (await files.ReadAsync(id, ct) is not { } content) continue;
            if (stream.Length + content.Length > LargestBytes) throw new XrmException("export_too_large", 409, $"The files of this person are larger than {LargestBytes / (1024 * 1024)} MiB. Fetch the largest ones singly, and remove them first.");
            // Names come from whoever uploaded them: none of them may lead out of its folder.
            var path = $"files/{id:D}/{string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or ' ' ? letter : '_')).TrimStart('.')}";
            await AddAsync(zip, path, content, ct);
            held.Add((name, path));
        }
        return held;
    }

    private static async Task AddAsync(ZipArchive zip, string path, byte[] content, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }
}

/// <summary>The page of an export: no scripts, nothing from elsewhere, all that people wrote as text.</summary>
internal static class ExportPage
{
    public static string Whole(Entity entity, DateTime now, int records, StringBuilder body) => $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{{Encode(entity.Label)}}</title><style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere}th{width:16rem;font-weight:600}</style></head>
        <body><h1>All that is kept about this {{Encode(entity.Label)}}</h1><p>{{records.ToString(CultureInfo.InvariantCulture)}} records, as of {{now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}} UTC. The folder records holds the same for programs, with the history of each record.</p>
        {{body}}</body></html>
        """;

    public static void Record(StringBuilder page, Entity? entity, JsonElement document, List<(string Name, string Path)> files)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(document.GetProperty("label").GetString())}: {Encode(document.GetProperty("title").GetString())}</h2><table>");
        foreach (var value in document.GetProperty("values").EnumerateObject().Where(value => value.Value.ValueKind != JsonValueKind.Null))
            if (entity?.FindColumn(value.Name) is not { Field.IsSystem: true })
                page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Encode(Label(entity, value.Name))}</th><td>{Encode(value.Value.ToString())}</td></tr>");
        foreach (var (name, path) in files) page.Append(CultureInfo.InvariantCulture, $"<tr><th>File</th><td><a href=\"{Encode(Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal))}\">{Encode(name)}</a></td></tr>");
        page.Append("</table>");
    }

    public static void Mails(StringBuilder page, IReadOnlyList<PersonMail> mails)
    {
        if (mails.Count == 0) return;
        page.Append("<h2>E-mails</h2><table>");
        foreach (var mail in mails) page.Append(CultureInfo.InvariantCulture, $"<tr><th>{mail.CreatedAt:yyyy-MM-dd HH:mm}</th><td>{Encode(mail.Subject)}</td></tr>");
        page.Append("</table>");
    }

    private static string Label(Entity? entity, string column) => entity?.FindColumn(column) is var (field, found) ? found.Part.Length == 0 ? field.Label : $"{field.Label} ({found.Part.Replace('_', ' ')})" : column;

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}
