using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Data.Schema;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Hooks = System.Collections.Generic.IReadOnlyList<System.Func<Xrm.Data.Publishing.PublishStep, System.Threading.CancellationToken, System.Threading.Tasks.Task>>;

namespace Xrm.Data.Publishing;

/// <summary>Finds mistakes in a model that the compiler does not know of, such as those of scripts.</summary>
/// <param name="model">A model; where the packages have other mistakes too, what is wrong is left out of it.</param>
/// <param name="ct">Cancels the check.</param>
/// <returns>All mistakes, located.</returns>
public delegate Task<ImmutableArray<Problem>> ModelCheck(Model model, CancellationToken ct);

/// <summary>Finds what still speaks of things of the model in force that the next one has no more, and that no check refuses.</summary>
/// <param name="next">The model to come.</param>
/// <param name="formulas">Its formulas.</param>
/// <param name="ct">Cancels the check.</param>
/// <returns>Warnings, located.</returns>
public delegate Task<ImmutableArray<Problem>> RemovalCheck(Model next, FormulaSet formulas, CancellationToken ct);

/// <summary>Brings packages into force: all of a publish comes into force in one transaction, or nothing does.</summary>
/// <param name="database">The database.</param>
/// <param name="store">The packages in force.</param>
/// <param name="loader">Compiles packages.</param>
/// <param name="current">The model in force, which a publish swaps.</param>
/// <param name="check">Checks the model further, so that all mistakes are told at once; null for none.</param>
/// <param name="removals">Warns of what is removed; null for no warnings.</param>
public sealed class Publisher(Database database, PackageStore store, ModelLoader loader, CurrentModel current, ModelCheck? check = null, RemovalCheck? removals = null)
{
    /// <summary>What a publish would do now. Changes nothing.</summary>
    /// <param name="request">What to publish.</param>
    /// <param name="ct">Cancels the planning.</param>
    /// <exception cref="XrmException">503: the database cannot be reached.</exception>
    public Task<PublishPlan> PlanAsync(PublishRequest request, CancellationToken ct) =>
        database.InTransactionAsync(async (transaction, ct) => (await PrepareAsync(transaction, request, ct)).Plan, null, ct);

