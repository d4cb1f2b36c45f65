using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>Reads the files of a package from a folder, within limits, never leaving the folder.</summary>
internal static class PackageFolder
{
    public const int MostFiles = 5_000;
    public const int LargestFile = 16 * 1024 * 1024;
    public const int LargestPackage = 128 * 1024 * 1024;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds a symbolic link, or more than a package may hold.</exception>
    public static async Task<PackageFiles> ReadAsync(string directory, CancellationToken ct)
    {
        var root = new DirectoryInfo(Path.GetFullPath(directory));
        if (!root.Exists) throw new DirectoryNotFoundException($"There is no folder {root.FullName}.");
        var content = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var file in FilesOf(root))
        {
            var path = Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/');
            total += file.Length;
            if (file.Length > LargestFile) throw new InvalidDataException($"{path} is larger than {LargestFile / 1024 / 1024} MB.");
            if (total > LargestPackage) throw new InvalidDataException($"The package is larger than {LargestPackage / 1024 / 1024} MB.");
            if (content.Count >= MostFiles) throw new InvalidDataException($"The package has more than {MostFiles} files.");
            content[path] = ImmutableArray.Create(await File.ReadAllBytesAsync(file.FullName, ct));
        }
        return new PackageFiles(root.Name, content.ToImmutable());
    }

    // Names that begin with a dot belong to editors and Git, not to the package.
    private static IEnumerable<FileInfo> FilesOf(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')))
        {
            if (entry.LinkTarget is not null) throw new InvalidDataException($"{entry.FullName} is a symbolic link. A package holds files and folders only.");
            if (entry is FileInfo file) yield return file;
            else if (entry is DirectoryInfo sub)
                foreach (var inner in FilesOf(sub)) yield return inner;
        }
    }
}
