using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Search;

/// <summary>What is searched in the tests: a German organisation with customers, and deals that not everybody sees all of.</summary>
internal static class SearchPackage
{
    public static PackageFiles Files() => new PackageBuilder("search")
        .File("manifest.json", """{ "formatVersion": 1, "name": "search", "version": "1.0.0", "language": "de-AT" }""")
        .EntityJson("""
            { "name": "customer", "plural": "customers", "primary": "name", "subtitle": "city", "features": ["search"], "defaultSort": [{ "field": "name" }], "fields": [
              { "name": "name", "type": "text", "required": true, "search": true },
              { "name": "email", "type": "email" },
              { "name": "phone", "type": "phone", "search": true },
              { "name": "city", "type": "text" },
              { "name": "notes", "type": "multiline", "search": true },
              { "name": "labels", "type": "tags", "search": true },
              { "name": "secret", "type": "text", "search": true, "access": { "read": ["boss"] } } ] }
            """)
        .EntityJson("""
            { "name": "deal", "plural": "deals", "primary": "title", "ownership": "user", "features": ["search", "recycleBin", "audit"], "fields": [
              { "name": "number", "type": "autonumber", "format": "D-{yyyy}-{00000}", "unique": true },
              { "name": "title", "type": "text", "required": true },
              { "name": "customer", "type": "lookup", "target": "customer" },
              { "name": "value", "type": "decimal", "scale": 2 } ] }
            """)
        .EntityJson("""{ "name": "plain", "plural": "plains", "primary": "name", "fields": [ { "name": "name", "type": "text", "required": true } ] }""")
        .File("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .File("roles/reader.json", """{ "name": "reader", "entities": { "*": { "read": "organisation" } } }""")
        .File("roles/seller.json", """{ "name": "seller", "entities": { "deal": { "create": "own", "read": "own", "update": "own", "delete": "own" } } }""")
        .Files();
}

/// <summary>A server with a few customers, for all tests of a class.</summary>
public sealed class SearchApplication : IAsyncLifetime
{
    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    public TestClient Reader { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApplication.StartAsync("search", SearchPackage.Files());
        (Admin, Reader) = (await App.ClientAsync(), await App.ClientAsync("reader"));
        var answer = await Admin.PostAsync("/api/data/customers", """
            [ { "name": "Müller Verträge GmbH", "email": "info@acme-berlin.de", "phone": "+49 (176) 123-4567", "city": "Berlin" },
              { "name": "Rahmenvertrag AG", "notes": "Die Häuser am See, nahe Berlin.", "labels": ["Großkunde", "Wien"] },
              { "name": "Schmidt und Söhne", "notes": "Ein Vertrag, zwei Verträge.", "secret": "Goldfisch" },
              { "name": "Vertrag", "city": "Graz", "notes": "100%_sicher" },
              { "name": "IT Haus", "notes": "Kunst und Werk; O'Neil\\Partner", "secret": "Vertrag" },
              { "name": "Kunstwerk", "email": "post@kunst.example" } ]
            """);
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    /// <summary>Names of the customers found, in order, each by its first word.</summary>
    public async Task<string> FindAsync(string search, string more = "", TestClient? client = null)
    {
        var answer = await (client ?? Reader).GetAsync($"/api/data/customers?$search={Uri.EscapeDataString(search)}{more}");
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        return string.Join(' ', answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("name").GetString()!.Split(' ')[0]));
    }
}
