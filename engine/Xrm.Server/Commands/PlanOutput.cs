using System.Collections.Immutable;
using Xrm.Data.Publishing;
using Xrm.Data.Schema;
using Xrm.Metadata;

namespace Xrm.Server.Commands;

/// <summary>Shows a plan to people.</summary>
internal static class PlanOutput
{
    /// <summary>Writes packages, steps, warnings or problems to standard output.</summary>
    public static async Task WriteAsync(PublishPlan plan, bool withSql)
    {
        if (!plan.Problems.IsEmpty)
        {
            await WriteAsync(plan.Problems);
            return;
        }
        await ConsoleTable.WriteAsync([.. plan.Packages.Select(package => new[] { package.Name, package.State.ToString().ToLowerInvariant(), $"{package.Files.Length} files {(package.State == PackageState.Removed ? "go" : "differ")}" })]);
        foreach (var change in plan.Changes) await WriteAsync(change, withSql);
        if (plan.Changes.IsEmpty) await Console.Out.WriteLineAsync("The tables stay as they are.");
        if (!plan.Warnings.IsEmpty) await Console.Out.WriteLineAsync("What goes is still spoken of:");
        await ListAsync(plan.Warnings);
    }

    /// <summary>Writes why nothing was done.</summary>
    public static async Task WriteAsync(ImmutableArray<Problem> problems)
    {
        await ListAsync(problems);
        await Console.Out.WriteLineAsync($"{problems.Length} problem{(problems.Length == 1 ? "" : "s")}; nothing was changed.");
    }

    private static async Task ListAsync(ImmutableArray<Problem> problems)
    {
        foreach (var problem in problems)
        {
            await Console.Out.WriteLineAsync($"{problem.Location}");
            await Console.Out.WriteLineAsync($"    {problem.Code}: {problem.Message.ReplaceLineEndings("\n    ")}");
            await Console.Out.WriteLineAsync($"    {problem.Remedy}");
        }
    }

    private static async Task WriteAsync(SchemaChange change, bool withSql)
    {
        var rows = change.Rows > 0 ? $"  [{change.Rows:N0} rows]" : "";
        var later = change.IsDeferred || change.IsLeftToJob ? "  (afterwards, without hindering anybody)" : "";
        await Console.Out.WriteLineAsync($"  {change.Risk.ToString().ToLowerInvariant(),-11} {change.Sentence}{rows}{later}");
        if (!withSql) return;
        foreach (var statement in change.Sql) await Console.Out.WriteLineAsync($"      {statement.ReplaceLineEndings("\n      ")};");
    }
}
