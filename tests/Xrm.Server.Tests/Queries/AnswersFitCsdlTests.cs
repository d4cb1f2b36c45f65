using Microsoft.OData;
using Microsoft.OData.Edm;

namespace Xrm.Server.Tests.Queries;

/// <summary>Answers read by the official library, which holds each value against <c>$metadata</c>: types, null, properties, context.</summary>
public sealed class AnswersFitCsdlTests(SpecimenServer server) : IClassFixture<SpecimenServer>
{
    private TestClient Client => server.Client;

    private IEdmModel Model => server.Model;

    [Theory]
    [InlineData("specimens")]
    [InlineData("specimens?$count=true&$orderby=title&$top=1")]
    [InlineData("specimens?$select=title,traits,price,address,person,raw,papers")]
    [InlineData("specimens?$select=title&$expand=account($select=name),samples($select=name,mass;$count=true),contacts,part_of($expand=account)")]
    [InlineData("specimens?$expand=samples,account,contacts($select=id)")]
    [InlineData("accounts?$select=name&$top=2")]
    [InlineData("specimens/{0}/samples?$select=name")]
    [InlineData("specimens?$format=application/json;odata.metadata=full")]
    [InlineData("specimens?$expand=samples($count=true),account,contacts($select=id)&$format=application/json;odata.metadata=full")]
    [InlineData("specimens?$count=true&$expand=samples&$format=application/json;IEEE754Compatible=true")]
    [InlineData("specimens?$select=title,price,pieces&$format=application/json;odata.metadata=full;IEEE754Compatible=true")]
    public async Task List_is_read_by_the_official_library(string path)
    {
        var set = path.Contains("/samples", StringComparison.Ordinal) ? "specimen_samples" : path.Split('?')[0];
        using var message = new ODataMessageReader(await GetAsync(path), Settings(), Model);
        var entitySet = Model.EntityContainer.FindEntitySet(set);
        Assert.NotEqual(0, Count(message.CreateODataResourceSetReader(entitySet, entitySet.EntityType())));
    }

    [Theory]
    [InlineData("specimens/{0}")]
    [InlineData("specimens({0})?$select=title,kind")]
    [InlineData("specimens/{0}?$expand=account,samples($select=name)")]
    [InlineData("specimens/{0}?$expand=account,samples($select=name)&$format=application/json;odata.metadata=full")]
    [InlineData("specimens/{0}?$format=application/json;odata.metadata=full;IEEE754Compatible=true")]
    public async Task Record_is_read_by_the_official_library(string path)
    {
        using var message = new ODataMessageReader(await GetAsync(path), Settings(), Model);
        var entitySet = Model.EntityContainer.FindEntitySet("specimens");
        Assert.NotEqual(0, Count(message.CreateODataResourceReader(entitySet, entitySet.EntityType())));
    }

    [Fact]
    public async Task Properties_of_an_answer_are_those_of_its_type()
    {
        var answer = await Client.GetAsync($"/api/data/specimens/{server.Full}");
        var type = (IEdmEntityType)Model.FindType("Xrm.specimen");
        var shown = answer.Json.EnumerateObject().Select(property => property.Name).Where(name => !name.Contains('@'));
        Assert.Equal(type.DeclaredStructuralProperties().Select(property => property.Name).Order(), shown.Order());
        foreach (var navigation in type.DeclaredNavigationProperties())
        {
            var expanded = await Client.GetAsync($"/api/data/specimens/{server.Full}?$expand={navigation.Name}");
            Assert.Equal((200, navigation.Type.IsCollection()), (expanded.Status, expanded.Json.GetProperty(navigation.Name).ValueKind == System.Text.Json.JsonValueKind.Array));
        }
    }

    [Fact]
    public async Task Only_what_is_not_computed_is_taken_by_a_write()
    {
        var type = (IEdmEntityType)Model.FindType("Xrm.specimen");
        foreach (var property in type.DeclaredStructuralProperties().Where(property => property.Name != "id"))
        {
            var isComputed = Model.FindDeclaredVocabularyAnnotations(property).Any(annotation => annotation.Term.Name == "Computed");
            var answer = await Client.PostAsync("/api/data/specimens", $$"""{ "title": "x", "{{property.Name}}": {} }""");
            Assert.True(isComputed == answer.Errors.Contains($"{property.Name} computed", StringComparison.Ordinal), $"{property.Name}: {answer.Errors}");
        }
    }

    [Fact]
    public async Task Service_document_is_read_by_the_official_library()
    {
        using var message = new ODataMessageReader(await GetAsync(""), Settings(), Model);
        var sets = message.ReadServiceDocument().EntitySets.Select(set => set.Name);
        Assert.Equal(Model.EntityContainer.EntitySets().Select(set => set.Name).Order(), sets.Order());
    }

    private async Task<ReceivedMessage> GetAsync(string path)
    {
        var answer = await Client.Http.GetAsync($"/api/data/{string.Format(System.Globalization.CultureInfo.InvariantCulture, path, server.Full)}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new ReceivedMessage(await answer.Content.ReadAsStreamAsync(), answer.Content.Headers.ContentType!.ToString());
    }

    private ODataMessageReaderSettings Settings() => new() { BaseUri = new Uri(Client.Http.BaseAddress!, "/api/data/"), Validations = ValidationKinds.All, EnableMessageStreamDisposal = true };

    private static int Count(ODataReader reader)
    {
        var values = 0;
        while (reader.Read())
            if (reader is { State: ODataReaderState.ResourceEnd, Item: ODataResource resource }) values += resource.Properties.Count();
        return values;
    }

    private sealed class ReceivedMessage(Stream body, string type) : IODataResponseMessage
    {
        public IEnumerable<KeyValuePair<string, string>> Headers => [new("Content-Type", type), new("OData-Version", "4.0")];

        public int StatusCode { get; set; } = 200;

        public string GetHeader(string headerName) => Headers.FirstOrDefault(header => header.Key.Equals(headerName, StringComparison.OrdinalIgnoreCase)).Value;

        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();

        public Stream GetStream() => body;
    }
}
