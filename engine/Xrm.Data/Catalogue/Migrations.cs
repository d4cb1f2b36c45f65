using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Npgsql;
using Xrm.Data.Sql;

namespace Xrm.Data.Catalogue;

/// <summary>
/// Brings the engine's own tables up to date: the catalogue <c>xrm</c> and the tables with a leading underscore of each organisation.
/// A migration is one numbered <c>.sql</c> file beside this class; it is never changed once released, a new one is added.
/// </summary>
public sealed class Migrations(Database database)
{
    /// <summary>Any number, the same on every node: the key of the advisory lock.</summary>
    private const long LockKey = 0x58_52_4D_01;

    private const string CreateCatalogue = """
        create schema if not exists xrm;
        create table if not exists xrm.migration (
            scope       text not null,
            number      int not null,
            name        text not null,
            applied_at  timestamptz not null default now(),
            primary key (scope, number)
        );
        """;

    /// <summary>Applies what is missing, in one transaction; nodes that start at the same time wait for one another.</summary>
    /// <returns>Names of the migrations that were applied; empty where all was up to date.</returns>
    /// <exception cref="Errors.XrmException">The database cannot be reached, or its version is not supported.</exception>
    public async Task<ImmutableArray<string>> ApplyAsync(CancellationToken ct)
    {
        await database.CheckVersionAsync(ct);
        return await database.InTransactionAsync(ApplyAllAsync, null, ct);
    }

    private async Task<ImmutableArray<string>> ApplyAllAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await ExecuteAsync(transaction, "select pg_advisory_xact_lock(@LockKey)", new { LockKey }, ct);
        await ExecuteAsync(transaction, "set local client_min_messages = warning", null, ct);
        await ExecuteAsync(transaction, CreateCatalogue, null, ct);
        var applied = ImmutableArray.CreateBuilder<string>();
        await ApplyAsync(transaction, Database.Catalogue, "xrm", applied, ct);
        await ExecuteAsync(transaction, $"create schema if not exists {SqlName.Quote(database.Schema)}", null, ct);
        await ApplyAsync(transaction, database.Schema, "organisation", applied, ct);
        await ExecuteAsync(transaction, "insert into xrm.organisation (name, schema, display_name) values (@Organisation, @Schema, initcap(@Organisation)) on conflict do nothing", new { database.Organisation, database.Schema }, ct);
        return applied.ToImmutable();
    }

    private static async Task ApplyAsync(NpgsqlTransaction transaction, string scope, string folder, ImmutableArray<string>.Builder applied, CancellationToken ct)
    {
        var connection = transaction.Connection!;
        var known = (await connection.QueryAsync<int>(new CommandDefinition(
            "select number from xrm.migration where scope = @scope", new { scope }, transaction, cancellationToken: ct))).ToHashSet();
        foreach (var migration in Load(folder).Where(migration => !known.Contains(migration.Number)))
        {
            await ExecuteAsync(transaction, $"set local search_path to {SqlName.Quote(scope)}", null, ct);
            await ExecuteAsync(transaction, migration.Sql, null, ct);
            await ExecuteAsync(transaction, "insert into xrm.migration (scope, number, name) values (@scope, @Number, @Name)",
                new { scope, migration.Number, migration.Name }, ct);
            applied.Add($"{scope}/{migration.Name}");
        }
        await ExecuteAsync(transaction, "set local search_path to default", null, ct);
    }

    private static Task ExecuteAsync(NpgsqlTransaction transaction, string sql, object? arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct));

    private static IEnumerable<Migration> Load(string folder)
    {
        var assembly = typeof(Migrations).Assembly;
        var prefix = $"Migrations/{folder}/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = Path.GetFileNameWithoutExtension(resource[prefix.Length..]);
            yield return new Migration(int.Parse(name[..name.IndexOf('_')], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }

    private sealed record Migration(int Number, string Name, string Sql);
}
