using Xrm.Metadata.Source;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Which day a moment belongs to is decided by the organisation's time zone, in saves, queries and workflows.</summary>
public sealed class TimeZoneTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "visits", Visits());
        _client = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("2026-03-28T22:59:59Z", "2026-03-28")]
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("2026-12-31T23:00:00Z", "2027-01-01")]
    public async Task Day_is_the_same_in_a_save_and_in_queries(string at, string day)
    {
        var answer = await _client.PostAsync("/api/data/visits", $$"""{ "title": "x", "at": "{{at}}" }""");
        // The default is worked out in memory, the computed field in PostgreSQL.
        Assert.Equal((201, day, day, day[..4]), (answer.Status, answer["noted_on"], answer["day"], answer["year"]));
        Assert.Equal(1, (await _client.GetAsync($"/api/data/visits?$filter=day eq {day}")).Json.GetProperty("value").GetArrayLength());
        var wrong = await _client.PostAsync("/api/data/visits", $$"""{ "title": "x", "at": "{{at}}", "planned_on": "{{day}}" }""");
        Assert.Equal((400, "planned_on validation"), (wrong.Status, wrong.Errors));
    }

    [Fact]
    public async Task Workflows_wait_until_the_day_begins_there()
    {
        await _client.CreateAsync("visits", """{ "title": "x", "planned_on": "2031-07-01" }""");
        await using var command = _app.Database.Source.CreateCommand("select count(*) from org_main._workflow_run where next_attempt_at = '2031-06-30T22:00:00Z'");
        await Eventually.IsAsync(async () => await command.ExecuteScalarAsync() is 1L);
    }

    [Fact]
    public async Task Screens_are_told_the_zone() =>
        Assert.Equal("Europe/Berlin", (await _client.GetAsync("/api/metadata/application"))["timeZone"]);

    private static PackageFiles Visits() => new PackageBuilder("visits")
        .File("manifest.json", """{ "formatVersion": 1, "name": "visits", "version": "1.0.0", "timeZone": "Europe/Berlin" }""")
        .EntityWith("visit", """
            "validations": [ { "when": "planned_on == date(at)", "message": "No.", "fields": [ "planned_on" ] } ]
            """,
            """{ "name": "at", "type": "datetime" }""",
            """{ "name": "planned_on", "type": "date" }""",
            """{ "name": "noted_on", "type": "date", "default": { "formula": "date(at)" } }""",
            """{ "name": "day", "type": "date", "formula": "date(at)" }""",
            """{ "name": "year", "type": "integer", "formula": "year(at)" }""")
        .File("workflows/remind.json", """
            { "name": "remind", "entity": "visit", "trigger": { "on": ["create"], "when": "planned_on != null" }, "steps": [
                { "name": "until", "type": "wait", "until": "planned_on" }, { "name": "after", "type": "set", "values": { "title": "now" } } ] }
            """)
        .Files();
}
