using System.Collections.Immutable;
using Xrm.Plugins;

namespace Xrm.Server.Plugins;

/// <summary>Everything that the loaded plugins contribute. Built once at start, then read-only.</summary>
internal sealed class PluginHost
{
    public PluginHost(IEnumerable<LoadedPlugin> plugins, IEnumerable<string> failures) => (Plugins, Failures) = ([.. plugins], [.. failures]);

    /// <summary>The plugins, by folder name.</summary>
    public ImmutableArray<LoadedPlugin> Plugins { get; }

    /// <summary>One line for each plugin that was left out because it is broken: which, and why.</summary>
    public ImmutableArray<string> Failures { get; }

    /// <summary>Steps before a record is written, in plugin order.</summary>
    public IEnumerable<(string Plugin, IBeforeSave Step)> BeforeSave => Plugins.SelectMany(plugin => plugin.BeforeSave.Select(step => (plugin.Name, step)));

    /// <summary>Steps after a record is written, in plugin order.</summary>
    public IEnumerable<(string Plugin, IAfterSave Step)> AfterSave => Plugins.SelectMany(plugin => plugin.AfterSave.Select(step => (plugin.Name, step)));

    /// <summary>Receivers of record events; the name is <c>plugin/receiver</c>.</summary>
    public IEnumerable<(string Name, IRecordEventHandler Handler)> Handlers =>
        Plugins.SelectMany(plugin => plugin.Handlers.Select(pair => ($"{plugin.Name}/{pair.Key}", pair.Value)));

    /// <summary>Work that is done again and again; the name is <c>plugin/job</c>.</summary>
    public IEnumerable<(string Name, TimeSpan Interval, IBackgroundJob Job)> Jobs =>
        Plugins.SelectMany(plugin => plugin.Jobs.Select(pair => ($"{plugin.Name}/{pair.Key}", pair.Value.Interval, pair.Value.Job)));

    /// <summary>The workflow step type of that name, or null.</summary>
    public IWorkflowAction? FindAction(string name) =>
        Plugins.Select(plugin => plugin.Actions.GetValueOrDefault(name)).FirstOrDefault(action => action is not null);
}

/// <summary>The contributions of one plugin.</summary>
internal sealed class LoadedPlugin(string name)
{
    public string Name { get; } = name;

    public List<IBeforeSave> BeforeSave { get; } = [];

    public List<IAfterSave> AfterSave { get; } = [];

    public Dictionary<string, IWorkflowAction> Actions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IRecordEventHandler> Handlers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (TimeSpan Interval, IBackgroundJob Job)> Jobs { get; } = new(StringComparer.Ordinal);
}
