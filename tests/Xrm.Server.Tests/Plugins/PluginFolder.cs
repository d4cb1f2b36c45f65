namespace Xrm.Server.Tests.Plugins;

/// <summary>An installation and data folder of a test, with the plugins that the build made.</summary>
internal sealed class PluginFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("xrm-plugins").FullName;

    /// <summary>Puts a built plugin where an installation has it.</summary>
    /// <param name="source">Its folder in the repository.</param>
    /// <param name="name">The name under which it is installed.</param>
    /// <returns>The folder of the plugin.</returns>
    public string Install(string source, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var from = Path.Combine(output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, source);
        var plugin = Directory.CreateDirectory(Path.Combine(Root, "plugins", name)).FullName;
        File.Copy(Path.Combine(from, "manifest.json"), Path.Combine(plugin, "manifest.json"));
        foreach (var file in Directory.GetFiles(Path.Combine(from, "bin", output.Parent.Name, output.Name))) File.Copy(file, Path.Combine(plugin, Path.GetFileName(file)));
        return plugin;
    }

    /// <summary>Writes <c>plugins.json</c>.</summary>
    public void Configure(string json) => File.WriteAllText(Path.Combine(Root, "plugins.json"), json);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
