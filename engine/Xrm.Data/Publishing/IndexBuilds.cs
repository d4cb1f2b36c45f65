using System.Collections.Frozen;
using System.Collections.Immutable;
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
        var changes = await PlanAsync(connection, published, progress, ct);
        var builds = changes.Where(change => change.IsDeferred).ToList();
        var broken = changes.Where(change => change.Kind == ChangeKind.DropIndex).Select(change => change.Column!).ToHashSet();
        foreach (var build in builds)
        {
            progress(build.Sentence);
            if (broken.Contains(build.Column!))
                await ExecuteAsync(connection, new SchemaSql(database.Schema).DropIndexConcurrently(build.Column!), ct);
            foreach (var statement in build.Sql) await BuildAsync(connection, statement, ct);
        }
        await store.ConfirmIndexesAsync(published.Version, ct);
        return builds.Count;
    }

    /// <summary>What is to be done; indexes that nobody wants any more go at once. While a publish is running it is waited for: some of what is not wanted yet is its.</summary>
    private async Task<ImmutableArray<SchemaChange>> PlanAsync(NpgsqlConnection connection, PublishedModel published, Action<string> progress, CancellationToken ct)
    {
        await using var turn = await PublishLock.TakeAsync(connection, database.Schema, PublishLock.Patient, ct);
        var plan = await new SchemaPlanner(database.Schema).PlanAsync(connection, null, published.Model, published.Formulas, FrozenSet<string>.Empty, FrozenSet<string>.Empty, ct);
        var wanted = plan.Changes.Where(change => change.IsDeferred).Select(change => change.Column).ToHashSet();
        var left = plan.Changes.Where(change => change is { Kind: ChangeKind.DropIndex, Parts.After.IsEmpty: false } && !wanted.Contains(change.Column)).ToList();
        foreach (var change in left) progress(change.Sentence);
        await new PartedChanges(database.Schema, left).FinishAsync(connection, progress, ct);
        return plan.Changes;
    }

    /// <summary>One process builds: the other processors are for the requests.</summary>
    private static async Task BuildAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await ExecuteAsync(connection, "set max_parallel_maintenance_workers = 0", ct);
        try
        {
            await ExecuteAsync(connection, sql, ct);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open) await ExecuteAsync(connection, "reset max_parallel_maintenance_workers", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
