using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Server.Features.Scripts;

/// <summary>Packages of folders with those that they build on, which lie beside them.</summary>
/// <param name="Packages">All of them, by name.</param>
/// <param name="Folders">Their folders, by name.</param>
/// <param name="Named">Names of those asked for.</param>
internal sealed record PackageSet(ImmutableSortedDictionary<string, Package> Packages, ImmutableSortedDictionary<string, string> Folders, ImmutableArray<string> Named)
{
    /// <summary>Reads the folders, and the folders beside them that their manifests ask for. What is not there, the compiler reports.</summary>
    /// <param name="folders">Package folders.</param>
    /// <param name="read">Reads one.</param>
    public static async Task<PackageSet> ReadAsync(IEnumerable<string> folders, Func<string, Task<PackageFiles>> read)
    {
        var packages = ImmutableSortedDictionary.CreateBuilder<string, Package>(StringComparer.Ordinal);
        var places = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var named = folders.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).ToList();
        var left = new Queue<string>(named);
        while (left.TryDequeue(out var folder))
        {
            var files = await read(folder);
            if (places.ContainsKey(files.Name)) continue;
            places[files.Name] = folder;
            if (PackageReader.Parse(files).Package is not { } package) continue;
            packages[files.Name] = package;
            foreach (var other in package.Manifest.DependsOn.Keys.Select(name => Path.Combine(Path.GetDirectoryName(folder)!, name)))
                if (Directory.Exists(other)) left.Enqueue(other);
        }
        return new PackageSet(packages.ToImmutable(), places.ToImmutable(), [.. named.Select(folder => Path.GetFileName(folder)!)]);
    }

    /// <summary>The model of all of them, as if every script were compiled: that it is not, must not keep anybody from compiling it.</summary>
    public (Model? Model, ImmutableArray<Problem> Problems) Compile() => new ModelCompiler(FieldTypeRegistry.Default).Compile(Packages.Values.Select(AsBuilt));

    private static Package AsBuilt(Package package) => package with
    {
        Scripts = package.ScriptSources.Aggregate(package.Scripts, (scripts, source) => scripts.SetItem(BuiltScript.OutputOf(source.Key), BuiltScript.Write(source.Key, source.Value, ""))),
    };
}
