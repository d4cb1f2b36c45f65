using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Checking;

/// <summary>Packages refer only to what they depend on, and are named as their folders.</summary>
public sealed class DependencyTests
{
    private static readonly PackageFiles Base = APackage.Named("base",
        APackage.Entity("thing", """{ "name": "kind", "type": "choice", "options": "kinds" }"""),
        ("options/kinds.json", """{ "name": "kinds", "options": [ { "value": "a" } ] }"""),
        ("views/thing.all.json", """{ "name": "thing.all", "entity": "thing" }"""),
        ("roles/boss.json", """{ "name": "boss", "entities": {} }"""));

    private static readonly PackageFiles Middle = APackage.Named("middle", Manifest("middle", "\"base\": \"^1.0\""),
        ("extensions/thing.json", """{ "entity": "thing", "fields": [ { "name": "extra", "type": "text" } ] }"""));

    [Theory]
    [InlineData("entities/own.json", """{ "name": "own", "plural": "owns", "primary": "t", "fields": [ { "name": "t", "type": "text" }, { "name": "x", "type": "lookup", "target": "thing" } ] }""", "$.fields[1].target")]
    [InlineData("entities/own.json", """{ "name": "own", "plural": "owns", "primary": "t", "fields": [ { "name": "t", "type": "text" }, { "name": "x", "type": "choice", "options": "kinds" } ] }""", "$.fields[1].options")]
    [InlineData("entities/own.json", """{ "name": "own", "plural": "owns", "primary": "t", "fields": [ { "name": "t", "type": "text", "access": { "read": ["boss"] } } ] }""", "$.fields[0].access.read[0]")]
    [InlineData("extensions/thing.json", """{ "entity": "thing", "label": "Dings" }""", "$.entity")]
    [InlineData("views/thing.mine.json", """{ "name": "thing.mine", "entity": "thing" }""", "$.entity")]
    [InlineData("roles/mine.json", """{ "name": "mine", "entities": { "thing": { "read": "own" } } }""", "$.entities.thing")]
    [InlineData("workflows/w.json", """{ "name": "w", "entity": "thing", "trigger": { "on": ["create"] } }""", "$.entity")]
    public void Reference_to_another_package_needs_a_dependency(string path, string json, string place)
    {
        var problem = Assert.Single(APackage.Problems(Base, APackage.Named("mine", (path, json))));
        Assert.Equal(("dependency_undeclared", "mine", path, place), (problem.Code, problem.Location.Package, problem.Location.File, problem.Location.Path));
        Assert.True(problem.Location.Line > 0);
        Assert.Contains("\"base\": \"^1.0\"", problem.Remedy, StringComparison.Ordinal);
        Assert.Empty(APackage.Problems(Base, APackage.Named("mine", Manifest("mine", "\"base\": \"^1.0\""), (path, json))));
        Assert.Empty(APackage.Problems(Base, Middle, APackage.Named("mine", Manifest("mine", "\"middle\": \"^1.0\""), (path, json))));
    }

    [Theory]
    [InlineData("views/thing.mine.json", """{ "name": "thing.mine", "entity": "thing", "columns": ["extra"] }""", "$.columns[0]")]
    [InlineData("forms/thing.mine.json", """{ "name": "thing.mine", "entity": "thing", "tabs": [ { "label": "A", "sections": [ { "fields": ["extra"] } ] } ] }""", "$.tabs[0].sections[0].fields[0]")]
    public void Field_that_another_package_adds_needs_a_dependency(string path, string json, string place)
    {
        var problem = Assert.Single(APackage.Problems(Base, Middle, APackage.Named("mine", Manifest("mine", "\"base\": \"^1.0\""), (path, json))));
        Assert.Equal(("dependency_undeclared", path, place), (problem.Code, problem.Location.File, problem.Location.Path));
        Assert.Empty(APackage.Problems(Base, Middle, APackage.Named("mine", Manifest("mine", "\"middle\": \"^1.0\""), (path, json))));
    }

    [Fact]
    public void Folder_that_is_named_otherwise_than_its_manifest_is_the_one_mistake()
    {
        var renamed = Base with { Name = "base-2" };
        foreach (var packages in new[] { new[] { renamed }, [Base, renamed], [renamed, Base] })
        {
            var problem = Assert.Single(APackage.Problems(packages));
            Assert.Equal(("folder_name_wrong", "manifest.json", "$.name"), (problem.Code, problem.Location.File, problem.Location.Path));
            Assert.Contains("base-2", problem.Message, StringComparison.Ordinal);
        }
    }

    private static (string, string) Manifest(string name, string dependsOn) =>
        ("manifest.json", $$"""{ "formatVersion": 1, "name": "{{name}}", "version": "1.0.0", "dependsOn": { {{dependsOn}} } }""");
}
