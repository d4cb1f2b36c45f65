using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Tests.Schemas;

public sealed class SchemaFilesTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Kinds => [.. FileKinds.All.Select(kind => kind.Schema)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Schema_is_what_the_records_say(string schema)
    {
        var kind = FileKinds.All.First(kind => kind.Schema == schema);
        var fieldTypes = FieldTypeRegistry.Default.All.Select(type => type.Name);
        var json = SchemaGenerator.Generate(kind.Type, new Docstrings(), [.. fieldTypes]).ToJsonString(Indented);
        await Generated.AssertCurrentAsync(Repository.PathTo("metadata", "schema", $"{schema}.schema.json"), json + "\n");
    }
}
