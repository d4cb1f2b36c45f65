using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.OData.Edm.Csdl;
using Xrm.Server.Features.Data;
using Xrm.Server.Features.OpenApi;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Queries;

/// <summary>What the API says of itself.</summary>
public sealed class DescriptionTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void OpenApi_record() => Snapshot.Verify(Properties("legal", "contract"));

    [Fact]
    public void OpenApi_input() => Snapshot.Verify(Properties("editor", "contract.input"));

    [Fact]
    public void OpenApi_children() => Snapshot.Verify(Part("planner", "components", "schemas", "contract.input", "properties", "lines"), extension: "json");

    [Fact]
    public void OpenApi_paths() => Snapshot.Verify(string.Join('\n', OpenApiDocument.Build(QueryModel.Published, QueryModel.Person("editor"))["paths"]!.AsObject()
        .Select(path => $"{path.Key}: {string.Join(' ', path.Value!.AsObject().Select(operation => operation.Key))}")));

    [Fact]
    public void OpenApi_create() => Snapshot.Verify(Part("editor", "paths", "/api/data/contracts", "post"), extension: "json");

    [Fact]
    public void Csdl() => Snapshot.Verify(Encoding.UTF8.GetString(CsdlDocument.Write(QueryModel.Published, QueryModel.Person("clerk"))), extension: "xml");

    [Fact]
    public void Other_side_of_links_is_described_as_the_direct_one()
    {
        const string contracts = "\"items\":{\"$ref\":\"#/components/schemas/contract\"}";
        Assert.Contains(Properties("reader", "topic").Split('\n'), line => line.StartsWith("contracts: ", StringComparison.Ordinal) && line.Contains(contracts));
        Assert.Contains("<NavigationProperty Name=\"contracts\" Type=\"Collection(Xrm.contract)\" />",
            Encoding.UTF8.GetString(CsdlDocument.Write(QueryModel.Published, QueryModel.Person("reader"))).Split("EntityType Name=\"topic\"")[1].Split("</EntityType>")[0]);
    }

    [Fact]
    public void OpenApi_shows_only_what_the_caller_may_do()
    {
        var document = OpenApiDocument.Build(QueryModel.Published, QueryModel.Person("clerk")).ToJsonString();
        Assert.DoesNotContain("penalty", document);
        Assert.DoesNotContain("/api/data/accounts", document);
        Assert.DoesNotContain("create_", document);
        Assert.Contains("list_contracts", document);
    }

    [Fact]
    public void OpenApi_references_lead_somewhere()
    {
        foreach (var role in new[] { "clerk", "reader", "editor", "planner", "nobody" })
        {
            var document = OpenApiDocument.Build(QueryModel.Published, QueryModel.Person(role));
            var references = System.Text.RegularExpressions.Regex.Matches(document.ToJsonString(), "\"\\$ref\":\"#/([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct();
            foreach (var reference in references)
                Assert.NotNull(reference.Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]));
        }
    }

    [Fact]
    public void Csdl_is_read_by_the_official_library_without_a_word()
    {
        foreach (var role in new[] { "clerk", "legal", "nobody" })
        {
            using var reader = XmlReader.Create(new MemoryStream(CsdlDocument.Write(QueryModel.Published, QueryModel.Person(role))));
            Assert.True(CsdlReader.TryParse(reader, out var model, out var errors), string.Join('\n', errors.Select(error => error.ErrorMessage)));
            Assert.Empty(errors);
            Microsoft.OData.Edm.Validation.EdmValidator.Validate(model, new Version(4, 0), out var mistakes);
            Assert.Empty(mistakes.Select(mistake => mistake.ToString()));
        }
    }

    private static string Properties(string role, string schema) =>
        string.Join('\n', OpenApiDocument.Build(QueryModel.Published, QueryModel.Person(role))["components"]!["schemas"]![schema]!["properties"]!.AsObject()
            .Select(property => $"{property.Key}: {property.Value!.ToJsonString()}"));

    private static string Part(string role, params string[] path) =>
        path.Aggregate((JsonNode)OpenApiDocument.Build(QueryModel.Published, QueryModel.Person(role)), (node, name) => node[name]!).ToJsonString(Indented);
}
