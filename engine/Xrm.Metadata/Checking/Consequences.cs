namespace Xrm.Metadata.Checking;

/// <summary>Problems that only follow from others: a person who corrects the cause must not read about them.</summary>
internal static class Consequences
{
    /// <summary>Leaves out problems at places in which the reading has already found one (what stands there was mended or left out).</summary>
    public static IEnumerable<Problem> LeftOut(IEnumerable<Problem> found, IEnumerable<Problem> reading)
    {
        var known = reading.ToLookup(problem => (problem.Location.Package, problem.Location.File), problem => problem.Location.Path);
        return found.Where(problem => !known[(problem.Location.Package, problem.Location.File)].Any(path => IsInside(problem.Location.Path, path)));
    }

    private static bool IsInside(string path, string outer) =>
        path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '[');
}
