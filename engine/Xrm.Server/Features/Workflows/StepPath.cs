using System.Collections.Immutable;
using System.Globalization;
using Xrm.Metadata.Source;

namespace Xrm.Server.Features.Workflows;

/// <summary>
/// Where a run stands: indexes and branches from the outside in, e.g. <c>2/then/0</c>. Empty where no step is left.
/// </summary>
internal static class StepPath
{
    /// <summary>A run is over.</summary>
    public const string End = "";

    private const string Then = "then";
    private const string Else = "else";

    /// <summary>The step at a path; null where the workflow has none there.</summary>
    public static Step? Find(ImmutableArray<Step> steps, string path)
    {
        Step? step = null;
        var level = steps;
        foreach (var part in path.Split('/'))
        {
            if (part is Then or Else)
            {
                level = part == Then ? step!.Then : step!.Else;
                continue;
            }
            if (!int.TryParse(part, CultureInfo.InvariantCulture, out var index) || level.IsDefaultOrEmpty || index >= level.Length) return null;
            step = level[index];
        }
        return step;
    }

    /// <summary>The step after the one at a path: the next in its branch, or the one after the condition that the branch belongs to.</summary>
    public static string After(ImmutableArray<Step> steps, string path)
    {
        while (path.Length > 0)
        {
            var cut = path.LastIndexOf('/');
            var index = int.Parse(path[(cut + 1)..], CultureInfo.InvariantCulture);
            var next = string.Create(CultureInfo.InvariantCulture, $"{path[..(cut + 1)]}{index + 1}");
            if (Find(steps, next) is not null) return next;
            // "2/then/0" ends its branch: go on after step "2".
            path = cut < 0 ? End : path[..path.LastIndexOf('/', cut - 1)];
        }
        return End;
    }

    /// <summary>The first step of a branch of the condition at a path, or what follows the condition where the branch is empty.</summary>
    public static string Into(ImmutableArray<Step> steps, string path, bool answer)
    {
        var branch = $"{path}/{(answer ? Then : Else)}/0";
        return Find(steps, branch) is not null ? branch : After(steps, path);
    }

    /// <summary>The JSON path of the step in the workflow's file, e.g. <c>$.steps[2].then[0]</c>.</summary>
    public static string ToJsonPath(string path) =>
        "$.steps" + string.Concat(path.Split('/').Select(part => part is Then or Else ? $".{part}" : $"[{part}]"));
}
