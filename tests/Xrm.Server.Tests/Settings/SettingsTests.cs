using Npgsql;
using Xrm.Server.Tests.Publish;

namespace Xrm.Server.Tests.Settings;

/// <summary>An entity of settings has one record from its publish on, and every formula and script sees its values.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("settings");
        _admin = await _app.ClientAsync();
        // This runs the package's test, which changes the limit and leaves nothing of that behind.
        await PublishAsync("");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task The_record_is_made_from_the_defaults_and_stays_the_only_one()
    {
        var firm = await FirmAsync();
        Assert.Equal(("Our firm", "12", "1000.00", "360"), (firm["name"], firm["months"], firm["limit"], firm["days"]));

        foreach (var refused in new[]
        {
            await _admin.PostAsync("/api/data/firms", """{ "name": "Another" }"""),
            await _admin.PatchAsync($"/api/data/firms/{Guid.NewGuid()}", """{ "name": "Another" }"""),
            await _admin.DeleteAsync($"/api/data/firms/{firm["id"]}"),
        })
        {
            Assert.Equal((409, "settings_single"), (refused.Status, refused["code"]));
            Assert.Contains("Change the one that is there: GET /api/data/firms", refused["detail"]);
        }
        // Who may not even create is told so.
        Assert.Equal(403, (await (await _app.ClientAsync("seller")).PostAsync("/api/data/firms", """{ "name": "Another" }""")).Status);

        // The database keeps a second one out as well.
        await using var command = _app.Database.Source.CreateCommand("insert into org_main.firms select (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid()))).* from org_main.firms f");
        Assert.Equal("firms.only", (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).ConstraintName);

        // A publish that comes later finds the record, with what was changed.
        Assert.Equal(200, (await ChangeAsync("""{ "months": 6 }""")).Status);
        await PublishAsync(""", { "name": "motto", "type": "text", "default": "Go" }""");
        Assert.Equal("6", (await FirmAsync())["months"]);
    }

    [Fact]
    public async Task Formulas_ask_for_the_values_wherever_they_stand()
    {
        var branch = await _admin.CreateAsync("branches", """{ "name": "North", "town": "Kiel" }""");
        Assert.Equal(200, (await ChangeAsync($$"""{ "branch_id": "{{branch}}" }""")).Status);

        // A default, a validation, a condition; nobody needs a right to read the settings for it.
        var seller = await _app.ClientAsync("seller");
        var made = await seller.PostAsync("/api/data/offers", """{ "title": "Small", "value": 400 }""");
        Assert.Equal((201, "12", "600.00", "Kiel", "372"), (made.Status, made["months"], made["left"], made["town"], made["days"]));
        Assert.Equal("reason required", (await seller.PostAsync("/api/data/offers", """{ "title": "Large", "value": 1001, "told": "x" }""")).Errors);
        Assert.Equal("months validation", (await seller.PostAsync("/api/data/offers", """{ "title": "Long", "months": 25 }""")).Errors);
        await _admin.CreateAsync("offers", """{ "title": "Large", "value": 1001, "reason": "Big" }""");

        // Lists: filters, sorts, views.
        Assert.Equal("Large Small", await TitlesAsync("$orderby=left"));
        Assert.Equal("Small", await TitlesAsync("$filter=left gt 0 and town eq 'Kiel'"));
        Assert.Equal("Large", await TitlesAsync("view=offer.large"));

        // A change of the settings is there at once: nothing of it is stored.
        Assert.Equal(200, (await ChangeAsync("""{ "limit": 300, "months": 10 }""")).Status);
        Assert.Equal("Large Small", await TitlesAsync("view=offer.large&$orderby=title"));
        var read = await _admin.GetAsync($"/api/data/offers/{made["id"]}");
        Assert.Equal(("-100.00", "312"), (read["left"], read["days"]));
    }

    [Fact]
    public async Task Scripts_read_and_change_the_settings()
    {
        var made = await _admin.PostAsync("/api/data/offers", """{ "title": "grow" }""");
        Assert.Equal((201, "Our firm, 360"), (made.Status, made["told"]));
        Assert.Equal("24", (await FirmAsync())["months"]);
        var wrong = await _admin.PostAsync("/api/data/offers", """{ "title": "wrong" }""");
        Assert.Equal(422, wrong.Status);
        Assert.Contains("branch is no entity of settings", wrong["detail"]);
        Assert.Contains("interface Settings {\n  firm: FirmRecord;\n}", await _admin.Http.GetStringAsync("/api/metadata/types.d.ts"));
    }

    [Fact]
    public async Task Rights_are_granted_by_roles_and_screens_know_that_there_is_one_record()
    {
        var firm = await FirmAsync();
        var chief = await _app.ClientAsync("chief");
        Assert.Equal(200, (await chief.PatchAsync($"/api/data/firms/{firm["id"]}", """{ "name": "Chief's" }""")).Status);
        Assert.Equal(403, (await (await _app.ClientAsync("seller")).GetAsync($"/api/data/firms/{firm["id"]}")).Status);
        var entity = (await chief.GetAsync("/api/metadata/application")).Json.GetProperty("entities").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "firm");
        Assert.True(entity.GetProperty("isSettings").GetBoolean());
        Assert.Equal("""{"create":false,"read":true,"update":true,"delete":false,"share":false,"export":false,"import":false}""", entity.GetProperty("rights").GetRawText());
    }

    [Fact]
    public async Task What_asks_for_the_settings_is_listed_among_their_uses()
    {
        var uses = await _admin.GetAsync("/api/metadata/uses?entity=firm&field=limit");
        Assert.Equal(200, uses.Status);
        Assert.Contains("offer", uses.Json.GetRawText());
    }

    private async Task PublishAsync(string more)
    {
        var published = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(SettingsPackage.Files(more)));
        Assert.True(published.Status == 200, $"{published.Status} {published.Json}");
    }

    private async Task<Answer> ChangeAsync(string values) => await _admin.PatchAsync($"/api/data/firms/{(await FirmAsync())["id"]}", values);

    private async Task<Answer> FirmAsync()
    {
        var all = await _admin.GetAsync("/api/data/firms");
        var one = Assert.Single(all.Json.GetProperty("value").EnumerateArray());
        return await _admin.GetAsync($"/api/data/firms/{one.GetProperty("id").GetString()}");
    }

    private async Task<string> TitlesAsync(string query) =>
        string.Join(' ', (await _admin.GetAsync($"/api/data/offers?{query}")).Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("title").GetString()));
}
