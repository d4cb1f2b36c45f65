namespace Xrm.Server.Hosting;

/// <summary>Where the parts of this installation lie.</summary>
/// <param name="Root">Folder that holds <c>engine</c>, <c>designer</c>, <c>metadata</c> and <c>plugins</c>.</param>
internal sealed record Installation(string Root)
{
    /// <summary>The installation that this process belongs to: <c>XRM_HOME</c>, or the nearest folder above the program that has <c>metadata/packages</c>.</summary>
    public static Installation Find()
    {
        if (Environment.GetEnvironmentVariable("XRM_HOME") is { Length: > 0 } home) return new Installation(home);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "metadata", "packages")))
                return new Installation(folder.FullName);
        return new Installation(AppContext.BaseDirectory);
    }

    /// <summary>Packages that a first start publishes, in dependency order.</summary>
    public IReadOnlyList<string> DefaultPackages =>
        [.. new[] { "core", "contracts", "assets" }.Select(name => Path.Combine(Root, "metadata", "packages", name))];

    /// <summary>The built web application.</summary>
    public string WebApplication => Path.Combine(Root, "designer", "dist");

    /// <summary>Folder whose sub-folders are plugins.</summary>
    public string Plugins => Path.Combine(Root, "plugins");
}
