using Npgsql;
using Xrm.Data.Schema;

namespace Xrm.Data.Publishing;

/// <summary>Builds the indexes that publishes left for later, and drops those that they could not, without hindering anybody.</summary>
public sealed class IndexBuilds(Database database, PackageStore store, CurrentModel current)
{
    /// <summary>Builds what is missing, one after the other, unless nothing is known to be missing. Left-overs of builds that failed are replaced.</summary>
    /// <param name="progress">Told of each index before its build begins.</param>
    /// <param name="ct">Cancels the build; the next call begins it anew.</param>
    /// <returns>Number of indexes built.</returns>
    /// <exception cref="PostgresException">A build failed.</exception>
    public async Task<int> RunAsync(Action<string> progress, CancellationToken ct)
    {
        var published = current.Value;
        if (await store.HasAllIndexesAsync(published.Version, ct)) return 0;
        await using var connection = await database.OpenPatientAsync(ct);
        var plan = await new SchemaPlanner(database.Schema).PlanAsync(connection, null, published.Model, published.Formulas, System.Collections.Frozen.FrozenSet<string>.Empty, ct);
        var builds = plan.Changes.Where(change => change.IsDeferred).ToList();
        var broken = plan.Changes.Where(change => change.Kind == ChangeKind.DropIndex).Select(change => change.Column!).ToHashSet();
        foreach (var left in plan.Changes.Where(change => change is { Kind: ChangeKind.DropIndex, Parts.After.IsEmpty: false } && builds.TrueForAll(build => build.Column != change.Column)))
        {
            progress(left.Sentence);
            await ExecuteAsync(connection, new SchemaSql(database.Schema).DropIndexConcurrently(left.Column!), ct);
        }
        foreach (var build in builds)
        {
            progress(build.Sentence);
            if (broken.Contains(build.Column!))
                await ExecuteAsync(connection, new SchemaSql(database.Schema).DropIndexConcurrently(build.Column!), ct);
            foreach (var statement in build.Sql) await ExecuteAsync(connection, statement, ct);
        }
        await store.ConfirmIndexesAsync(published.Version, ct);
        return builds.Count;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
