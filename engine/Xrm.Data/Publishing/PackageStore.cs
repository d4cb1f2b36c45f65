using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xrm.Formulas;
using Xrm.Metadata.Source;

namespace Xrm.Data.Publishing;

/// <summary>The published packages of an organisation, byte for byte, and the versions of its model.</summary>
public sealed class PackageStore(Database database)
{
    private readonly string _schema = $"\"{database.Schema}\"";

    /// <summary>The version in force and its packages, read in one snapshot; version 0 and no packages before the first publish.</summary>
    public Task<(long Version, ImmutableArray<PackageFiles> Packages)> ReadAsync(CancellationToken ct) =>
        database.InTransactionAsync((transaction, ct) => ReadAsync(transaction, ct), null, ct);

    /// <summary>As the other, inside a transaction that holds the publish lock.</summary>
    public async Task<(long Version, ImmutableArray<PackageFiles> Packages)> ReadAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        // One statement: a publish between two of them would give the files of one version the number of another.
        var text = $"""
            select (select coalesce(max(version), 0) from {_schema}._model_version) as Version, p.name as Package, f.path, f.content
            from (select 1) as always left join {_schema}._package p on true left join {_schema}._package_file f on f.package = p.name
            order by p.position, p.name, f.path
            """;
        var rows = (await transaction.Connection!.QueryAsync<FileRow>(new CommandDefinition(text, null, transaction, cancellationToken: ct))).AsList();
        var packages = rows.Where(row => row.Package is not null).GroupBy(row => row.Package!, StringComparer.Ordinal)
            .Select(group => new PackageFiles(group.Key, group.ToImmutableSortedDictionary(row => row.Path!, row => ImmutableArray.Create(row.Content!), StringComparer.Ordinal)));
        return (rows[0].Version, [.. packages]);
    }

    /// <summary>Number of the version in force (0 before the first publish), and the stored computed fields (<c>entity.field</c>) that jobs are still at.</summary>
    public async Task<(long Version, ImmutableArray<string> Unfilled)> VersionAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<VersionRow>(new CommandDefinition(NewestVersion, cancellationToken: ct));
        return row is null ? (0, []) : (row.Version, [.. row.Names]);
    }

    /// <summary>The stored computed fields that jobs are still at, as the model in force names them.</summary>
    public async Task<FrozenSet<string>> UnfilledAsync(NpgsqlTransaction transaction, CancellationToken ct) =>
        (await transaction.Connection!.QuerySingleOrDefaultAsync<VersionRow>(new CommandDefinition(NewestVersion, null, transaction, cancellationToken: ct)))?.Names.ToFrozenSet(StringComparer.Ordinal) ?? [];

    private string NewestVersion => $"""
        select version as Version, coalesce(summary ->> 'unfilled', '[]') as Unfilled
        from {_schema}._model_version order by version desc limit 1
        """;

    /// <summary>Build of the engine that made the version in force, or has found since that it would make it just so, as <see cref="EngineBuild"/> names it; null before the first publish.</summary>
    public async Task<string?> BuildInForceAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            $"select summary ->> 'engine' from {_schema}._model_version order by version desc limit 1", cancellationToken: ct));
    }

    /// <summary>Identifies this build of the engine: another build may want other tables for the same packages, or find mistakes in them.</summary>
    public static string EngineBuild { get; } = string.Join(' ', new[] { typeof(PackageStore), typeof(PackageFiles), typeof(FormulaSet) }.Select(part => part.Assembly.ManifestModule.ModuleVersionId));

    /// <summary>Notes that this build of the engine would make the version in force just as it is.</summary>
    public Task ConfirmAsync(NpgsqlTransaction transaction, CancellationToken ct) => ExecuteAsync(transaction, $"""
        update {_schema}._model_version set summary = jsonb_set(summary, array['engine'], to_jsonb(@EngineBuild))
        where version = (select max(version) from {_schema}._model_version) and summary ->> 'engine' <> @EngineBuild
        """, new { EngineBuild }, ct);

    /// <summary>Whether all indexes of a version are known to be there, so that nobody need compare the tables with the model.</summary>
    public async Task<bool> HasAllIndexesAsync(long version, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(
            $"select (summary ->> 'hasAllIndexes')::boolean from {_schema}._model_version where version = @version", new { version }, cancellationToken: ct)) == true;
    }

    /// <summary>Notes that all indexes of a version are there.</summary>
    public async Task ConfirmIndexesAsync(long version, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"update {_schema}._model_version set summary = summary || '{{\"hasAllIndexes\": true}}' where version = @version", new { version }, cancellationToken: ct));
    }

    /// <summary>Stores a new version with its packages; those that are not among them stay as they are.</summary>
    /// <param name="transaction">The transaction of the publish.</param>
    /// <param name="packages">New and changed packages with their version.</param>
    /// <param name="order">Names of all packages of the new model, in dependency order.</param>
    /// <param name="publishedBy">Who publishes.</param>
    /// <param name="summary">JSON object that describes what was done, for the history.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Number of the new version.</returns>
    public async Task<long> WriteAsync(NpgsqlTransaction transaction, IReadOnlyCollection<(PackageFiles Files, string Version)> packages,
        IReadOnlyList<string> order, Guid publishedBy, string summary, CancellationToken ct)
    {
        foreach (var (files, version) in packages) await WriteAsync(transaction, files, version, ct);
        await ExecuteAsync(transaction, $"update {_schema}._package p set position = o.position from unnest(@names) with ordinality o (name, position) where p.name = o.name",
            new { names = order.ToArray() }, ct);
        var hash = string.Join(' ', packages.Select(package => package.Files.Hash()));
        return await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            $"insert into {_schema}._model_version (hash, published_by, summary) values (@hash, @publishedBy, @summary::jsonb) returning version",
            new { hash, publishedBy, summary }, transaction, cancellationToken: ct));
    }

    /// <summary>Takes packages out of those that are in force; <see cref="WriteAsync(NpgsqlTransaction, IReadOnlyCollection{ValueTuple{PackageFiles, string}}, IReadOnlyList{string}, Guid, string, CancellationToken)"/> makes the version.</summary>
    public Task RemoveAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> names, CancellationToken ct) =>
        ExecuteAsync(transaction, $"delete from {_schema}._package where name = any(@names)", new { names = names.ToArray() }, ct);

    private async Task WriteAsync(NpgsqlTransaction transaction, PackageFiles files, string version, CancellationToken ct)
    {
        await ExecuteAsync(transaction, $"""
            insert into {_schema}._package (name, version, hash, position) values (@Name, @version, @hash, 0)
            on conflict (name) do update set version = excluded.version, hash = excluded.hash, published_at = now()
            """, new { files.Name, version, hash = files.Hash() }, ct);
        await ExecuteAsync(transaction, $"delete from {_schema}._package_file where package = @Name", new { files.Name }, ct);
        await ExecuteAsync(transaction, $"insert into {_schema}._package_file (package, path, content) select @Name, * from unnest(@paths, @contents)",
            new { files.Name, paths = files.Content.Keys.ToArray(), contents = files.Content.Values.Select(content => content.ToArray()).ToArray() }, ct);
    }

    private static Task ExecuteAsync(NpgsqlTransaction transaction, string text, object arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(text, arguments, transaction, cancellationToken: ct));

    private sealed record VersionRow(long Version, string Unfilled)
    {
        public string[] Names => JsonSerializer.Deserialize<string[]>(Unfilled)!;
    }

    private sealed record FileRow(long Version, string? Package, string? Path, byte[]? Content);
}
