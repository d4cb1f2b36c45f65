using System.Collections.Immutable;
using System.Text;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests;

/// <summary>Packages for tests, from folders or from texts.</summary>
internal static class APackage
{
    /// <summary>A package of the given files and a manifest.</summary>
    public static PackageFiles Of(params (string Path, string Json)[] files) => Named("sample", files);

    public static PackageFiles Named(string name, params (string Path, string Json)[] files) => new(name, files
        .Prepend(("manifest.json", $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0" }"""))
        .GroupBy(file => file.Item1).Select(same => same.Last())
        .ToImmutableSortedDictionary(file => file.Item1, file => ImmutableArray.Create(Encoding.UTF8.GetBytes(file.Item2)), StringComparer.Ordinal));

    /// <summary>One entity with a title and more fields, as JSON.</summary>
    public static (string Path, string Json) Entity(string name, string fields = "", string more = "") => ($"entities/{name}.json",
        $$"""{ "name": "{{name}}", "plural": "{{name}}s", "primary": "title", "fields": [ { "name": "title", "type": "text" }{{(fields.Length > 0 ? ", " + fields : "")}} ]{{(more.Length > 0 ? ", " + more : "")}} }""");

    /// <summary>Reads and compiles; all problems.</summary>
    public static ImmutableArray<Problem> Problems(params PackageFiles[] packages) => Compile(packages).Problems;

    /// <summary>Reads and compiles packages without mistakes.</summary>
    public static Model Model(params PackageFiles[] packages)
    {
        var (model, problems) = Compile(packages);
        Assert.True(problems.IsEmpty, string.Join('\n', problems));
        return model!;
    }

    private static (Model? Model, ImmutableArray<Problem> Problems) Compile(PackageFiles[] packages)
    {
        var read = packages.Select(PackageReader.Parse).ToList();
        var unreadable = read.Where(each => each.Package is null).SelectMany(each => each.Problems);
        var (model, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile(read.Select(each => each.Package).OfType<Package>());
        return (model, [.. unreadable, .. problems]);
    }
}
