using System.Text.Json;
using Xrm.Plugins;
using Xrm.Server.Outgoing;

namespace Xrm.Server.Plugins;

/// <summary>Hands a plugin its settings and collects what it contributes.</summary>
internal sealed class PluginRegistry(LoadedPlugin plugin, JsonElement settings, TimeProvider time, IHttpClientFactory clients, ILogger log) : IPluginRegistry
{
    private static readonly string[] EngineSteps = ["set", "create", "email", "wait", "condition"];

    public JsonElement Settings => settings;

    public TimeProvider Time => time;

    public Action<string> Log => message => log.LogInformation("{Plugin}: {Message}", plugin.Name, message);

    public HttpClient CreateHttpClient(bool ownNetwork) => clients.CreateClient(ownNetwork ? OutgoingHttp.OwnNetwork : OutgoingHttp.Internet);

    public void BeforeSave(IBeforeSave step) => plugin.BeforeSave.Add(step);

    public void AfterSave(IAfterSave step) => plugin.AfterSave.Add(step);

    public void WorkflowAction(string name, IWorkflowAction action)
    {
        if (EngineSteps.Contains(name)) throw new PluginException(plugin.Name, $"the step type '{name}' is the engine's own; choose another name.");
        Add(plugin.Actions, name, action);
    }

    public void OnRecordEvent(string name, IRecordEventHandler handler) => Add(plugin.Handlers, name, handler);

    public void BackgroundJob(string name, TimeSpan interval, IBackgroundJob job)
    {
        if (interval < TimeSpan.FromSeconds(1)) throw new PluginException(plugin.Name, $"the interval of the job '{name}' must be at least a second.");
        Add(plugin.Jobs, name, (interval, job));
    }

    private void Add<T>(Dictionary<string, T> contributions, string name, T contribution)
    {
        if (!contributions.TryAdd(name, contribution)) throw new PluginException(plugin.Name, $"it registers '{name}' twice.");
    }
}

/// <summary>A plugin that cannot be loaded. The message names it.</summary>
internal sealed class PluginException(string plugin, string message, Exception? inner = null) : Exception($"The plugin '{plugin}' cannot be used: {message}", inner);
