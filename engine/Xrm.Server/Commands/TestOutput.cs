using System.Globalization;
using Xrm.Server.Features.Publish;

namespace Xrm.Server.Commands;

/// <summary>Shows a run of package tests to people.</summary>
internal static class TestOutput
{
    /// <summary>Writes the tests file by file, and what is wrong with those that failed, to standard output.</summary>
    public static async Task WriteAsync(PackageTestReport report)
    {
        if (!report.Problems.IsEmpty)
        {
            await PlanOutput.WriteAsync(report.Problems);
            return;
        }
        foreach (var file in report.Tests.GroupBy(test => $"{test.Location.Package}/{test.Location.File}"))
        {
            await Console.Out.WriteLineAsync(file.Key);
            foreach (var test in file) await WriteAsync(test);
        }
        var seconds = report.Tests.Sum(test => test.Duration.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
        await Console.Out.WriteLineAsync($"{report.Tests.Length} test{(report.Tests.Length == 1 ? "" : "s")} in {seconds} s: {report.Tests.Length - report.Failed} passed, {report.Failed} failed.");
    }

    private static async Task WriteAsync(PackageTestOutcome test)
    {
        await Console.Out.WriteLineAsync(test.HasPassed ? $"  ✓ {test.Name}" : $"  ✗ {test.Name}  ({test.Location.File}:{test.Location.Line})");
        foreach (var line in test.Lines()) await Console.Out.WriteLineAsync($"      {line}");
    }
}
