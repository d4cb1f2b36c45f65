using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Plugins;
using Xrm.Server.Plugins;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Lets plugins see, change or refuse a record before the checks.</summary>
internal sealed class RunPluginsBefore(PluginHost plugins, ComputeValues compute) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        // What a plugin does outside of the database could not be undone.
        if (save.Errors.Count > 0 || save.Unit.Trace is not null) return;
        foreach (var (plugin, step) in plugins.BeforeSave)
        {
            var values = new RecordValues(save.Values);
            await PluginCall.RunAsync(plugin, () => step.BeforeSaveAsync(PluginCall.Change(save, values), ct), ct);
            if (save.Operation == Operation.Delete) continue;
            foreach (var name in values.Keys.Union(save.Values.Keys).Where(name => !RecordValues.Same(values.Get(name), save.Values.Get(name))).ToList())
                Take(plugin, save, name, values.Get(name));
            await compute.RunAsync(save, ct);
        }
    }

    private static void Take(string plugin, SaveContext save, string name, object? value)
    {
        if (save.Entity.FindColumn(name) is not var (field, column)) throw Wrong(plugin, save, name, "there is no such column");
        if (field.IsComputed || column.Computed) throw Wrong(plugin, save, name, "it is computed");
        try
        {
            var read = ForeignValues.Read(field, column, value);
            if (!read.Ok) throw Wrong(plugin, save, name, read.Message!);
            save.Values[name] = read.Value;
        }
        catch (Exception unreadable) when (unreadable is InvalidCastException or JsonException)
        {
            throw Wrong(plugin, save, name, unreadable.Message);
        }
    }

    private static XrmException Wrong(string plugin, SaveContext save, string name, string why) =>
        new("plugin_value", 422, $"The plugin {plugin} set {name} of {save.Entity.Name} {save.Id} to a wrong value: {why}");
}

/// <summary>Lets plugins see a record after it is written, inside the transaction.</summary>
internal sealed class RunPluginsAfter(PluginHost plugins) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Unit.Trace is not null) return;
        foreach (var (plugin, step) in plugins.AfterSave)
            await PluginCall.RunAsync(plugin, () => step.AfterSaveAsync(PluginCall.Change(save, new RecordValues(save.Values)), ct), ct);
        save.ThrowIfFailed();
    }
}

/// <summary>A call of a plugin whose failure stops the save and names the plugin.</summary>
internal static class PluginCall
{
    public static RecordChange Change(SaveContext save, RecordValues values)
    {
        var kind = save.Operation switch
        {
            Operation.Create => ChangeKind.Create,
            Operation.Delete => ChangeKind.Delete,
            _ => ChangeKind.Update,
        };
        return new RecordChange(kind, save.Entity, save.Id, save.Unit.Caller.UserId, values, save.Previous, (column, message) => save.Fail(column, "plugin_refused", message));
    }

    public static async Task RunAsync(string plugin, Func<Task> call, CancellationToken ct)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && ct.IsCancellationRequested))
        {
            throw new XrmException("plugin_error", 500, $"The plugin {plugin} failed.", inner: exception);
        }
    }
}
