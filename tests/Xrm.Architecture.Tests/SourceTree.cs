namespace Xrm.Architecture.Tests;

/// <summary>The source files of this repository.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>C# files below a folder, by path with forward slashes relative to the root; generated ones left out.</summary>
    public static IEnumerable<(string Path, string Text)> CSharp(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Select(path => (path, File.ReadAllText(Path.Combine(Root, path))));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Xrm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Run the tests inside the repository.");
    }
}
