using Xrm.Metadata.Source;

namespace Xrm.Metadata;

/// <summary>A place in a package.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="File">Path of the file inside the package folder, with forward slashes, e.g. <c>entities/contract.json</c>.</param>
/// <param name="Path">JSON path inside the file, e.g. <c>$.fields[3].type</c>; <c>$</c> for the whole file.</param>
/// <param name="Line">One-based line in the file; 0 where it is not known.</param>
public sealed record SourceLocation(string Package, string File, string Path = "$", int Line = 0)
{
    /// <summary>One-based line in the file; 0 where it is not known. Looked up when it is asked for: a model has very many places, and few are ever shown.</summary>
    public int Line { get => field == 0 && Source is not null ? Source.LineOf(Path) : field; init; } = Line;

    /// <summary>The file, where the line is to be looked up.</summary>
    internal SourceFile? Source { get; init; }

    /// <summary>Whether both say the same place.</summary>
    public bool Equals(SourceLocation? other) => other is not null && (Package, File, Path) == (other.Package, other.File, other.Path) && Line == other.Line;

    /// <summary>Equal for equal places.</summary>
    public override int GetHashCode() => HashCode.Combine(Package, File, Path);

    /// <summary>The place as people write it: <c>package/file:line path</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Package}/{File}:{Line} {Path}" : $"{Package}/{File} {Path}";
}
