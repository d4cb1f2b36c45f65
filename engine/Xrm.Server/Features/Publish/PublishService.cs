using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Source;
using Xrm.Server.Hosting;

namespace Xrm.Server.Features.Publish;

/// <summary>Publishes packages with all that belongs to a publish: records of users, starter rows, package tests.</summary>
internal sealed class PublishService(Database database, PackageStore store, Publisher publisher, SettingsRecords settings, StarterData starterData, PackageTests tests, UserMirror users, AuditLog audit, TimeProvider time)
{
    private const int MostChangesTold = 200;

    /// <summary>What a publish would do. Changes nothing.</summary>
    public Task<PublishPlan> PlanAsync(PublishRequest request, CancellationToken ct) => publisher.PlanAsync(request, ct);

    /// <summary>
    /// Whether the packages, byte for byte, were published by this very build of the engine: then there is nothing to plan, and a
    /// start need not look at the tables.
    /// </summary>
    public async Task<bool> IsInForceAsync(PublishedModel published, IReadOnlyCollection<PackageFiles> packages, CancellationToken ct)
    {
        var known = published.Model.Packages.ToDictionary(package => package.Files.Name, package => package.Files.Hash(), StringComparer.Ordinal);
        return packages.All(package => known.GetValueOrDefault(package.Name) == package.Hash())
            && await store.BuildInForceAsync(ct) == PackageStore.EngineBuild;
    }

    /// <summary>Publishes; nothing is changed where there are problems, failed package tests among them.</summary>
    /// <exception cref="XrmException">The publish was refused; nothing was changed.</exception>
    public async Task<PublishResult> PublishAsync(PublishRequest request, Action<string> progress, CancellationToken ct)
    {
        try
        {
            return await publisher.PublishAsync(request, [(step, ct) => CompleteAsync(step, progress, ct), (step, ct) => NoteAsync(step, request, ct)], progress, ct);
        }
        catch (PublishFailedException failed)
        {
            return new PublishResult(null, failed.Plan with { Problems = failed.Problems });
        }
    }

    /// <summary>
    /// Runs the tests of the request's packages as a publish would, over the packages in force with these laid over them. Publishes nothing and leaves
    /// nothing behind; while tables are changed for it, others wait for these.
    /// </summary>
    /// <param name="request">The packages.</param>
    /// <param name="filter">Only tests whose names contain this text, in whatever case; null for all.</param>
    /// <param name="progress">Told of steps that may take long.</param>
    /// <param name="ct">Cancels the run.</param>
    /// <exception cref="XrmException">409 <c>publish_in_progress</c>: somebody publishes at this moment; 503: the tables or the database are not to be had.</exception>
    public async Task<PackageTestReport> TestAsync(PublishRequest request, string? filter, Action<string> progress, CancellationToken ct)
    {
        var wanted = request.Packages.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<PackageTestOutcome> outcomes = [];
        try
        {
            var plan = await publisher.RehearseAsync(request, [RunAsync], progress, ct);
            return new PackageTestReport(plan.Problems, outcomes);
        }
        catch (PublishFailedException failed)
        {
            return new PackageTestReport(failed.Problems, []);
        }

        async Task RunAsync(PublishStep step, CancellationToken ct)
        {
            var records = await LoadAsync(step, progress, ct);
            var packages = step.Next.Model.Packages.Where(package => wanted.Contains(package.Manifest.Name));
            outcomes = await tests.RunAsync(records, packages, test => filter is null || test.Name.Contains(filter, StringComparison.OrdinalIgnoreCase), ct);
        }
    }

    private async Task CompleteAsync(PublishStep step, Action<string> progress, CancellationToken ct)
    {
        var records = await LoadAsync(step, progress, ct);
        progress("Running the package tests ...");
        ThrowIfAny(step, [.. (await tests.RunAsync(records, Concerned(step), _ => true, ct)).Where(test => !test.HasPassed).Select(test => test.ToProblem())]);
        await records.FlushAsync(ct);
    }

    /// <summary>Writes the publish into the audit, with the roles that it changes: it commits with them.</summary>
    private Task NoteAsync(PublishStep step, PublishRequest request, CancellationToken ct)
    {
        var changed = step.Plan.Packages.Where(package => package.State != PackageState.Unchanged).ToList();
        var details = new
        {
            version = step.Next.Version,
            packages = changed.Select(package => new { name = package.Name, state = package.State.ToString().ToLowerInvariant(), files = package.Files.Length }),
            roles = changed.SelectMany(package => package.Files.Where(file => file.StartsWith("roles/", StringComparison.Ordinal)).Select(file => $"{package.Name}/{file}")),
            changes = step.Plan.Changes.Take(MostChangesTold).Select(change => change.Sentence),
        };
        return audit.NoteAsync(step.Transaction, new AuditEvent(time.GetUtcNow().UtcDateTime, AuditOperations.Publish, request.Caller.UserId, request.Source, request.Address, JsonSerializer.Serialize(details, ApiJson.Options)), ct);
    }

    /// <summary>Adds what the new model needs: the records of users and of settings, and the starter rows of packages whose rows have changed.</summary>
    private async Task<RecordTransaction> LoadAsync(PublishStep step, Action<string> progress, CancellationToken ct)
    {
        var records = new RecordTransaction(step.Transaction, database.Schema, step.Next);
        await users.RefreshAsync(records, ct);
        ThrowIfAny(step, await settings.AddAsync(records, ct));
        var changed = step.Plan.Packages.Where(package => package.Files.Any(file => file.StartsWith("data/", StringComparison.Ordinal))).Select(package => package.Name).ToHashSet();
        var packages = step.Next.Model.Packages.Where(package => changed.Contains(package.Manifest.Name)).ToList();
        if (packages.Count > 0) progress($"Loading the starter rows of {string.Join(", ", packages.Select(package => package.Manifest.Name))} ...");
        ThrowIfAny(step, await starterData.ApplyAsync(records, packages, ct));
        return records;
    }

    /// <summary>
    /// The packages that a change can break: those that hang together with a changed one, whichever depends on the other, since a package may add to
    /// what it depends on. A manifest says things that hold for all.
    /// </summary>
    private static List<Package> Concerned(PublishStep step)
    {
        var changed = step.Plan.Packages.Where(package => package.State != PackageState.Unchanged).ToList();
        if (changed.Count == 0 || changed.Any(package => package.State == PackageState.Removed || package.Files.Contains("manifest.json"))) return [.. step.Next.Model.Packages];
        var concerned = changed.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        for (var known = 0; known != concerned.Count;)
        {
            known = concerned.Count;
            foreach (var (name, needed) in step.Next.Model.Packages.Select(package => (package.Manifest.Name, package.Manifest.DependsOn.Keys)))
                if (concerned.Contains(name)) concerned.UnionWith(needed);
                else if (needed.Any(concerned.Contains)) concerned.Add(name);
        }
        return [.. step.Next.Model.Packages.Where(package => concerned.Contains(package.Manifest.Name))];
    }

    private static void ThrowIfAny(PublishStep step, IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0) throw new PublishFailedException(step.Plan, [.. problems]);
    }
}
