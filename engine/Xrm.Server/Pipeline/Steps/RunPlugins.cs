using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Plugins;
using Xrm.Server.Plugins;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Lets plugins see, change or refuse a record before the checks.</summary>
internal sealed class RunPluginsBefore(PluginHost plugins, ComputeValues compute) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Errors.Count > 0) return;
        foreach (var (plugin, step) in plugins.BeforeSave)
        {
            await PluginCall.RunAsync(plugin, () => step.BeforeSaveAsync(PluginCall.Change(save), ct));
            await compute.RunAsync(save, ct);
        }
    }
}

/// <summary>Lets plugins see a record after it is written, inside the transaction.</summary>
internal sealed class RunPluginsAfter(PluginHost plugins) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var (plugin, step) in plugins.AfterSave)
            await PluginCall.RunAsync(plugin, () => step.AfterSaveAsync(PluginCall.Change(save), ct));
        save.ThrowIfFailed();
    }
}

/// <summary>A call of a plugin whose failure stops the save and names the plugin.</summary>
internal static class PluginCall
{
    public static RecordChange Change(SaveContext save)
    {
        var kind = save.Operation switch
        {
            Operation.Create => ChangeKind.Create,
            Operation.Delete => ChangeKind.Delete,
            _ => ChangeKind.Update,
        };
        return new RecordChange(kind, save.Entity, save.Id, save.Unit.Caller.UserId, save.Values, save.Previous, (column, message) => save.Fail(column, "plugin_refused", message));
    }

    public static async Task RunAsync(string plugin, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is not XrmException and not OperationCanceledException)
        {
            throw new XrmException("plugin_error", 500, $"The plugin {plugin} failed.", inner: exception);
        }
    }
}
