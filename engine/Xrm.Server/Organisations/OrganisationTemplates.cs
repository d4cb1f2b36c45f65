using System.Collections.Immutable;
using Xrm.Data.Errors;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Server.Hosting;

namespace Xrm.Server.Organisations;

/// <summary>A package that a new organisation can begin with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Description">What it is for; null where it does not say.</param>
/// <param name="DependsOn">Names of the packages that it needs.</param>
internal sealed record Template(string Name, string Label, string? Description, ImmutableArray<string> DependsOn);

/// <summary>The packages of this installation, from which organisations are made.</summary>
internal sealed class OrganisationTemplates(EnginePlace place)
{
    private string Folder => Path.Combine(place.Installation.Root, "metadata", "packages");

    /// <summary>The packages, by name; those that cannot be read are left out.</summary>
    public async Task<ImmutableArray<Template>> ListAsync(CancellationToken ct) => [.. (await ReadAllAsync(ct)).Values.Select(package => package.Template).OrderBy(template => template.Name, StringComparer.Ordinal)];

    /// <summary>The packages of those names with all that they need, those first on which others depend.</summary>
    /// <exception cref="XrmException">400: one of them is unknown.</exception>
    public async Task<ImmutableArray<PackageFiles>> ReadAsync(IEnumerable<string> names, CancellationToken ct)
    {
        var all = await ReadAllAsync(ct);
        var found = new List<PackageFiles>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names) Add(name);
        return [.. found];

        void Add(string name)
        {
            if (!all.TryGetValue(name, out var package))
                throw XrmException.Invalid([new FieldError("packages", "package_unknown", $"There is no package {name} on this server. There are: {string.Join(", ", all.Keys.Order(StringComparer.Ordinal))}.")]);
            if (!seen.Add(name)) return;
            foreach (var needed in package.Template.DependsOn) Add(needed);
            found.Add(package.Files);
        }
    }

    private async Task<Dictionary<string, (Template Template, PackageFiles Files)>> ReadAllAsync(CancellationToken ct)
    {
        var all = new Dictionary<string, (Template, PackageFiles)>(StringComparer.Ordinal);
        if (!Directory.Exists(Folder)) return all;
        foreach (var folder in Directory.EnumerateDirectories(Folder))
        {
            if (!File.Exists(Path.Combine(folder, "manifest.json"))) continue;
            var files = await PackageReader.ReadAsync(folder, ct);
            if (PackageReader.Parse(files).Package?.Manifest is { } manifest)
                all[manifest.Name] = (new Template(manifest.Name, manifest.Label ?? manifest.Name, manifest.Description, [.. manifest.DependsOn.Keys]), files);
        }
        return all;
    }
}
