using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>What becomes of records whose lookup is emptied because its target was deleted.</summary>
public sealed class ClearedLookupTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("tasks", new PackageBuilder("tasks")
            .Entity("account")
            .Entity("team",
                """{ "name": "free", "type": "integer", "rollup": { "entity": "task", "via": "team", "aggregate": "count", "where": "isEmpty(account)" } }""",
                """{ "name": "weight", "type": "integer", "rollup": { "entity": "task", "via": "team", "aggregate": "sum", "field": "weight" } }""",
                """{ "name": "points", "type": "integer", "formula": "weight * 10" }""",
                """{ "name": "any_weight", "type": "integer", "rollup": { "entity": "task", "via": "about", "aggregate": "sum", "field": "weight" } }""")
            .EntityWith("task", "\"features\": [\"audit\"]",
                """{ "name": "account", "type": "lookup", "target": "account" }""",
                """{ "name": "about", "type": "lookup", "targets": [ "account", "team" ] }""",
                """{ "name": "team", "type": "lookup", "target": "team" }""",
                """{ "name": "is_free", "type": "boolean", "formula": "isEmpty(account)" }""",
                """{ "name": "weight", "type": "integer", "formula": "is_free ? 2 : 1" }""",
                """{ "name": "is_about", "type": "boolean", "formula": "about != null" }""")
            .Files());
        _client = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Formulas_and_rollups_that_depend_on_it_are_computed_anew()
    {
        var (account, team) = (await _client.CreateAsync("accounts", """{ "title": "A" }"""), await _client.CreateAsync("teams", """{ "title": "T" }"""));
        var task = await _client.CreateAsync("tasks", $$"""{ "title": "x", "account_id": "{{account}}", "team_id": "{{team}}", "about_id": "{{team}}", "about_type": "team" }""");
        await _client.CreateAsync("tasks", $$"""{ "title": "y", "team_id": "{{team}}" }""");
        Assert.Equal(("1", "3", "30", "1"), await TeamAsync(team));
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/accounts/{account}")).Status);
        var after = await _client.GetAsync($"/api/data/tasks/{task}");
        Assert.Equal((null, "True", "2", "2"), (after["account_id"], after["is_free"], after["weight"], after["version"]));
        Assert.Equal(("2", "4", "40", "2"), await TeamAsync(team));
    }

    [Fact]
    public async Task That_holds_for_lookups_of_several_kinds_too()
    {
        var account = await _client.CreateAsync("accounts", """{ "title": "A" }""");
        var task = await _client.CreateAsync("tasks", $$"""{ "title": "x", "about_id": "{{account}}", "about_type": "account" }""");
        Assert.Equal("True", (await _client.GetAsync($"/api/data/tasks/{task}"))["is_about"]);
        Assert.Equal(204, (await _client.DeleteAsync($"/api/data/accounts/{account}")).Status);
        var after = await _client.GetAsync($"/api/data/tasks/{task}");
        Assert.Equal((null, "False"), (after["about_id"], after["is_about"]));
    }

    private async Task<(string?, string?, string?, string?)> TeamAsync(string id)
    {
        var team = await _client.GetAsync($"/api/data/teams/{id}");
        return (team["free"], team["weight"], team["points"], team["any_weight"]);
    }
}
