using Xrm.Metadata.FieldTypes;

namespace Xrm.Architecture.Tests;

/// <summary>A field type is complete when every part of the product knows it; what it lacks is named.</summary>
public sealed class FieldTypeTests
{
    public static TheoryData<string> Types => [.. FieldTypeRegistry.Default.All.Select(type => type.Name)];

    [Theory, MemberData(nameof(Types))]
    public void Field_type_has_a_folder_in_the_user_interface(string type) =>
        Assert.True(Directory.Exists(Path.Combine(SourceTree.Root, "designer", "src", "fields", type)), $"designer/src/fields/{type} is missing.");

    [Theory, MemberData(nameof(Types))]
    public void Field_type_is_in_the_schema_of_entities(string type) =>
        Assert.Contains($"\"{type}\"", File.ReadAllText(Path.Combine(SourceTree.Root, "metadata", "schema", "entity.schema.json")), StringComparison.Ordinal);

    [Theory, MemberData(nameof(Types))]
    public void Field_type_is_described_in_the_reference(string type) =>
        Assert.Contains($"## {type}\n", File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "reference", "field-types.md")), StringComparison.Ordinal);
}
