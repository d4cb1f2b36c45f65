using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Tests.Schemas;

namespace Xrm.Metadata.Tests.Documentation;

public sealed class ReferenceTests
{
    [Fact]
    public async Task Metadata_reference_is_what_the_schemas_say()
    {
        var schemas = FileKinds.All.Select(kind => (kind.Schema, File.ReadAllText(Repository.PathTo("metadata", "schema", $"{kind.Schema}.schema.json"))));
        await Generated.AssertCurrentAsync(Repository.PathTo("docs", "reference", "metadata.md"), MetadataReference.Write(schemas));
    }

    [Fact]
    public async Task Field_type_reference_is_what_the_classes_say() => await Generated.AssertCurrentAsync(
        Repository.PathTo("docs", "reference", "field-types.md"), FieldTypeReference.Write(FieldTypeRegistry.Default, new Docstrings()));

    [Fact]
    public async Task Problem_reference_lists_every_code() =>
        await Generated.AssertCurrentAsync(Repository.PathTo("docs", "reference", "problems.md"), ProblemReference.Write(new Docstrings()));
}
