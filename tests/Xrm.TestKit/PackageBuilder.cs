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

/// <summary>
/// A small package from JSON, read and compiled as a real one:
/// <c>new PackageBuilder().Entity("contract", """{ "name": "value", "type": "money" }""").Model()</c>.
/// </summary>
public sealed class PackageBuilder(string name = "sample")
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal)
    {
        ["manifest.json"] = $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0" }""",
    };

    /// <summary>Adds any file.</summary>
    public PackageBuilder File(string path, string content)
    {
        _files[path] = content;
        return this;
    }

    /// <summary>Adds an entity; its file name follows from its name.</summary>
    public PackageBuilder EntityJson(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return File($"entities/{document.RootElement.GetProperty("name").GetString()}.json", json);
    }

    /// <summary>Adds an entity that has a text field <c>title</c>, and these fields.</summary>
    /// <param name="entity">Name; the plural gets an s.</param>
    /// <param name="fields">Fields as JSON objects.</param>
    public PackageBuilder Entity(string entity, params string[] fields) =>
        WithTitle(entity, "", fields);

    /// <summary>The same with further properties of the entity, e.g. <c>"features": ["recycleBin"]</c>.</summary>
    public PackageBuilder EntityWith(string entity, string properties, params string[] fields) => WithTitle(entity, properties + ",", fields);

    /// <summary>The files.</summary>
    public PackageFiles Files() => new(name, _files.ToImmutableSortedDictionary(
        file => file.Key, file => ImmutableArray.Create(Encoding.UTF8.GetBytes(file.Value)), StringComparer.Ordinal));

    /// <summary>The compiled model; throws with all problems where there are any.</summary>
    public Model Model() => Publish().Model;

    /// <summary>The compiled model with its formulas, as if published.</summary>
    public PublishedModel Publish(long version = 1) => Compile(version, Files());

    /// <summary>Compiles several packages together.</summary>
    public static PublishedModel Compile(long version, params IEnumerable<PackageFiles> packages)
    {
        var problems = new List<Problem>();
        var read = new List<Package>();
        foreach (var files in packages)
        {
            var (package, found) = PackageReader.Parse(files);
            if (package is null) problems.AddRange(found);
            else read.Add(package);
        }
        var (model, compiled) = new ModelCompiler(FieldTypeRegistry.Default).Compile(read);
        problems.AddRange(compiled);
        var formulas = model is null ? null : FormulaSet.Bind(model, problems);
        if (problems.Count > 0) throw new InvalidOperationException(string.Join('\n', problems));
        return new PublishedModel(model!, formulas!, version);
    }

    private PackageBuilder WithTitle(string entity, string properties, string[] fields) => EntityJson(
        $$"""
        { "name": "{{entity}}", "plural": "{{entity}}s", "primary": "title", {{properties}}
          "fields": [ {{string.Join(",\n", fields.Prepend("""{ "name": "title", "type": "text" }"""))}} ] }
        """);
}
