using System.Collections.Immutable;
using Xrm.Metadata;
using static Xrm.Server.Features.Publish.PublishEndpoints;

namespace Xrm.Server.Features.Publish;

/// <summary>Which tests to run.</summary>
/// <param name="Packages">Packages to test, laid over those in force.</param>
/// <param name="Filter">Only tests whose names contain this text; null for all.</param>
internal sealed record TestBody(ImmutableArray<PackageBody> Packages, string? Filter);

/// <summary>What a run of package tests has shown.</summary>
/// <param name="Passed">How many tests passed.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Problems">Why no test could be run; empty where they were.</param>
/// <param name="Tests">The tests, in the order of the files.</param>
internal sealed record TestReportBody(int Passed, int Failed, ImmutableArray<PlanProblem> Problems, ImmutableArray<TestOutcomeBody> Tests)
{
    public static TestReportBody From(PackageTestReport report) => new(
        report.Tests.Length - report.Failed, report.Failed, [.. report.Problems.Select(PlanProblem.From)], [.. report.Tests.Select(TestOutcomeBody.From)]);
}

/// <summary>One test.</summary>
/// <param name="Name">What it proves.</param>
/// <param name="Location">The test in its file; where it failed, the first thing that is not as expected.</param>
/// <param name="Passed">All is as expected.</param>
/// <param name="Milliseconds">Time that it took.</param>
/// <param name="Differences">All that is not as expected.</param>
internal sealed record TestOutcomeBody(string Name, SourceLocation Location, bool Passed, double Milliseconds, ImmutableArray<TestDifference> Differences)
{
    public static TestOutcomeBody From(PackageTestOutcome test) => new(test.Name, test.Location, test.HasPassed, Math.Round(test.Duration.TotalMilliseconds, 1), test.Differences);
}
