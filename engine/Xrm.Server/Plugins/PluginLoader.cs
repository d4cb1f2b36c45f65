using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Xrm.Plugins;

namespace Xrm.Server.Plugins;

/// <summary>Loads the plugins of a folder, each in a load context of its own, so that their dependencies do not meet.</summary>
internal sealed class PluginLoader(TimeProvider time, ILogger<PluginLoader> log)
{
    private static readonly JsonDocument NoSettings = JsonDocument.Parse("{}");

    /// <summary>Loads every sub-folder that has a <c>manifest.json</c> and a built assembly.</summary>
    /// <param name="folder">Folder of plugin folders; need not exist.</param>
    /// <param name="settingsFile">JSON file with one section per plugin; need not exist.</param>
    /// <exception cref="PluginException">A plugin is broken or refuses its settings.</exception>
    public PluginHost Load(string folder, string settingsFile)
    {
        if (!Directory.Exists(folder)) return new PluginHost([]);
        using var settings = ReadSettings(settingsFile);
        var folders = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Where(plugin => File.Exists(Path.Combine(plugin, "manifest.json")));
        return new PluginHost([.. folders.Select(plugin => LoadOne(plugin, settings.RootElement)).OfType<LoadedPlugin>()]);
    }

    private LoadedPlugin? LoadOne(string folder, JsonElement allSettings)
    {
        var name = Path.GetFileName(folder);
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
            var file = manifest.RootElement.GetProperty("assembly").GetString() ?? "";
            if (FindAssembly(folder, file) is not { } path)
            {
                log.LogWarning("The plugin {Plugin} is not built ({Assembly} is missing) and is left out.", name, file);
                return null;
            }
            var type = FindPluginType(name, new PluginLoadContext(path).LoadFromAssemblyPath(path));
            var plugin = new LoadedPlugin(name);
            var settings = (allSettings.TryGetProperty(name, out var own) ? own : NoSettings.RootElement).Clone();
            ((IPlugin)Activator.CreateInstance(type)!).Register(new PluginRegistry(plugin, settings, time, log));
            return plugin;
        }
        catch (Exception exception) when (exception is not PluginException)
        {
            throw new PluginException(name, (exception as TargetInvocationException)?.InnerException?.Message ?? exception.Message, exception);
        }
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

    private static JsonDocument ReadSettings(string file)
    {
        if (!File.Exists(file)) return JsonDocument.Parse("{}");
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException exception)
        {
            throw new PluginException("(all)", $"{file} is not valid JSON: {exception.Message}", exception);
        }
    }
}

/// <summary>Resolves a plugin's own dependencies; the contract and the framework come from the server.</summary>
internal sealed class PluginLoadContext(string assemblyPath) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assemblyPath))
{
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Default.Assemblies.Any(loaded => loaded.GetName().Name == assemblyName.Name)) return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
