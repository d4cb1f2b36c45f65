using System.Collections.Immutable;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>What each package may refer to: itself, and what it depends on, directly or through others.</summary>
internal sealed class PackageReach(ImmutableArray<Package> packages)
{
    private readonly Dictionary<string, Package> _packages = packages.DistinctBy(package => package.Manifest.Name).ToDictionary(package => package.Manifest.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _reached = packages.Select(package => package.Manifest.Name).Distinct()
        .ToDictionary(name => name, name => Reached(name, packages), StringComparer.Ordinal);

    /// <summary>The problem of a reference to something of another package; null where the package of the reference depends on that one.</summary>
    /// <param name="what">What is referred to, for the message: <c>The entity contract</c>.</param>
    /// <param name="package">The package that it belongs to.</param>
    /// <param name="location">Where the reference stands.</param>
    public Problem? FindMistake(string what, string package, SourceLocation location)
    {
        if (!_packages.TryGetValue(package, out var found) || !_reached.TryGetValue(location.Package, out var reached) || reached.Contains(package)) return null;
        var range = $"^{string.Join('.', found.Manifest.Version.Split('.').Take(2))}";
        return new Problem(ProblemCodes.DependencyUndeclared, location, $"{what} belongs to the package {package}, which {location.Package} does not depend on.",
            $"Add \"{package}\": \"{range}\" to dependsOn in manifest.json, or move this to a package that depends on both.");
    }

    private static HashSet<string> Reached(string package, ImmutableArray<Package> packages)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([package]);
        while (waiting.TryDequeue(out var name))
            if (reached.Add(name) && packages.FirstOrDefault(each => each.Manifest.Name == name) is { } found)
                foreach (var needed in found.Manifest.DependsOn.Keys) waiting.Enqueue(needed);
        return reached;
    }
}
