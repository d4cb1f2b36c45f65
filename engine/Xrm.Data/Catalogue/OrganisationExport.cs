using System.Collections.Immutable;
using System.Data;
using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Data.Sql;

namespace Xrm.Data.Catalogue;

/// <summary>Writes all of an organisation into one ZIP file, as of one moment and without ever holding more than a file of it.</summary>
public sealed class OrganisationExport(Database database, PackageStore packages)
{
    /// <summary>Version of the form of the file; grows when readers have to know.</summary>
    public const int FormatVersion = 1;

    /// <summary>Writes the file.</summary>
    /// <param name="output">Takes it; need not be able to seek.</param>
    /// <param name="at">UTC time that the file tells.</param>
    /// <param name="ct">Cancels it; what was written then is no whole file.</param>
    /// <exception cref="XrmException">The database cannot be reached.</exception>
    public async Task WriteAsync(Stream output, DateTime at, CancellationToken ct)
    {
        await using var awaited = new AsyncOnlyStream(output);
        await WriteAllAsync(awaited, at, ct);
        await awaited.FlushAsync(ct);
    }

    private async Task WriteAllAsync(Stream output, DateTime at, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        var (version, files) = await packages.ReadAsync(transaction, ct);
        foreach (var package in files)
            foreach (var (path, content) in package.Content)
                await WriteAsync(archive, $"packages/{package.Name}/{path}", content.AsMemory(), ct);
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await TablesAsync(transaction, ct)) rows[table] = await RowsAsync(archive, $"records/{table}.jsonl", transaction, Table(table), ct);
        var uploaded = await RowsAsync(archive, "files/index.jsonl", transaction, $"(select id, name, content_type, size, created_at, created_by, entity, record_id, field from {Table("_file")})", ct);
        await FilesAsync(archive, transaction, ct);
        var manifest = new { formatVersion = FormatVersion, organisation = database.Organisation, at, modelVersion = version, packages = files.Select(package => package.Name), rows, files = uploaded };
        await WriteAsync(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest), ct);
    }

    /// <summary>The tables of records and of links between them; not the engine's own.</summary>
    private async Task<ImmutableArray<string>> TablesAsync(NpgsqlTransaction transaction, CancellationToken ct) => [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition("""
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @Schema and c.relkind in ('r', 'p') and not c.relispartition and c.relname !~ '^_' order by c.relname
        """, new { database.Schema }, transaction, cancellationToken: ct))];

    private string Table(string name) => SqlName.Quote(database.Schema, name);

    private static async Task<long> RowsAsync(ZipArchive archive, string path, NpgsqlTransaction transaction, string source, CancellationToken ct)
    {
        await using var entry = await archive.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select convert_to(row_to_json(t)::text || e'\\n', 'UTF8') from {source} t", transaction.Connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(ct);
        long count = 0;
        for (; await reader.ReadAsync(ct); count++) await entry.WriteAsync(reader.GetFieldValue<byte[]>(0), ct);
        return count;
    }

    private async Task FilesAsync(ZipArchive archive, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select id, content from {Table("_file")} order by id", transaction.Connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        while (await reader.ReadAsync(ct))
        {
            await using var entry = await archive.CreateEntry($"files/{reader.GetGuid(0):D}", CompressionLevel.Fastest).OpenAsync(ct);
            await using var content = await reader.GetStreamAsync(1, ct);
            await content.CopyToAsync(entry, ct);
        }
    }

    private static async Task WriteAsync(ZipArchive archive, string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        await using var entry = await archive.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }
}
