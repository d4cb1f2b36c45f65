namespace Xrm.EndToEnd.Tests;

/// <summary>Where this repository lies.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Command => Path.Combine(Root, "engine", "xrm");

    public static string Package(string name) => Path.Combine(Root, "metadata", "packages", name);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Xrm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Run the tests inside the repository.");
    }
}
