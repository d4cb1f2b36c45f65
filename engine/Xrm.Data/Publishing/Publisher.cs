using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Schema;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;

namespace Xrm.Data.Publishing;

/// <summary>Finds mistakes in a model that the compiler does not know of, such as those of scripts.</summary>
/// <param name="model">A model; where the packages have other mistakes too, what is wrong is left out of it.</param>
/// <param name="ct">Cancels the check.</param>
/// <returns>All mistakes, located.</returns>
public delegate Task<ImmutableArray<Problem>> ModelCheck(Model model, CancellationToken ct);

/// <summary>Brings packages into force: all of a publish happens in one transaction, or nothing does.</summary>
/// <param name="database">The database.</param>
/// <param name="store">The packages in force.</param>
/// <param name="loader">Compiles packages.</param>
/// <param name="current">The model in force, which a publish swaps.</param>
/// <param name="check">Checks the model further, so that all mistakes are told at once; null for none.</param>
public sealed class Publisher(Database database, PackageStore store, ModelLoader loader, CurrentModel current, ModelCheck? check = null)
{
    /// <summary>First half of the advisory lock's key; the other half is the organisation's schema.</summary>
    private const int LockKey = 0x58_52_4D_02;

    /// <summary>How long a step waits for others to leave a table. Meanwhile nobody else gets in, so it must be short.</summary>
    private const string LockTimeout = "set local lock_timeout = '2s'";

    private const int Attempts = 8;

    /// <summary>What a publish would do now. Changes nothing.</summary>
    /// <param name="request">What to publish.</param>
    /// <param name="ct">Cancels the planning.</param>
    /// <exception cref="XrmException">503: the database cannot be reached.</exception>
    public Task<PublishPlan> PlanAsync(PublishRequest request, CancellationToken ct) =>
        database.InTransactionAsync(async (transaction, ct) => (await PrepareAsync(transaction, request, ct)).Plan, null, ct);

    /// <summary>Publishes, unless there are problems.</summary>
    /// <param name="request">What to publish.</param>
    /// <param name="hooks">Run in order inside the transaction, after the tables were changed.</param>
    /// <param name="progress">Told of steps that may take long.</param>
    /// <param name="ct">Cancels the publish; everything stays as it was then.</param>
    /// <exception cref="XrmException">409 <c>publish_in_progress</c>: somebody else publishes at this moment; 409 <c>version_conflict</c>: another
    /// version than the request's base is in force; 503 <c>publish_busy</c>: the tables were in use all the time; 503: the database cannot be reached.</exception>
    public async Task<PublishResult> PublishAsync(PublishRequest request, IReadOnlyList<Func<PublishStep, CancellationToken, Task>> hooks, Action<string> progress, CancellationToken ct)
    {
        var (result, next) = await RetryAsync(ct => TryAsync(request, hooks, progress, ct), progress, ct);
        if (next is null) return result;
        if (current.Swap(next)) database.Renew();
        return result;
    }

    private async Task<(PublishResult, PublishedModel?)> TryAsync(
        PublishRequest request, IReadOnlyList<Func<PublishStep, CancellationToken, Task>> hooks, Action<string> progress, CancellationToken ct)
    {
        await using var connection = await database.OpenPatientAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LockAsync(transaction, ct);
        var (plan, model, formulas) = await PrepareAsync(transaction, request, ct);
        if (request.BaseVersion is { } wanted && wanted != plan.BaseVersion)
            throw new XrmException("version_conflict", 409, $"The publish was made from version {wanted}, but version {plan.BaseVersion} is in force by now. Look at what has changed, then publish again.");
        if (model is null || formulas is null || !plan.Problems.IsEmpty) return (new PublishResult(null, plan), null);
        if (plan.IsEmpty)
        {
            await store.ConfirmAsync(transaction, ct);
            await transaction.CommitAsync(ct);
            return (new PublishResult(plan.BaseVersion, plan), null);
        }

        var next = new PublishedModel(model, formulas, 0);
        await new SchemaApplier(database.Schema, next).ApplyAsync(transaction, new SchemaPlan(plan.Changes, []), progress, ct);
        next = next with { Version = await StoreAsync(transaction, request, plan, model, ct) };
        foreach (var hook in hooks) await hook(new PublishStep(transaction, next, plan), ct);
        await ExecuteAsync(transaction, $"select pg_notify('{ModelWatch.Channel}', $1)", database.Schema, ct);
        current.Expect(next);
        await transaction.CommitAsync(ct);
        return (new PublishResult(next.Version, plan), next);
    }

