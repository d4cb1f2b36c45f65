using System.Collections.Immutable;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>Puts packages behind those that they build on.</summary>
internal static class PackageOrder
{
    public static ImmutableArray<Package> Sort(IEnumerable<Package> packages, List<Problem> problems)
    {
        var byName = new SortedDictionary<string, Package>(StringComparer.Ordinal);
        // Of two with one name, that whose folder has another name is the mistake, and its reading has told of it.
        foreach (var package in packages.OrderBy(IsMisnamed))
        {
            if (byName.TryAdd(package.Manifest.Name, package)) continue;
            problems.AddRange(package.Problems);
            if (!IsMisnamed(package))
                problems.Add(new Problem(ProblemCodes.PackageTwice, package.ManifestFile.At("$.name"), $"There are two packages named {package.Manifest.Name}.", "Leave one of them out."));
        }

        foreach (var package in byName.Values) CheckDependencies(package, byName, problems);
        return Arrange(byName, problems);
    }

    private static bool IsMisnamed(Package package) => package.Files.Name != package.Manifest.Name;

    private static void CheckDependencies(Package package, SortedDictionary<string, Package> byName, List<Problem> problems)
    {
        foreach (var (name, range) in package.Manifest.DependsOn)
        {
            var location = package.ManifestFile.At($"$.dependsOn.{name}");
            if (!byName.TryGetValue(name, out var found))
                problems.Add(new Problem(ProblemCodes.DependencyMissing, location, $"The package {name} is not there.", Names.Nearest(name, byName.Keys) is { } near ? $"Did you mean {near}?" : $"Publish {name} first or together with this package."));
            else if (VersionRange.Accepts(range, found.Manifest.Version) is not true)
                problems.Add(new Problem(ProblemCodes.DependencyVersion, location, $"Version {found.Manifest.Version} of {name} does not fulfil {range}.", "Write a range such as ^1.0 that the version fulfils, or publish a fitting version."));
        }
    }

    private static ImmutableArray<Package> Arrange(SortedDictionary<string, Package> byName, List<Problem> problems)
    {
        var order = ImmutableArray.CreateBuilder<Package>();
        var waiting = byName.Values.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Find(package => package.Manifest.DependsOn.Keys.All(name => waiting.TrueForAll(other => other.Manifest.Name != name)));
            if (ready is null)
            {
                ready = waiting[0];
                problems.Add(new Problem(ProblemCodes.DependencyCycle, ready.ManifestFile.At("$.dependsOn"), $"These packages depend on one another in a circle: {string.Join(", ", waiting.Select(package => package.Manifest.Name))}.", "Move what both need into a third package."));
                order.AddRange(waiting);
                break;
            }
            order.Add(ready);
            waiting.Remove(ready);
        }
        return order.ToImmutable();
    }
}
