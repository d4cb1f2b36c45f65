using System.Collections.Frozen;

namespace Xrm.Metadata.Source;

/// <summary>One file of a package, with the line of every JSON path in it.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="Path">Path inside the package folder, with forward slashes.</param>
/// <param name="Lines">One-based line by JSON path.</param>
public sealed record SourceFile(string Package, string Path, FrozenDictionary<string, int> Lines)
{
    /// <summary>The location of a JSON path. A path that the file does not have (a missing property, say) gets the line of its nearest ancestor.</summary>
    public SourceLocation At(string path = "$")
    {
        for (var known = path; known.Length > 0; known = Ancestor(known))
            if (Lines.TryGetValue(known, out var line))
                return new SourceLocation(Package, Path, path, line);
        return new SourceLocation(Package, Path, path);
    }

    private static string Ancestor(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
