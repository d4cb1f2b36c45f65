using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Plugins;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Pipeline;

/// <summary>The order of a save. A record is prepared together with its children and links, so that all mistakes are told at once; then all are written; then the whole is closed.</summary>
internal sealed class SavePipeline
{
    private readonly ISaveStep[] _prepare;
    private readonly ISaveStep[] _write;
    private readonly ISaveStep[] _close;
    private readonly RunRules _rules;

    public SavePipeline(ScriptEngine scripts, ScriptServices services, PluginHost plugins, StartWorkflows workflows, StartScripts after, SecretProtection secrets, ILogger<SavePipeline> log)
    {
        var compute = new ComputeValues();
        var unitOfOwner = new SetOwningUnit();
        _rules = new RunRules(new RunScript(scripts, services, compute, RunAsync, log), new RunDecision(compute), services.Activity);
        _prepare =
        [
            new LoadRecord(),
            new ReadValues(),
            new SetDefaults(),
            unitOfOwner,
            new CheckRights(),
            new CopyValues(),
            compute,
            _rules,
            new RunPluginsBefore(plugins, compute),
            new CheckLifecycle(),
            new CheckFields(),
            new CheckOptions(),
            new CheckDemands(),
            new CheckReferences(),
            // Rules may have given the record to somebody else.
            unitOfOwner,
            new CheckRowFilters(),
            new CheckHierarchy(),
            new CheckFiles(),
            new CheckValidations(),
            new AssignNumbers(compute),
            new PrepareDelete(PrepareAsync),
            new PrepareRestore(PrepareAsync),
            new PrepareNested(PrepareAsync),
        ];
        _write = [new WriteRecord(), new AttachFiles(), new WriteSecrets(secrets)];
        _close = [new ReloadComputed(), new WriteAudit(), new RunPluginsAfter(plugins), new PublishEvents(plugins.Handlers.Any()), workflows, after];
    }

    /// <summary>Saves a record with all that goes with it.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">It cannot be saved; the transaction must be rolled back.</exception>
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        await PrepareAsync(save, ct);
        save.ThrowIfFailed();
        await FinishAsync(save.Unit, [save], ct);
    }

    /// <summary>Writes records that were prepared and have no mistakes, with all that goes with them, and closes them.</summary>
    public async Task FinishAsync(SaveUnit unit, IReadOnlyList<SaveContext> saves, CancellationToken ct)
    {
        await WriteAsync(saves, ct);
        if (!unit.DefersRollups) await unit.Rollups.RecomputeAsync(unit.Written.Select(save => (save.Entity, save.Id)), ct);
        foreach (var written in unit.Written)
            foreach (var step in _close)
                await step.RunAsync(written, ct);
        unit.Written.Clear();
    }

    /// <summary>The first part of a save: nothing is written, mistakes are noted in the contexts of the record, its children and links.</summary>
    public async Task PrepareAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var step in _prepare) await step.RunAsync(save, ct);
    }

    /// <summary>Runs one rule on a record that was loaded, with what it demands of the record, and nothing else of a save.</summary>
    public async Task TryAsync(Rule rule, SaveContext save, CancellationToken ct)
    {
        if (rule.Decision is null && !await StartWorkflows.HoldsAsync(rule.When, save, ct)) return;
        await _rules.RunAsync(rule, save, ct);
        await new CheckDemands().RunAsync(save, ct);
    }

    private async Task WriteAsync(IReadOnlyList<SaveContext> saves, CancellationToken ct)
    {
        // Children go before the record they point to, come after it; those that go make room for those that come.
        foreach (var save in saves)
        {
            if (save.Nested.Count > 0) await WriteAsync([.. save.Nested.Where(nested => nested.Operation == Data.Access.Operation.Delete)], ct);
            foreach (var step in _write) await step.RunAsync(save, ct);
        }
        List<SaveContext> coming = [.. saves.SelectMany(save => save.Nested).Where(nested => nested.Operation != Data.Access.Operation.Delete)];
        if (coming.Count > 0) await WriteAsync(coming, ct);
    }
}
