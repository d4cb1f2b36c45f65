using Xrm.Metadata.Source;
using Xrm.Metadata.Reading;

namespace Xrm.Server.Tests;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = Above(folder => File.Exists(Path.Combine(folder, "Xrm.sln")) ? folder : null)
        ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");

    /// <summary>Packages, by their folders.</summary>
    public static Task<PackageFiles[]> PackagesAsync(params string[] folders) =>
        Task.WhenAll(folders.Select(folder => PackageReader.ReadAsync(Path.Combine(Root, folder), CancellationToken.None)));

    /// <summary>A folder of real data that lies beside the repository where it is there at all.</summary>
    public static string? FindShared(string name) => Above(folder =>
        Path.Combine(folder, "shared", "data", name) is var shared && Directory.Exists(shared) ? shared : null);

    private static string? Above(Func<string, string?> find)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (find(folder.FullName) is { } found) return found;
        return null;
    }
}
