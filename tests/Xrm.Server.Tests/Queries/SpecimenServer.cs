using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;

namespace Xrm.Server.Tests.Queries;

/// <summary>A server with the package that has a field of each type, a record without values and one with all of them.</summary>
public sealed class SpecimenServer : IAsyncLifetime
{
    private TestApplication _server = null!;

    /// <summary>An administrator.</summary>
    public TestClient Client { get; private set; } = null!;

    /// <summary>The model as the API describes it.</summary>
    public IEdmModel Model { get; private set; } = null!;

    /// <summary>Id of the record with all values.</summary>
    public string Full { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("specimen", await Repository.PackagesAsync("metadata/packages/core", "tests/packages/specimen"));
        Client = await _server.ClientAsync();
        using var csdl = XmlReader.Create(await Client.Http.GetStreamAsync("/api/data/$metadata"));
        Model = CsdlReader.Parse(csdl);
        await Client.CreateAsync("specimens", """{ "title": "Nothing but a title" }""");
        Full = await CreateFullAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task<string> CreateFullAsync()
    {
        var account = await Client.CreateAsync("accounts", """{ "name": "Acme" }""");
        var contact = await Client.CreateAsync("contacts", """{ "name_first": "Ada", "name_last": "Lovelace" }""");
        var photo = JsonNode.Parse(await (await Client.Http.PostAsync("/api/files?name=a.txt", new ByteArrayContent([1, 2]) { Headers = { { "Content-Type", "application/octet-stream" } } })).Content.ReadAsStringAsync())!["id"]!;
        return await Client.CreateAsync("specimens", $$"""
            { "title": "Everything", "person_first": "Carl", "person_last": "Linné", "address_city": "Uppsala", "address_country": "SE", "kind": "plant", "traits": ["rare", "toxic"], "keywords": ["a", "b"],
              "catalogued": true, "found_on": "2026-11-22", "observed_at": "2026-11-22T10:00:00.123456Z", "opens_at": "08:30:15", "exposure": 90, "weight": 1.250, "reading": -1.5e-7, "pieces": 7, "purity": 12.5,
              "price": 12.34, "price_currency": "EUR", "grade": 3, "shade": "#1c7ed6", "symbol": "star", "email": "a@example.com", "phone": "+49 30 123456", "website": "https://example.com/", "barcode": "12345",
              "foreign_id": "00000000-0000-7000-8000-00000000000a", "account_id": "{{account}}", "regarding_id": "{{contact}}", "regarding_type": "contact", "photo": "{{photo}}", "papers": [], "contacts": [{ "id": "{{contact}}" }],
              "samples": [{ "name": "S1", "mass": 1.5, "taken_on": "2026-01-01", "sealed": false }], "remarks": "r", "story": "<p>s</p>", "notes": "n", "script": "1", "raw": { "k": [1.50, "x", { "a": null }] } }
            """);
    }
}
