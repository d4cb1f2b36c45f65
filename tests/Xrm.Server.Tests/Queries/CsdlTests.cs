using System.Text.Json;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Metadata.Converting.Cdm;
using Xrm.Server.Features.Data;
using Xrm.TestKit;
using Xunit.Abstractions;

namespace Xrm.Server.Tests.Queries;

/// <summary>Real models in OData's own language, read by the official library with all its rules.</summary>
public sealed class CsdlTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Delivered_packages_and_every_field_type_are_read_without_a_word() =>
        Check(PackageBuilder.Compile(1, await Repository.PackagesAsync("metadata/packages/core", "metadata/packages/contracts", "metadata/packages/assets", "tests/packages/specimen")), "specimen");

    [Fact]
    public async Task Common_data_model_is_read_without_a_word()
    {
        if (Repository.FindShared("common-data-model") is not { } folder)
        {
            output.WriteLine("Not run: there is no folder shared/data/common-data-model beside the repository.");
            return;
        }
        var (files, _) = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        Check(PackageBuilder.Compile(1, files), "cdm_account");
    }

    private static void Check(PublishedModel published, string entity)
    {
        using var xml = XmlReader.Create(new MemoryStream(CsdlDocument.Write(published, Caller.System)));
        Assert.True(CsdlReader.TryParse(xml, out var fromXml, out var errors), Said(errors));
        Check(published, fromXml, errors, entity);

        var json = new Utf8JsonReader(CsdlDocument.WriteJson(published, Caller.System));
        Assert.True(CsdlReader.TryParse(ref json, out var fromJson, out errors), Said(errors));
        Check(published, fromJson, errors, entity);
    }

    private static void Check(PublishedModel published, IEdmModel model, IEnumerable<EdmError> errors, string entity)
    {
        Assert.Equal("", Said(errors));
        EdmValidator.Validate(model, ValidationRuleSet.GetEdmModelRuleSet(new Version(4, 0)), out var mistakes);
        Assert.Equal("", Said(mistakes.Where(mistake => !IsPathInJson(mistake))));
        Assert.Equal(published.Model.Entities.Select(each => each.Plural).Order(), model.EntityContainer.EntitySets().Select(set => set.Name).Order());
        var columns = published.Model.FindEntity(entity)!.Fields.Where(field => field.Name != "deleted_at").SelectMany(field => field.Columns).Select(column => column.Name);
        Assert.Equal(columns.Order(), ((IEdmEntityType)model.FindType($"Xrm.{entity}")).DeclaredStructuralProperties().Select(property => property.Name).Order());
    }

    // JSON writes a path as it writes a text, and the library's reader does not ask which of them the term wants.
    private static bool IsPathInJson(EdmError mistake) => mistake.ErrorCode == EdmErrorCode.PrimitiveConstantExpressionNotValidForNonPrimitiveType
        && mistake.ErrorLocation.ToString()!.StartsWith("$.", StringComparison.Ordinal);

    private static string Said(IEnumerable<EdmError> errors) => string.Join('\n', errors.Select(error => error.ToString()));
}
