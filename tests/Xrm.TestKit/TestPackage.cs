using System.Collections.Immutable;
using System.Text;
using Xrm.Data;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.TestKit;

/// <summary>Packages made of text, for tests.</summary>
public static class TestPackage
{
    /// <summary>The files of a package with a manifest.</summary>
    /// <param name="name">Name of the package.</param>
    /// <param name="files">Path and content of each file but the manifest.</param>
    public static PackageFiles Files(string name, params (string Path, string Content)[] files) => new(name, files
        .Append(("manifest.json", $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0" }"""))
        .ToImmutableSortedDictionary(file => file.Item1, file => ImmutableArray.Create(Encoding.UTF8.GetBytes(file.Item2)), StringComparer.Ordinal));

    /// <summary>The model of some packages.</summary>
    /// <exception cref="InvalidOperationException">They have mistakes; the message lists them.</exception>
    public static PublishedModel Compile(params PackageFiles[] packages)
    {
        var read = packages.Select(PackageReader.Parse).ToArray();
        var (model, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile(read.Select(result => result.Package).OfType<Package>());
        if (model is null) throw new InvalidOperationException(string.Join('\n', problems));
        var mistakes = new List<Problem>();
        var formulas = FormulaSet.Bind(model, mistakes);
        return mistakes.Count == 0 ? new PublishedModel(model, formulas, 1) : throw new InvalidOperationException(string.Join('\n', mistakes));
    }
}
