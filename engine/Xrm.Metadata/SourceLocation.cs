namespace Xrm.Metadata;

/// <summary>A place in a package.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="File">Path of the file inside the package folder, with forward slashes, e.g. <c>entities/contract.json</c>.</param>
/// <param name="Path">JSON path inside the file, e.g. <c>$.fields[3].type</c>; <c>$</c> for the whole file.</param>
/// <param name="Line">One-based line in the file; 0 where it is not known.</param>
public sealed record SourceLocation(string Package, string File, string Path = "$", int Line = 0)
{
    /// <summary>The place as people write it: <c>package/file:line path</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Package}/{File}:{Line} {Path}" : $"{Package}/{File} {Path}";
}