    private async Task<(PublishPlan Plan, Model? Model, FormulaSet? Formulas)> PrepareAsync(
        NpgsqlTransaction transaction, PublishRequest request, CancellationToken ct)
    {
        var (version, stored) = await store.ReadAsync(transaction, ct);
        ImmutableArray<PackageChange> changes =
        [
            .. request.Packages.Select(package => Compare(package, stored.FirstOrDefault(other => other.Name == package.Name))),
            .. stored.Where(package => request.Remove.Contains(package.Name)).Select(package => new PackageChange(package.Name, PackageState.Removed, [.. package.Content.Keys])),
        ];
        var mistakes = PackageRemoval.Mistakes(request, stored).ToImmutableArray();
        if (!mistakes.IsEmpty) return (new PublishPlan(changes, [], mistakes, version), null, null);
        var replaced = request.Packages.Select(package => package.Name).Concat(request.Remove).ToHashSet();
        var (model, formulas, problems) = loader.Compile(stored.Where(package => !replaced.Contains(package.Name)).Concat(request.Packages));
        problems = PackageRemoval.Explain(problems, request.Remove);
        // What is in force was checked when it came into force.
        if (model is not null && check is not null && changes.Any(change => change.State != PackageState.Unchanged)) problems = [.. problems, .. await check(model, ct)];
        if (model is null || formulas is null || !problems.IsEmpty) return (new PublishPlan(changes, [], problems, version), null, null);
        var plan = await new SchemaPlanner(database.Schema).PlanAsync(transaction.Connection!, transaction, model, formulas, request.Drop, ct);
        return (new PublishPlan(changes, plan.Changes, plan.Problems, version), model, formulas);
    }

    private async Task<long> StoreAsync(NpgsqlTransaction transaction, PublishRequest request, PublishPlan plan, Model model, CancellationToken ct)
    {
        var changed = plan.Packages.Where(package => package.State != PackageState.Unchanged).Select(package => package.Name).ToHashSet();
        var files = request.Packages.Where(package => changed.Contains(package.Name))
            .Select(package => (package, model.Packages.First(other => other.Manifest.Name == package.Name).Manifest.Version)).ToList();
        var summary = JsonSerializer.Serialize(new
        {
            engine = PackageStore.EngineBuild,
            hasAllIndexes = !plan.Changes.Any(change => change.IsDeferred),
            packages = files.Select(file => new { name = file.package.Name, version = file.Version }),
            removed = request.Remove,
            changes = plan.Changes.Select(change => change.Sentence),
        }, JsonSerializerOptions.Web);
        await store.RemoveAsync(transaction, request.Remove, ct);
        return await store.WriteAsync(transaction, files, [.. model.Packages.Select(package => package.Manifest.Name)], request.Caller.UserId, summary, ct);
    }

    private async Task LockAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using (var timeout = new NpgsqlCommand(LockTimeout, transaction.Connection, transaction)) await timeout.ExecuteNonQueryAsync(ct);
        if (await ExecuteAsync(transaction, $"select pg_try_advisory_xact_lock({LockKey}, hashtext($1))", database.Schema, ct) is not true)
            throw new XrmException("publish_in_progress", 409, "Somebody else is publishing at this moment. Wait for it to end, look at what has changed, then publish again.");
    }

    private static async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> work, Action<string> progress, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work(ct);
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == Attempts)
                    throw new XrmException("publish_busy", 503, "The tables are in use by long-running work. Nothing was changed; try again later.", inner: busy);
                progress($"A table is in use; trying again ({attempt} of {Attempts - 1}).");
                await Task.Delay(TimeSpan.FromMilliseconds(250 * attempt), ct);
            }
            catch (Exception exception) when (exception is not XrmException && DatabaseErrors.Translate(exception) is { } known)
            {
                throw known;
            }
        }
    }

    private static PackageChange Compare(PackageFiles package, PackageFiles? before)
    {
        if (before is null) return new PackageChange(package.Name, PackageState.New, [.. package.Content.Keys]);
        var paths = package.Content.Keys.Union(before.Content.Keys).Where(path => !Same(package, before, path)).Order(StringComparer.Ordinal).ToImmutableArray();
        return new PackageChange(package.Name, paths.IsEmpty ? PackageState.Unchanged : PackageState.Changed, paths);
    }

    private static bool Same(PackageFiles one, PackageFiles other, string path) =>
        one.Content.TryGetValue(path, out var left) && other.Content.TryGetValue(path, out var right) && left.AsSpan().SequenceEqual(right.AsSpan());

    private static async Task<object?> ExecuteAsync(NpgsqlTransaction transaction, string sql, string argument, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { Parameters = { new NpgsqlParameter<string> { TypedValue = argument } } };
        return await command.ExecuteScalarAsync(ct);
    }
}
