using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>Where a piece of a package is written: a JSON path of a file.</summary>
internal sealed record Origin(SourceFile File, string Path)
{
    /// <summary>Location of a part, e.g. <c>.maxLength</c> or <c>[2]</c>; of the piece itself without one.</summary>
    public SourceLocation At(string part = "") => File.At(Path + part);

    public Origin Part(string part) => this with { Path = Path + part };
}

/// <summary>A piece of a package with its place.</summary>
internal sealed record Placed<T>(T Value, Origin Origin)
{
    public string Package => Origin.File.Package;
}
