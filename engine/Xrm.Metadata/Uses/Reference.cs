namespace Xrm.Metadata.Uses;

/// <summary>A place that names something.</summary>
/// <param name="Of">What is named.</param>
/// <param name="Location">Where.</param>
public sealed record Reference(Element Of, SourceLocation Location)
{
    /// <summary>Probably meant, but not certainly: a name that a script mentions.</summary>
    public bool IsLikely { get; init; }
}

/// <summary>A use as people read it: who uses something, and how.</summary>
/// <param name="Of">What is used.</param>
/// <param name="Kind">Kind of the user: <c>field</c>, <c>view</c>, <c>workflow</c> …</param>
/// <param name="Name">Name of the user, e.g. <c>contract.active</c>.</param>
/// <param name="How">The property that names it, e.g. <c>filter</c>, <c>columns</c>, <c>formula</c>.</param>
/// <param name="Location">Where it is named; the first place where there are several.</param>
public sealed record Use(Element Of, string Kind, string Name, string How, SourceLocation Location)
{
    /// <summary>Probably meant, but not certainly: a name that a script mentions.</summary>
    public bool IsLikely { get; init; }

    /// <summary>How many places of the file name it; more than one for starter rows and tests, which are told once for each file.</summary>
    public int Times { get; init; } = 1;
}
