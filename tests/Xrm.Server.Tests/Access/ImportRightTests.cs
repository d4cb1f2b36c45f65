using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.Server.Tests.Identity;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>The right to import, and what nobody gets past it.</summary>
public sealed class ImportRightTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("imported payees", Package());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Nobody_imports_whom_no_role_lets()
    {
        foreach (var role in new[] { "reader", "creator", "importer" })
        {
            var refused = await ImportAsync(await _app.ClientAsync(role), "payees", "title\nA\n");
            Assert.True((refused.Status, refused["code"]) == (403, "forbidden"), $"{role}: {refused.Json}");
        }
        Assert.Equal(200, (await ImportAsync(await ClerkAsync(), "payees", "title\nA\n")).Status);
        Assert.Equal(200, (await ImportAsync(_admin, "payees", "title\nB\n")).Status);
        foreach (var (roles, may) in new[] { (new[] { "creator" }, false), (["importer"], false), (["clerk", "north"], true) })
        {
            var model = await (await _app.ClientAsync(roles)).GetAsync("/api/metadata/application");
            Assert.Equal(may, model.Json.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "payee").GetProperty("rights").GetProperty("import").GetBoolean());
        }
    }

    [Fact]
    public async Task Each_row_must_be_within_both_rights()
    {
        var other = (await ClerkAsync()).UserId;
        await _admin.PatchAsync($"/api/data/users/{other}", """{ "title": "Other" }""");
        var clerk = await ClerkAsync();
        var report = await ImportAsync(clerk, "payees?onError=continue", $"title,region,owner_id,owner_type\nMine,north,,\nTheirs,north,{other},user\nFar,south,,\n");
        Assert.Equal((200, "1", "2"), (report.Status, report["created"], report["refused"]));
        // Another owner is nobody that the clerk may see; a row outside of the filter may be created, and not imported.
        Assert.Equal(["3 reference_not_found", "4 forbidden"], Refusals(report));
        Assert.Contains("import this", report.Json.GetProperty("refusals")[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await clerk.PostAsync("/api/data/payees", """{ "title": "Far", "region": "south" }""")).Status);
        // Somebody who sees the other owner is refused by the reach of the right.
        var chief = await _app.ClientAsync("clerk", "north", "sees_users");
        Assert.Equal(["2 forbidden"], Refusals(await ImportAsync(chief, "payees?onError=continue", $"title,region,owner_id,owner_type\nTheirs,north,{other},user\n")));
    }

    [Theory]
    [InlineData("created_by_id", "column_not_writable")]
    [InlineData("created_at", "column_not_writable")]
    [InlineData("version", "column_not_writable")]
    [InlineData("owning_unit", "column_not_writable", "unknown_column")]
    [InlineData("deleted_at", "unknown_column", "column_not_writable")]
    [InlineData("twice", "column_not_writable")]
    [InlineData("fixed", "column_not_writable")]
    [InlineData("hidden", "unknown_column")]
    [InlineData("iban", "forbidden")]
    [InlineData("_secret", "unknown_column")]
    public async Task What_one_may_not_write_is_no_column(string column, params string[] codes)
    {
        var clerk = await ClerkAsync();
        var refused = await ImportAsync(clerk, "payees", $"title,{column}\nA,2026-11-24T00:00:00Z\n");
        Assert.True(refused.Status is 400 or 403 && codes.Contains(refused["code"]), $"{refused.Status} {refused.Json}");
        Assert.Contains("Line 1", refused["detail"], StringComparison.Ordinal);
        var skipped = await ImportAsync(clerk, "payees?computed=skip", $"title,{column}\nA,2026-11-24T00:00:00Z\n");
        Assert.Equal(refused["code"] == "column_not_writable" ? 200 : refused.Status, skipped.Status);
        var known = await _admin.GetAsync("/api/data/payees?$filter=year(created_at) eq 1999 or fixed ne null or hidden ne null or iban ne null&$count=true");
        Assert.Equal("0", known["@odata.count"]);
    }

    [Fact]
    public async Task A_record_that_one_may_not_read_is_not_there_by_name_key_or_id()
    {
        var hidden = await _admin.CreateAsync("payees", """{ "title": "Secret fund", "code": "X-1" }""");
        var clerk = await ClerkAsync();
        var report = await ImportAsync(clerk, "bills?onError=continue", "title,payee\n1,Secret fund\n2,X-1\n3,Nobody\n");
        Assert.Equal(["2 reference_not_found", "3 reference_not_found", "4 reference_not_found"], Refusals(report));
        var messages = report.Json.GetProperty("refusals").EnumerateArray().Select(each => each.GetProperty("message").GetString()!.Replace("Secret fund", "?", StringComparison.Ordinal).Replace("X-1", "?", StringComparison.Ordinal).Replace("Nobody", "?", StringComparison.Ordinal));
        Assert.Single(messages.Distinct());
        var byId = await ImportAsync(clerk, "bills?onError=continue", $"title,payee_id\n1,{hidden}\n2,{Guid.NewGuid()}\n");
        Assert.Equal(["2 reference_not_found", "3 reference_not_found"], Refusals(byId));
        // One that can be read is found, though another of the same name cannot.
        var own = await clerk.CreateAsync("payees", """{ "title": "Secret fund" }""");
        Assert.Equal("1", (await ImportAsync(clerk, "bills", "title,payee\n1,Secret fund\n"))["created"]);
        Assert.Equal(own, (await _admin.GetAsync("/api/data/bills?$select=payee")).Json.GetProperty("value")[0].GetProperty("payee_id").GetString());
        await clerk.CreateAsync("payees", """{ "title": "Secret fund" }""");
        Assert.Equal(["2 reference_ambiguous"], Refusals(await ImportAsync(clerk, "bills?dryRun=true", "title,payee\n1,Secret fund\n")));
    }

    [Fact]
    public async Task A_token_that_only_reads_or_is_for_another_entity_imports_nothing()
    {
        await _app.AddAsync("carla", roles: ["clerk", "north"]);
        var clerk = await _app.EnterAsync("carla");
        foreach (var (token, status) in new[] { ("""{ "name": "r", "access": "read" }""", 403), ("""{ "name": "b", "access": "write", "entities": ["bill"] }""", 403), ("""{ "name": "p", "access": "write", "entities": ["payee"] }""", 200) })
        {
            var secret = (await clerk.PostAsync("/api/auth/tokens", token))["token"]!;
            var answer = await ImportAsync(_app.Program(secret), "payees", "title\nA\n");
            Assert.True(status == answer.Status, $"{token}: {answer.Status} {answer.Json}");
        }
    }

    [Fact]
    public async Task The_explanation_and_the_table_of_roles_tell_of_it()
    {
        var clerk = await ClerkAsync();
        var id = await clerk.CreateAsync("payees", """{ "title": "A", "region": "south" }""");
        var explained = (await clerk.GetAsync($"/api/access/explain?entity=payee&id={id}")).Json.GetProperty("operations").EnumerateArray().Single(each => each.GetProperty("operation").GetString() == "import");
        Assert.False(explained.GetProperty("isAllowed").GetBoolean());
        Assert.Contains(explained.GetProperty("roles").EnumerateArray(), role => role.GetProperty("depth").GetString() == "own" && role.TryGetProperty("fulfils", out var fulfils) && !fulfils.GetBoolean());
        var roles = await _admin.GetAsync("/api/access/roles");
        Assert.Contains("import", roles.Json.GetProperty("operations").EnumerateArray().Select(each => each.GetString()));
    }

    private Task<TestClient> ClerkAsync() => _app.ClientAsync("clerk", "north");

    private static string[] Refusals(Answer answer) => [.. answer.Json.GetProperty("refusals").EnumerateArray().Select(each => $"{each.GetProperty("line")} {each.GetProperty("code").GetString()}")];

    private static async Task<Answer> ImportAsync(TestClient client, string collection, string file)
    {
        var (name, query) = collection.Split('?') is [var one, var rest] ? (one, $"?{rest}") : (collection, "");
        using var content = new StringContent(file, Encoding.UTF8, "text/csv");
        var response = await client.Http.PostAsync($"/api/data/{name}/$import{query}", content);
        Assert.True((int)response.StatusCode < 500, client.Defect);
        return new Answer((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response);
    }

    private static PackageFiles Package() => new PackageBuilder("payees")
        .EntityWith("payee", """ "ownership": "user", "features": ["recycleBin"] """,
            """{ "name": "code", "type": "text", "unique": true }""",
            """{ "name": "region", "type": "text" }""",
            """{ "name": "amount", "type": "integer" }""",
            """{ "name": "twice", "type": "integer", "formula": "amount * 2" }""",
            """{ "name": "fixed", "type": "text", "readonly": true }""",
            """{ "name": "hidden", "type": "text", "access": { "read": ["boss"], "write": ["boss"] } }""",
            """{ "name": "iban", "type": "text", "access": { "read": ["boss"], "masked": ["*"], "mask": "lastFour" } }""")
        .Entity("bill", """{ "name": "payee", "type": "lookup", "target": "payee" }""")
        .Entity("user")
        .File("roles/boss.json", """{ "name": "boss", "entities": { } }""")
        .File("roles/sees_users.json", """{ "name": "sees_users", "entities": { "user": { "read": "organisation" } } }""")
        .File("roles/reader.json", """{ "name": "reader", "entities": { "*": { "read": "organisation", "export": "organisation" } } }""")
        .File("roles/creator.json", """{ "name": "creator", "entities": { "*": { "read": "organisation", "create": "organisation" } } }""")
        .File("roles/importer.json", """{ "name": "importer", "entities": { "*": { "read": "organisation", "import": "organisation" } } }""")
        .File("roles/clerk.json", """
            { "name": "clerk", "entities": {
              "payee": { "create": "own", "read": "own" },
              "bill": { "create": "organisation", "read": "organisation", "import": "organisation" } } }
            """)
        .File("roles/north.json", """{ "name": "north", "entities": { "payee": { "import": "own", "filter": "region != 'south'" } } }""")
        .Files();
}
