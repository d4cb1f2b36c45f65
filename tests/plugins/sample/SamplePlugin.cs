using System.Globalization;
using System.Text.Json;
using Xrm.Plugins;
using Xrm.SampleLibrary;

namespace Xrm.SamplePlugin;

/// <summary>Uses every part of the contract, and every way to break it. Its settings: <c>folder</c>, where it writes what it saw; <c>broken</c>, to refuse its settings.</summary>
public sealed class SamplePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        if (registry.Settings.TryGetProperty("broken", out var broken)) throw new InvalidOperationException($"'broken' is {broken}.");
        var folder = registry.Settings.GetProperty("folder").GetString()!;
        registry.Log($"It writes to {Codes.Of(folder)}…");
        registry.BeforeSave(new OrderSteps());
        registry.AfterSave(new OrderSteps());
        registry.WorkflowAction("stamp", new StampAction(folder));
        registry.BackgroundJob("ticking", TimeSpan.FromSeconds(1), new Ticking(Path.Combine(folder, "ticks"), registry.Time));
        registry.BackgroundJob("failing", TimeSpan.FromSeconds(1), new Failing(Path.Combine(folder, "failures")));
    }
}

internal sealed class OrderSteps : IBeforeSave, IAfterSave
{
    public Task BeforeSaveAsync(RecordChange change, CancellationToken ct)
    {
        if (change.Entity.Name != "order" || change.Kind == ChangeKind.Delete) return Task.CompletedTask;
        switch (change.Values["title"])
        {
            case "refused": change.Fail("title", "Nothing is called so."); break;
            case "thrown": throw new InvalidOperationException("A secret of the plugin.");
            case "late": throw new OperationCanceledException("The plugin's own time limit.");
            case "unknown": change.Values["colour"] = "red"; break;
            case "computed": change.Values["double"] = 2m; break;
            case "int": change.Values["amount"] = 5; break;
            case "text": change.Values["amount"] = "five"; break;
            case "long": change.Values["code"] = new string('x', 100); break;
            case string title: change.Values["code"] = Codes.Of(title); break;
        }
        return Task.CompletedTask;
    }

    public Task AfterSaveAsync(RecordChange change, CancellationToken ct)
    {
        if (change.Entity.Name == "order" && change.Kind == ChangeKind.Update && change.Values["amount"] is 13m) change.Fail(null, "No order of thirteen.");
        return Task.CompletedTask;
    }
}

internal sealed class StampAction(string folder) : IWorkflowAction
{
    public async Task RunAsync(WorkflowActionCall call, CancellationToken ct)
    {
        var file = Path.Combine(folder, $"{call.RecordId:D}.json");
        if (call.Values["refused"] is true && !File.Exists(file))
        {
            await File.WriteAllTextAsync(file, "", ct);
            throw new InvalidOperationException("The stamp is dry.");
        }
        var seen = call.Values.ToDictionary(value => value.Key, value => Convert.ToString(value.Value, CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { call.StepId, call.Workflow, call.Entity, Values = seen }), ct);
    }
}

internal sealed class Ticking(string file, TimeProvider time) : IBackgroundJob
{
    public Task RunAsync(CancellationToken ct) => File.AppendAllLinesAsync(file, [time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)], ct);
}

internal sealed class Failing(string file) : IBackgroundJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        await File.AppendAllLinesAsync(file, ["failed"], ct);
        throw new InvalidOperationException("This job never works.");
    }
}
