using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Data.Publishing;

/// <summary>What a publish takes out of force, and what stands in the way of it.</summary>
internal static class PackageRemoval
{
    /// <summary>Mistakes of the request itself: packages that are not in force, or that it publishes as well.</summary>
    public static IEnumerable<Problem> Mistakes(PublishRequest request, IReadOnlyList<PackageFiles> stored)
    {
        var published = request.Packages.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in request.Remove)
        {
            if (published.Contains(name))
                yield return new Problem("remove_published", At(name), $"{name} is to be published and to be removed.", "Do one of the two.");
            else if (stored.All(package => package.Name != name))
                yield return new Problem("remove_unknown", At(name), $"There is no published package {name}.",
                    Names.Nearest(name, stored.Select(package => package.Name)) is { } near ? $"Did you mean {near}?" : "Name a package that is in force, or leave it out.");
        }
    }

    /// <summary>Problems of the packages that stay. Where some depend on one that goes, only this is told: all else follows from it.</summary>
    public static ImmutableArray<Problem> Explain(ImmutableArray<Problem> problems, IReadOnlySet<string> remove)
    {
        var needed = problems.Where(problem => problem.Code == ProblemCodes.DependencyMissing)
            .Select(problem => (Problem: problem, Name: remove.FirstOrDefault(name => problem.Location.Path == $"$.dependsOn.{name}")))
            .Where(pair => pair.Name is not null)
            .Select(pair => new Problem("remove_needed", pair.Problem.Location, $"{pair.Problem.Location.Package} depends on {pair.Name}, which is to be removed.",
                $"Remove {pair.Problem.Location.Package} as well, or publish it without this dependency first."))
            .ToImmutableArray();
        return needed.IsEmpty ? problems : needed;
    }

    private static SourceLocation At(string name) => new("publish", "remove", name);
}
