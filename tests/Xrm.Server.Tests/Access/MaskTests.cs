using Xrm.Metadata.Source;
using Xrm.Server.Tests.Publish;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>Fields of which some roles see a part: through no door more than that.</summary>
public sealed class MaskTests : IAsyncLifetime
{
    private const string Iban = "DE89370400440532013000";

    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private TestClient _agent = null!;
    private string _payee = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "payees", Package("""{ "read": ["finance"], "masked": ["*"], "mask": "lastFour" }"""));
        _admin = await _app.ClientAsync();
        _agent = await _app.ClientAsync("agent");
        _payee = await _admin.CreateAsync("payees", $$"""{ "title": "Acme", "iban": "{{Iban}}", "email": "ada.lovelace@example.org", "born_on": "1815-12-10", "nickname": "Countess", "secret_note": "xyzzy" }""");
        await _admin.CreateAsync("bills", $$"""{ "title": "Bill", "payee_id": "{{_payee}}" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_part_is_shown_and_no_more()
    {
        var shown = await _agent.GetAsync($"/api/data/payees/{_payee}");
        Assert.Equal(("•••••3000", "a•••••@example.org", "1815-01-01", "C•••••", "•••••"), (shown["iban"], shown["email"], shown["born_on"], shown["nickname"], shown["secret_note"]));
        var finance = await (await _app.ClientAsync("finance")).GetAsync($"/api/data/payees/{_payee}");
        Assert.Equal((Iban, "ada.lovelace@example.org", "1815-12-10"), (finance["iban"], finance["email"], finance["born_on"]));
        Assert.Equal(Iban, (await _admin.GetAsync($"/api/data/payees/{_payee}"))["iban"]);
        var empty = await _admin.CreateAsync("payees", """{ "title": "Short", "iban": "1234567", "email": "x@example.org", "nickname": "C" }""");
        var some = await _agent.GetAsync($"/api/data/payees/{empty}");
        // Of short values the part would be the whole.
        Assert.Equal(("•••••", "•••••", "•••••"), (some["iban"], some["email"]!.Split('@')[0], some["nickname"]));
        Assert.Equal((System.Text.Json.JsonValueKind.Null, System.Text.Json.JsonValueKind.Null), (some.Json.GetProperty("born_on").ValueKind, some.Json.GetProperty("secret_note").ValueKind));
    }

    [Theory]
    [InlineData("/api/data/payees?$filter=iban eq 'DE89370400440532013000'")]
    [InlineData("/api/data/payees?$filter=startswith(iban,'DE')")]
    [InlineData("/api/data/payees?$filter=iban ne null")]
    [InlineData("/api/data/payees?$filter=year(born_on) eq 1815")]
    [InlineData("/api/data/payees?$orderby=iban")]
    [InlineData("/api/data/payees?$apply=groupby((iban))")]
    [InlineData("/api/data/payees?$apply=aggregate(born_on with max as last)")]
    [InlineData("/api/data/payees?$compute=iban as x")]
    [InlineData("/api/data/payees?$compute=length(iban) as x")]
    [InlineData("/api/data/payees(iban='DE89370400440532013000')")]
    [InlineData("/api/data/bills?$filter=payee/iban eq 'DE89370400440532013000'")]
    [InlineData("/api/data/bills?$orderby=payee/iban")]
    [InlineData("/api/data/bills?$apply=groupby((payee/iban))")]
    [InlineData("/api/data/bills?$compute=payee/iban as x")]
    [InlineData("/api/data/payees?$filter=bills/any(b: b/payee/iban eq 'x')")]
    public async Task Nobody_asks_about_the_whole(string path)
    {
        var answer = await _agent.GetAsync(path);
        Assert.True(answer.Status is 400 or 403, $"{path}: {answer.Status} {answer.Json}");
        Assert.DoesNotContain(Iban, answer.Json.GetRawText().Replace(path, "", StringComparison.Ordinal).Replace(Iban + "'", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/data/payees")]
    [InlineData("/api/data/payees?$select=iban,email")]
    [InlineData("/api/data/payees?$format=csv")]
    [InlineData("/api/data/payees?$format=csv&$select=iban")]
    [InlineData("/api/data/bills?$expand=payee")]
    [InlineData("/api/data/bills?$expand=payee($select=iban)")]
    [InlineData("/api/data/payees?$search=DE89370400440532013000")]
    [InlineData("/api/data/payees?$search=lovelace")]
    [InlineData("/api/search?q=lovelace")]
    [InlineData("/api/metadata/application")]
    public async Task The_whole_leaves_through_no_door(string path)
    {
        var text = await _agent.Http.GetStringAsync(path);
        foreach (var hidden in new[] { Iban, "lovelace", "1815-12-10", "Countess", "xyzzy" })
            Assert.DoesNotContain(hidden, text.Replace(path, "", StringComparison.Ordinal).Replace($"\"{hidden}\"", path.Contains("search", StringComparison.Ordinal) ? "" : $"\"{hidden}\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(_payee, path.Contains("search", StringComparison.Ordinal) ? text : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histories_and_streams_leave_it_out()
    {
        await using var stream = await Changes.EventStream.OpenAsync(_agent.Http, "?entities=payee&select=iban,title");
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/payees/{_payee}", """{ "iban": "DE00370400440532019999", "title": "Acme 2" }""")).Status);
        var told = (await stream.TakeAsync(1))[0].Data.GetRawText();
        Assert.Contains("Acme 2", told, StringComparison.Ordinal);
        Assert.DoesNotContain("iban", told, StringComparison.Ordinal);
        var history = (await _agent.GetAsync($"/api/data/payees/{_payee}/history")).Json.GetRawText();
        Assert.Contains("Acme 2", history, StringComparison.Ordinal);
        Assert.DoesNotContain("iban", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_masked_cannot_be_written_and_is_not_lost()
    {
        var refused = await _agent.PatchAsync($"/api/data/payees/{_payee}", """{ "iban": "•••••3000" }""");
        Assert.Equal((403, "iban forbidden"), (refused.Status, refused.Errors));
        Assert.Equal("•••••3000", (await _agent.PatchAsync($"/api/data/payees/{_payee}", """{ "title": "New" }"""))["iban"]);
        Assert.Equal(Iban, (await _admin.GetAsync($"/api/data/payees/{_payee}"))["iban"]);
    }

    [Fact]
    public async Task Screens_and_explanations_know_of_it()
    {
        var field = (await _agent.GetAsync("/api/metadata/application")).Json.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "payee")
            .GetProperty("fields").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "iban");
        Assert.Equal((true, false), (field.GetProperty("masked").GetBoolean(), field.GetProperty("writable").GetBoolean()));
        var explained = (await _agent.GetAsync($"/api/access/explain?entity=payee&id={_payee}")).Json.GetProperty("fields").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "iban");
        Assert.Equal((false, true, false), (explained.GetProperty("canRead").GetBoolean(), explained.GetProperty("isMasked").GetBoolean(), explained.GetProperty("canWrite").GetBoolean()));
    }

    [Theory]
    [InlineData("""{ "read": ["finance"], "masked": ["agnt"] }""", "role_unknown")]
    [InlineData("""{ "read": ["finance"], "masked": ["agent"], "mask": "year" }""", "mask_wrong")]
    [InlineData("""{ "read": ["finance"], "mask": "lastFour" }""", "mask_wrong")]
    [InlineData("""{ "masked": ["agent"] }""", "mask_wrong")]
    [InlineData("""{ "read": ["finance"], "masked": ["agent"], "mask": "half" }""", "half")]
    public async Task Mistakes_are_told_at_publish(string access, string code)
    {
        var published = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(Package(access)));
        Assert.Equal(422, published.Status);
        Assert.Contains(code, published.Json.GetRawText(), StringComparison.Ordinal);
    }

    private static PackageFiles Package(string access) => new PackageBuilder("payees")
        .EntityJson($$"""
            { "name": "payee", "plural": "payees", "primary": "title", "features": ["audit", "search"], "keys": [{ "name": "by_iban", "fields": ["iban"] }], "fields": [ { "name": "title", "type": "text", "search": true },
              { "name": "iban", "type": "text", "search": true, "access": {{access}} },
              { "name": "email", "type": "email", "search": true, "access": { "read": ["finance"], "masked": ["agent"], "mask": "domain" } },
              { "name": "born_on", "type": "date", "access": { "read": ["finance"], "masked": ["agent"], "mask": "year" } },
              { "name": "nickname", "type": "text", "access": { "read": ["finance"], "masked": ["agent"], "mask": "firstLetter" } },
              { "name": "secret_note", "type": "multiline", "access": { "read": ["finance"], "masked": ["agent"] } } ] }
            """)
        .EntityJson("""{ "name": "bill", "plural": "bills", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "payee", "type": "lookup", "target": "payee", "inverse": { "name": "bills" } } ] }""")
        .File("roles/agent.json", """{ "name": "agent", "entities": { "payee": { "read": "organisation", "update": "organisation", "export": "organisation" }, "bill": { "read": "organisation" } } }""")
        .File("roles/finance.json", """{ "name": "finance", "entities": { "payee": { "read": "organisation" } } }""").Files();
}
