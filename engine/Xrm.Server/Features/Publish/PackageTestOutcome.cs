using System.Collections.Immutable;
using Xrm.Metadata;

namespace Xrm.Server.Features.Publish;

/// <summary>How a package test ended.</summary>
/// <param name="Name">What it proves.</param>
/// <param name="Location">The test in its file; where it failed, the first thing that is not as expected.</param>
/// <param name="Differences">All that is not as expected; empty where it passed.</param>
/// <param name="Duration">Time that it took.</param>
internal sealed record PackageTestOutcome(string Name, SourceLocation Location, ImmutableArray<TestDifference> Differences, TimeSpan Duration)
{
    /// <summary>All is as expected.</summary>
    public bool HasPassed => Differences.IsEmpty;

    /// <summary>The differences one below the other, for people.</summary>
    public IEnumerable<string> Lines()
    {
        var width = Differences.Select(difference => difference.Subject.Length).DefaultIfEmpty().Max();
        return Differences.Select(difference => $"{difference.Subject.PadRight(width)}  expected {difference.Expected}  got {difference.Got}");
    }

    /// <summary>The failure as a problem of the package.</summary>
    public Problem ToProblem() => new("package_test_failed", Location, $"Test \"{Name}\" failed:\n  {string.Join("\n  ", Lines())}", "Correct the package or the test.");
}

/// <summary>What a run of package tests has shown.</summary>
/// <param name="Problems">Why no test could be run; empty where they were.</param>
/// <param name="Tests">The tests, in the order of the files.</param>
internal sealed record PackageTestReport(ImmutableArray<Problem> Problems, ImmutableArray<PackageTestOutcome> Tests)
{
    /// <summary>How many tests failed.</summary>
    public int Failed => Tests.Count(test => !test.HasPassed);
}

/// <summary>One thing that is not as a test expects.</summary>
/// <param name="Path">JSON path inside the test of what was expected.</param>
/// <param name="Subject">What it is about, such as <c>contract.total</c>.</param>
/// <param name="Expected">What was expected: a value as JSON, or words.</param>
/// <param name="Got">What was found, in the same form.</param>
internal sealed record TestDifference(string Path, string Subject, string Expected, string Got);
