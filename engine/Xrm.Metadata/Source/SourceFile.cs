namespace Xrm.Metadata.Source;

/// <summary>One file of a package, with the line of every JSON path in it.</summary>
/// <param name="package">Name of the package.</param>
/// <param name="path">Path inside the package folder, with forward slashes.</param>
/// <param name="lines">One-based line by JSON path; asked for once, and only when somebody wants a line (files of starter rows have many thousands).</param>
public sealed class SourceFile(string package, string path, Func<IReadOnlyDictionary<string, int>> lines)
{
    private readonly Lazy<IReadOnlyDictionary<string, int>> _lines = new(lines);

    /// <summary>Name of the package.</summary>
    public string Package { get; } = package;

    /// <summary>Path inside the package folder, with forward slashes.</summary>
    public string Path { get; } = path;

    /// <summary>The location of a JSON path. A path that the file does not have (a missing property, say) gets the line of its nearest ancestor.</summary>
    public SourceLocation At(string path = "$") => new(Package, Path, path) { Source = this };

    /// <summary>One-based line of a JSON path, or of its nearest ancestor that the file has; 0 where it has none.</summary>
    internal int LineOf(string path)
    {
        for (var known = path; known.Length > 0; known = Ancestor(known))
            if (_lines.Value.TryGetValue(known, out var line))
                return line;
        return 0;
    }

    private static string Ancestor(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