    /// <summary>
    /// Does in one transaction what a publish would do, and rolls it back: nobody ever sees any of it, and nothing is left of it. Who needs a table that
    /// it changes waits until it is over.
    /// </summary>
    /// <param name="request">What to publish, or what is in force already.</param>
    /// <param name="hooks">Run in order inside the transaction, after the tables were changed; not run where the plan has problems.</param>
    /// <param name="progress">Told of steps that may take long.</param>
    /// <param name="ct">Cancels the rehearsal.</param>
    /// <returns>What a publish would do.</returns>
    /// <exception cref="XrmException">409 <c>publish_in_progress</c>: somebody publishes at this moment; 503 <c>publish_busy</c>: the tables were in use all
    /// the time; 503: the database cannot be reached.</exception>
    public async Task<PublishPlan> RehearseAsync(PublishRequest request, Hooks hooks, Action<string> progress, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenPatientAsync(ct);
            await using var turn = await PublishLock.TakeAsync(connection, database.Schema, PublishLock.Impatient, ct);
            // What is not committed is rolled back.
            return await ShortLocks.RunAsync(connection, ShortLocks.Few, async (transaction, ct) =>
            {
                var (plan, prepared) = await PrepareAsync(transaction, request, ct);
                if (prepared is null || !plan.Problems.IsEmpty) return plan;
                var next = prepared with { Version = plan.BaseVersion + 1 };
                await ExecuteAsync(transaction, ShortLocks.Patient, ct);
                await new SchemaApplier(database.Schema, next).ApplyAsync(transaction, new SchemaPlan(plan.Changes, []), progress, ct);
                foreach (var hook in hooks) await hook(new PublishStep(transaction, next, plan), ct);
                return plan;
            }, progress, ct);
        }
        catch (Exception exception) when (exception is not XrmException && DatabaseErrors.Translate(exception) is not null)
        {
            throw DatabaseErrors.Translate(exception)!;
        }
    }

    /// <summary>Publishes, unless there are problems.</summary>
    /// <param name="request">What to publish.</param>
    /// <param name="hooks">Run in order inside the transaction, after the tables were changed.</param>
    /// <param name="progress">Told of steps that may take long.</param>
    /// <param name="ct">Cancels the publish; everything stays as it was then.</param>
    /// <exception cref="XrmException">409 <c>publish_in_progress</c>: somebody else publishes at this moment; 409 <c>version_conflict</c>: another
    /// version than the request's base is in force; 503 <c>publish_busy</c>: the tables were in use all the time; 503: the database cannot be reached.</exception>
    public async Task<PublishResult> PublishAsync(PublishRequest request, Hooks hooks, Action<string> progress, CancellationToken ct)
    {
        var prepared = new HashSet<DetachedPart>();
        try
        {
            await using var connection = await database.OpenPatientAsync(ct);
            await using var turn = await PublishLock.TakeAsync(connection, database.Schema, PublishLock.Impatient, ct);
            return await PublishAsync(connection, request, prepared, hooks, progress, ct);
        }
        catch (Exception exception)
        {
            if (prepared.Count > 0) await UndoAsync(prepared, progress);
            if (exception is not XrmException && DatabaseErrors.Translate(exception) is { } known) throw known;
            throw;
        }
    }

    private async Task<PublishResult> PublishAsync(
        NpgsqlConnection connection, PublishRequest request, HashSet<DetachedPart> prepared, Hooks hooks, Action<string> progress, CancellationToken ct)
    {
        var (plan, wanted) = await InTransactionAsync(connection, transaction => PrepareAsync(transaction, request, ct), ct);
        if (request.BaseVersion is { } made && made != plan.BaseVersion)
            throw new XrmException("version_conflict", 409, $"The publish was made from version {made}, but version {plan.BaseVersion} is in force by now. Look at what has changed, then publish again.");
        if (wanted is not { } next || !plan.Problems.IsEmpty) return new PublishResult(null, plan);
        if (plan.IsEmpty)
        {
            await InTransactionAsync(connection, async transaction =>
            {
                await store.ConfirmAsync(transaction, ct);
                return true;
            }, ct);
            return new PublishResult(plan.BaseVersion, plan);
        }
        // Before the first publish nobody has a table that would have to be spared.
        if (plan.BaseVersion == 0 || !ChangeParts.Has(plan.Changes))
        {
            var steps = new SchemaPlan(plan.Changes, []);
            next = await CommitAsync(connection, request, plan, next, hooks, async (transaction, ct) =>
            {
                await ExecuteAsync(transaction, ShortLocks.Patient, ct);
                await new SchemaApplier(database.Schema, next).ApplyAsync(transaction, steps, progress, ct);
            }, steps.Recomputed.Any() ? ShortLocks.Many : ShortLocks.Few, progress, ct);
            return new PublishResult(next.Version, plan);
        }
        // What is added comes first and what is removed goes last: no table is held while starter rows and package tests run.
        var changes = new PartedChanges(database.Schema, plan.Changes);
        prepared.UnionWith(plan.Changes.Select(DetachedPart.Of).OfType<DetachedPart>());
        await changes.PrepareAsync(connection, progress, ct);
        next = await CommitAsync(connection, request, plan, next, hooks, changes.ApplyAsync, ShortLocks.Many, progress, ct);
        prepared.Clear();
        await FinishAsync(connection, changes, progress, ct);
        return new PublishResult(next.Version, plan);
    }

    /// <summary>Removes what is no longer needed. Where that fails, the publish has been done all the same (<see cref="IndexBuilds"/>).</summary>
    private static async Task FinishAsync(NpgsqlConnection connection, PartedChanges changes, Action<string> progress, CancellationToken ct)
    {
        try
        {
            await changes.FinishAsync(connection, progress, ct);
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception) is not null || exception is OperationCanceledException)
        {
            progress($"What is no longer needed stays for the moment: {exception.Message}");
        }
    }

    private async Task<PublishedModel> CommitAsync(NpgsqlConnection connection, PublishRequest request, PublishPlan plan, PublishedModel wanted, Hooks hooks,
        Func<NpgsqlTransaction, CancellationToken, Task> change, int attempts, Action<string> progress, CancellationToken ct)
    {
        var published = await ShortLocks.RunAsync(connection, attempts, async (transaction, ct) =>
        {
            await change(transaction, ct);
            var next = wanted with { Version = await StoreAsync(transaction, request, plan, wanted, ct) };
            if (new SchemaPlan(plan.Changes, []).Recomputed.Any()) await ModelFence.RaiseAsync(transaction, database.Schema, next.Version, ct);
            var anew = plan.Changes.Where(change => change.IsLeftToJob).ToDictionary(change => next.Model.FindEntity(change.Entity)!.FindColumn(change.Column!)!.Value.Field, change => change.Rows);
            await new RecomputationJobs(database.Schema).PlanAsync(transaction, next, anew, request.Caller.UserId, ct);
            foreach (var hook in hooks) await hook(new PublishStep(transaction, next, plan), ct);
            await ExecuteAsync(transaction, $"select pg_notify('{ModelWatch.Channel}', $1)", ct, database.Schema);
            current.Expect(next);
            await transaction.CommitAsync(ct);
            return next;
        }, progress, ct);
        if (current.Swap(published)) database.Renew();
        return published;
    }

    /// <summary>Removes what was prepared for a publish that failed. Where that fails too, it is done later (<see cref="Leftovers"/>).</summary>
    private async Task UndoAsync(HashSet<DetachedPart> prepared, Action<string> progress)
    {
        try
        {
            await new DetachedParts(database).RemoveAsync(prepared, progress, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.Translate(exception) is not null)
        {
            progress($"What was prepared stays for the moment: {exception.Message}");
        }
    }

    /// <summary>The plan, and the model that it leads to, without its version; null where the packages have mistakes.</summary>
    private async Task<(PublishPlan Plan, PublishedModel? Next)> PrepareAsync(NpgsqlTransaction transaction, PublishRequest request, CancellationToken ct)
    {
        var (version, stored) = await store.ReadAsync(transaction, ct);
        ImmutableArray<PackageChange> changes =
        [
            .. request.Packages.Select(package => Compare(package, stored.FirstOrDefault(other => other.Name == package.Name))),
            .. stored.Where(package => request.Remove.Contains(package.Name)).Select(package => new PackageChange(package.Name, PackageState.Removed, [.. package.Content.Keys])),
        ];
        var mistakes = PackageRemoval.Mistakes(request, stored).ToImmutableArray();
        if (!mistakes.IsEmpty) return (new PublishPlan(changes, [], mistakes, version), null);
        var replaced = request.Packages.Select(package => package.Name).Concat(request.Remove).ToHashSet();
        var (model, formulas, problems) = loader.Compile(stored.Where(package => !replaced.Contains(package.Name)).Concat(request.Packages));
        problems = PackageRemoval.Explain(problems, request.Remove);
        // What is in force was checked when it came into force.
        if (model is not null && check is not null && changes.Any(change => change.State != PackageState.Unchanged)) problems = [.. problems, .. await check(model, ct)];
        if (model is null || formulas is null || !problems.IsEmpty) return (new PublishPlan(changes, [], problems, version), null);
        var plan = await new SchemaPlanner(database.Schema).PlanAsync(transaction.Connection!, transaction, model, formulas, request.Drop, await store.UnfilledAsync(transaction, ct), ct);
        var warnings = removals is null || changes.All(change => change.State == PackageState.Unchanged) ? [] : await removals(model, formulas, ct);
        return (new PublishPlan(changes, plan.Changes, plan.Problems, version) { Warnings = warnings }, new PublishedModel(model, formulas, 0).WithUnfilled(plan.Unfilled));
    }

    private async Task<long> StoreAsync(NpgsqlTransaction transaction, PublishRequest request, PublishPlan plan, PublishedModel next, CancellationToken ct)
    {
        var model = next.Model;
        var changed = plan.Packages.Where(package => package.State != PackageState.Unchanged).Select(package => package.Name).ToHashSet();
        var files = request.Packages.Where(package => changed.Contains(package.Name))
            .Select(package => (package, model.Packages.First(other => other.Manifest.Name == package.Name).Manifest.Version)).ToList();
        var summary = JsonSerializer.Serialize(new
        {
            engine = PackageStore.EngineBuild,
            hasAllIndexes = !plan.Changes.Any(change => change.IsDeferred || change.Parts is { After.IsEmpty: false }),
            packages = files.Select(file => new { name = file.package.Name, version = file.Version }),
            removed = request.Remove,
            unfilled = next.Unfilled.Select(field => field.ToString()),
            changes = plan.Changes.Select(change => change.Sentence),
        }, JsonSerializerOptions.Web);
        await store.RemoveAsync(transaction, request.Remove, ct);
        return await store.WriteAsync(transaction, files, [.. model.Packages.Select(package => package.Manifest.Name)], request.Caller.UserId, summary, ct);
    }

    private static PackageChange Compare(PackageFiles package, PackageFiles? before)
    {
        if (before is null) return new PackageChange(package.Name, PackageState.New, [.. package.Content.Keys]);
        var paths = package.Content.Keys.Union(before.Content.Keys).Where(path => !Same(package, before, path)).Order(StringComparer.Ordinal).ToImmutableArray();
        return new PackageChange(package.Name, paths.IsEmpty ? PackageState.Unchanged : PackageState.Changed, paths);
    }

    private static bool Same(PackageFiles one, PackageFiles other, string path) =>
        one.Content.TryGetValue(path, out var left) && other.Content.TryGetValue(path, out var right) && left.AsSpan().SequenceEqual(right.AsSpan());

    private static async Task<T> InTransactionAsync<T>(NpgsqlConnection connection, Func<NpgsqlTransaction, Task<T>> work, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var result = await work(transaction);
        await transaction.CommitAsync(ct);
        return result;
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken ct, params string[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        await command.ExecuteNonQueryAsync(ct);
    }
}
