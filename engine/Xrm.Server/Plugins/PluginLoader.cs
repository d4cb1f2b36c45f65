using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Plugins;

namespace Xrm.Server.Plugins;

/// <summary>Loads the plugins of a folder, each in a load context of its own, so that their dependencies do not meet.</summary>
internal sealed class PluginLoader(TimeProvider time, IHttpClientFactory clients, ILogger<PluginLoader> log)
{
    private static readonly JsonDocument NoSettings = JsonDocument.Parse("{}");

    /// <summary>Loads every sub-folder that has a <c>manifest.json</c> and a built assembly. One that is broken, or refuses its settings, is left out and named in the log and in <see cref="PluginHost.Failures"/>.</summary>
    /// <param name="folder">Folder of plugin folders; need not exist.</param>
    /// <param name="settingsFile">JSON file with one section per plugin; need not exist.</param>
    public PluginHost Load(string folder, string settingsFile)
    {
        if (!Directory.Exists(folder)) return new PluginHost([], []);
        var folders = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Where(plugin => File.Exists(Path.Combine(plugin, "manifest.json")));
        var plugins = new List<LoadedPlugin>();
        var failures = new List<string>();
        foreach (var plugin in folders)
        {
            try
            {
                if (LoadOne(plugin, settingsFile) is not { } loaded) continue;
                RefuseActionsOfOthers(loaded, plugins);
                plugins.Add(loaded);
            }
            catch (PluginException broken)
            {
                log.LogError(broken, "{Problem} The server goes on without it.", broken.Message);
                failures.Add(broken.Message);
            }
        }
        return new PluginHost(plugins, failures);
    }

    private LoadedPlugin? LoadOne(string folder, string settingsFile)
    {
        var name = Path.GetFileName(folder);
        try
        {
            var file = AssemblyName(name, Path.Combine(folder, "manifest.json"));
            if (FindAssembly(folder, file) is not { } path)
            {
                log.LogWarning("The plugin {Plugin} is not built ({Assembly} is missing) and is left out.", name, file);
                return null;
            }
            var type = FindPluginType(name, new PluginLoadContext(path).LoadFromAssemblyPath(path));
            var plugin = new LoadedPlugin(name);
            ((IPlugin)Activator.CreateInstance(type)!).Register(new PluginRegistry(plugin, Settings(name, settingsFile), time, clients, log));
            return plugin;
        }
        catch (Exception exception) when (exception is not PluginException)
        {
            throw new PluginException(name, (exception as TargetInvocationException)?.InnerException?.Message ?? exception.Message, exception);
        }
    }

    private static string AssemblyName(string plugin, string manifestFile)
    {
        using var manifest = Parse(plugin, manifestFile);
        return manifest.RootElement.ValueKind == JsonValueKind.Object && manifest.RootElement.TryGetProperty("assembly", out var assembly) && assembly.ValueKind == JsonValueKind.String
            ? assembly.GetString()!
            : throw new PluginException(plugin, "its manifest.json does not name an \"assembly\".");
    }

    // Beside the manifest where the plugin was installed; below bin where it was built from source.
    private static string? FindAssembly(string folder, string file) =>
        new[] { folder, Path.Combine(folder, "bin", "Release", "net10.0"), Path.Combine(folder, "bin", "Debug", "net10.0") }
            .Select(place => Path.Combine(place, Path.GetFileName(file)))
            .FirstOrDefault(File.Exists);

    private static Type FindPluginType(string name, Assembly assembly)
    {
        var types = assembly.GetExportedTypes().Where(type => typeof(IPlugin).IsAssignableFrom(type) && !type.IsAbstract).ToList();
        return types.Count == 1 ? types[0] : throw new PluginException(name, $"its assembly has {types.Count} public classes that implement IPlugin; there must be one.");
    }

    private static JsonElement Settings(string plugin, string file)
    {
        if (!File.Exists(file)) return NoSettings.RootElement;
        using var settings = Parse(plugin, file);
        if (settings.RootElement.ValueKind != JsonValueKind.Object) throw new PluginException(plugin, $"{file} is not a JSON object with one section per plugin.");
        return settings.RootElement.TryGetProperty(plugin, out var own) ? own.Clone() : NoSettings.RootElement;
    }

    private static JsonDocument Parse(string plugin, string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException exception)
        {
            throw new PluginException(plugin, $"{file} is not valid JSON: {exception.Message}", exception);
        }
    }

    // A workflow names an action alone: it could not say which plugin's it means.
    private static void RefuseActionsOfOthers(LoadedPlugin plugin, IEnumerable<LoadedPlugin> others)
    {
        foreach (var other in others)
            if (plugin.Actions.Keys.FirstOrDefault(other.Actions.ContainsKey) is { } action)
                throw new PluginException(plugin.Name, $"the plugin '{other.Name}' has a workflow action '{action}' already.");
    }
}

/// <summary>Resolves a plugin's own dependencies; the contract and the framework come from the server.</summary>
internal sealed class PluginLoadContext(string assemblyPath) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assemblyPath))
{
    // Their types cross the border: a copy of a plugin's own would be other types of the same name.
    private static readonly string?[] Contract = [typeof(IPlugin).Assembly.GetName().Name, typeof(Entity).Assembly.GetName().Name];

    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Contract.Contains(assemblyName.Name)) return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
