using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Files;

/// <summary>Upload and download of files. A file is tied to a record by saving its id in a field of the record.</summary>
internal static class FileEndpoints
{
    private const long LargestBytes = 25 * 1024 * 1024;
    private const int LongestName = 200;
    private const int MostOfUser = 4;
    private const int MostOfAll = 16;
    private const string Unknown = "application/octet-stream";

    public static IServiceCollection AddFiles(this IServiceCollection services) => services.AddSingleton(provider => Limits.Uploads(provider.GetRequiredService<IConfiguration>())).AddSingleton<FileStore>().AddSingleton<FileRights>();

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/files").WithTags("Files").RequireAuthorization();
        group.MapPost("/", Upload).DisableAntiforgery();
        group.MapMethods("/{id:guid}", [HttpMethods.Get, HttpMethods.Head], Download);
    }

    private static async Task<IResult> Upload(HttpContext http, FileStore files, CallerProvider callers, ConcurrencyLimits limits, WaitingUploads most, TimeProvider time, CancellationToken ct)
    {
        var caller = await callers.GetAsync(http, ct);
        // Each lies in memory until it is stored.
        using var place = limits.Enter("uploads", caller.UserId, (MostOfUser, MostOfAll));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBytes + 64 * 1024;
        var (name, type, content) = http.Request.HasFormContentType ? await FormAsync(http, ct) : await RawAsync(http, ct);
        if (content.Length > LargestBytes) throw new XrmException("too_large", 413, $"A file may have {LargestBytes / (1024 * 1024)} MiB at most.");
        var file = new StoredFile(Guid.CreateVersion7(), SafeName(name), FileContent.TypeOf(content, DeclaredType(type)), content.Length, time.GetUtcNow().UtcDateTime, caller.UserId);
        if (!await files.AddAsync(file, content, most, ct)) throw Full(most);
        return TypedResults.Created($"/api/files/{file.Id:D}", new { file.Id, file.Name, file.Size, file.ContentType });
    }

    private static XrmException Full(WaitingUploads most)
    {
        string[] limits = [.. most.Files > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{most.Files:N0} files")] : Array.Empty<string>(), .. most.Bytes > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{most.Bytes / (1024 * 1024):N0} MiB")] : Array.Empty<string>()];
        return new XrmException("uploads_waiting", 413, $"Of what you have uploaded, too much is held by no record yet: {string.Join(" and ", limits)} are the limit. Save the records that hold the files first. What none holds goes after a day.");
    }

    private static async Task<IResult> Download(HttpContext http, Guid id, FileStore files, CallerProvider callers, FileRights rights, CancellationToken ct)
    {
        var file = await files.FindAsync(id, ct);
        if (file is null || !await rights.CanReadAsync(file, await callers.GetAsync(http, ct), ct) || await files.ReadAsync(id, ct) is not { } content)
            throw new XrmException("file_not_found", 404, $"There is no file with the id {id}, or you may not see it.");
        // Uploaded content must never run in this origin: it is saved, not shown, whatever it claims to be.
        http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        http.Response.Headers[HeaderNames.ContentSecurityPolicy] = "sandbox; default-src 'none'";
        http.Response.Headers[HeaderNames.CacheControl] = "private, max-age=300";
        return TypedResults.File(content, file.ContentType, file.Name, lastModified: new DateTimeOffset(file.CreatedAt));
    }

    private static async Task<(string Name, string? Type, byte[] Content)> FormAsync(HttpContext http, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = LargestBytes, ValueCountLimit = 16 }, ct);
        if (form.Files is not [var file]) throw new XrmException("file_missing", 400, "The form must hold exactly one file.");
        using var stream = new MemoryStream((int)Math.Min(file.Length, LargestBytes));
        await file.CopyToAsync(stream, ct);
        return (file.FileName, file.ContentType, stream.ToArray());
    }

    private static async Task<(string Name, string? Type, byte[] Content)> RawAsync(HttpContext http, CancellationToken ct)
    {
        var name = http.Request.Query["name"].ToString();
        if (name.Length == 0) throw new XrmException("file_name_missing", 400, "Say the file's name: POST /api/files?name=plan.pdf.");
        using var stream = new MemoryStream();
        await http.Request.Body.CopyToAsync(stream, ct);
        return (name, http.Request.ContentType, stream.ToArray());
    }

    /// <summary>The last part of a path, without what file systems and headers stumble over.</summary>
    private static string SafeName(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new string([.. last.Where(letter => !char.IsControl(letter) && letter is not ('"' or '<' or '>' or '|' or ':' or '*' or '?'))]).Trim(' ', '.');
        return clean.Length == 0 ? "file" : clean[..Math.Min(clean.Length, LongestName)];
    }

    private static string DeclaredType(string? type) => MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.MediaType.HasValue ? parsed.MediaType.Value : Unknown;
}

/// <summary>Who may read a file: its uploader until a record holds it; then whoever may read that field of that record.</summary>
internal sealed class FileRights(CurrentModel current, RecordReader reader, TimeProvider time)
{
    public async Task<bool> CanReadAsync(StoredFile file, Caller caller, CancellationToken ct)
    {
        if (file.Owner is not { } owner) return caller.IsUnlimited || file.CreatedBy == caller.UserId;
        var published = current.Value;
        if (published.Model.FindEntity(owner.Entity) is not { } entity || entity.FindField(owner.Field) is not { } field || !caller.CanReadField(field)) return false;
        if (!caller.Can(entity, Operation.Read)) return false;
        var plan = QueryPlan.ForRecord(entity.Plural, owner.RecordId, new DataQuery { Select = [new NameNode("id", 1)] }, new QueryContext(published, caller, time.GetUtcNow().UtcDateTime));
        return await reader.CountAsync(plan, ct) > 0;
    }
}
