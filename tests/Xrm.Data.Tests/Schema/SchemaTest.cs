using System.Collections.Frozen;
using Npgsql;
using Xrm.Data.Catalogue;
using Xrm.Data.Schema;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Schema;

/// <summary>Applies models one after the other, and proves after each that nothing is left to do.</summary>
public abstract class SchemaTest(TestDatabase test) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly string _schema = $"org_{Guid.NewGuid():N}"[..20];

    /// <summary>A schema with the engine's own tables, as an organisation has it.</summary>
    public async Task InitializeAsync()
    {
        await using var database = new Database(test.Database.ConnectionString, _schema);
        await new Migrations(database).ApplyAsync(CancellationToken.None);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal Task<SchemaPlan> ApplyAsync(PackageBuilder package, params string[] drops) => ApplyAsync(package.Publish(), drops);

    internal async Task<SchemaPlan> ApplyAsync(PublishedModel published, params string[] drops)
    {
        var plan = await PlanAsync(published, drops);
        Assert.Empty(plan.Problems.Select(problem => problem.ToString()));
        await using (var connection = await test.Database.OpenAsync(CancellationToken.None))
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await new SchemaApplier(_schema, published).ApplyAsync(transaction, plan, _ => { }, CancellationToken.None);
            await transaction.CommitAsync();
        }
        var again = await PlanAsync(published);
        Assert.Empty(again.Changes.Where(change => !change.IsDeferred).Select(change => $"{change.Kind} {change.Sentence}"));
        Assert.Empty(again.Problems.Select(problem => problem.ToString()));
        return plan;
    }

    internal async Task<SchemaPlan> PlanAsync(PublishedModel published, params string[] drops)
    {
        await using var connection = await test.Database.OpenAsync(CancellationToken.None);
        return await new SchemaPlanner(_schema).PlanAsync(connection, null, published.Model, published.Formulas, drops.ToFrozenSet(), FrozenSet<string>.Empty, CancellationToken.None);
    }

    internal Task<SchemaPlan> PlanAsync(PackageBuilder package, params string[] drops) => PlanAsync(package.Publish(), drops);

    /// <summary>Runs SQL; <c>{s}</c> stands for the schema.</summary>
    protected Task ExecuteAsync(string sql) => ScalarAsync(sql);

    /// <summary>First value of a query; <c>{s}</c> stands for the schema.</summary>
    protected async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await test.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql.Replace("{s}", _schema), connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Inserts a row with a title.</summary>
    protected Task InsertAsync(string table, string columns = "", string values = "") => ExecuteAsync(
        $"insert into {{s}}.{table} (id, version, created_at, modified_at{(columns == "" ? "" : ", " + columns)}) values (gen_random_uuid(), 1, now(), now(){(values == "" ? "" : ", " + values)})");
}
