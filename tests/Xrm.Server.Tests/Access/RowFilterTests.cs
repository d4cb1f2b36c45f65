using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xrm.Server.Tests.Changes;
using Xrm.Server.Tests.Publish;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>Filters of roles, at the doors that <see cref="AccessTests"/> does not go through, and what is told of them.</summary>
public sealed class RowFilterTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private TestClient _west = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "regions", Package().Files());
        _admin = await _app.ClientAsync();
        _west = await PersonAsync("west", "agent");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_is_created_fulfils_the_filter_by_the_values_that_it_has_in_the_end()
    {
        Assert.Equal(201, (await _west.PostAsync("/api/data/deals", """{ "title": "A", "region": "west" }""")).Status);
        var refused = await _west.PostAsync("/api/data/deals", """{ "title": "B", "region": "east" }""");
        Assert.Equal((403, "forbidden"), (refused.Status, refused["code"]));
        Assert.Contains("region == user.region", refused["detail"]!, StringComparison.Ordinal);
        // The rule moves it to the region of the person, and away from it.
        Assert.Equal(201, (await _west.PostAsync("/api/data/deals", """{ "title": "ours" }""")).Status);
        Assert.Equal(403, (await _west.PostAsync("/api/data/deals", """{ "title": "theirs", "region": "west" }""")).Status);
        Assert.Equal(2, (await _west.GetAsync("/api/data/deals?$count=true")).Json.GetProperty("@odata.count").GetInt32());
    }

    [Fact]
    public async Task What_is_changed_or_deleted_fulfils_it_before()
    {
        var (ours, theirs) = (await DealAsync("west"), await DealAsync("east"));
        Assert.Equal(404, (await _west.PatchAsync($"/api/data/deals/{theirs}", """{ "region": "west" }""")).Status);
        Assert.Equal(404, (await _west.DeleteAsync($"/api/data/deals/{theirs}")).Status);
        // It goes out of sight: it is changed, and not shown.
        Assert.Equal(204, (await _west.PatchAsync($"/api/data/deals/{ours}", """{ "region": "east" }""")).Status);
        Assert.Equal(404, (await _west.GetAsync($"/api/data/deals/{ours}")).Status);
        Assert.Equal("east", (await _admin.GetAsync($"/api/data/deals/{ours}"))["region"]);
    }

    [Fact]
    public async Task Other_doors_heed_it()
    {
        var (ours, theirs) = (await DealAsync("west"), await DealAsync("east"));
        var file = await UploadAsync();
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/deals/{theirs}", $$"""{ "paper": "{{file}}" }""")).Status);
        Assert.Equal(404, (int)(await _west.Http.GetAsync($"/api/files/{file}")).StatusCode);
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/deals/{theirs}", """{ "region": "west" }""")).Status);
        Assert.Equal(200, (int)(await _west.Http.GetAsync($"/api/files/{file}")).StatusCode);
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/deals/{theirs}", """{ "region": "east" }""")).Status);
        Assert.Equal((404, 200), ((await _west.GetAsync($"/api/data/deals/{theirs}/history")).Status, (await _west.GetAsync($"/api/data/deals/{ours}/history")).Status));
        Assert.Equal(1, (await _west.PostAsync("/api/actions/count_deals", "{}")).Json.GetProperty("value").GetInt32());
        Assert.Equal(404, (await _west.GetAsync($"/api/access/explain?entity=deal&id={theirs}")).Status);
        Assert.DoesNotContain(theirs, (await _west.GetAsync("/api/search?q=deal")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(ours, (await _west.GetAsync("/api/search?q=deal")).Json.GetRawText(), StringComparison.Ordinal);
        var step = await _admin.CreateAsync("steps", $$"""{ "title": "S", "deal_id": "{{theirs}}" }""");
        Assert.Equal(404, (await _west.GetAsync($"/api/data/steps/{step}")).Status);
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/steps/{step}", $$"""{ "deal_id": "{{ours}}" }""")).Status);
        Assert.Equal(200, (await _west.GetAsync($"/api/data/steps/{step}")).Status);
    }

    [Fact]
    public async Task Streams_tell_of_records_that_come_into_sight_and_go()
    {
        await using var stream = await EventStream.OpenAsync(_west.Http, "?entities=deal");
        var east = await DealAsync("east");
        await DealAsync("west");
        await _admin.PatchAsync($"/api/data/deals/{east}", """{ "title": "Unseen" }""");
        await _admin.PatchAsync($"/api/data/deals/{east}", """{ "region": "west" }""");
        await _admin.PatchAsync($"/api/data/deals/{east}", """{ "title": "Seen" }""");
        await _admin.PatchAsync($"/api/data/deals/{east}", """{ "region": "east" }""");
        await _admin.DeleteAsync($"/api/data/deals/{east}");
        var last = await DealAsync("west");
        await _admin.DeleteAsync($"/api/data/deals/{last}");
        Assert.Equal(["create", "create", "update", "delete changed", "create", "delete deleted"], (await stream.TakeAsync(6)).Select(told => $"{told["change"]} {told["reason"]}".TrimEnd()));
    }

    [Fact]
    public async Task Changes_of_a_list_are_told_likewise_until_the_person_has_another_value()
    {
        var deal = await DealAsync("west");
        var first = await _west.SendAsync(HttpMethod.Get, "/api/data/deals?$select=id", null, prefer: "odata.track-changes");
        var link = new Uri(first["@odata.deltaLink"]!).PathAndQuery;
        await _admin.PatchAsync($"/api/data/deals/{deal}", """{ "region": "east" }""");
        var next = await _west.GetAsync(link);
        Assert.Equal("changed", next.Json.GetProperty("value")[0].GetProperty("@removed").GetProperty("reason").GetString());
        await _admin.PatchAsync($"/api/data/users/{_west.UserId}", """{ "region": "east" }""");
        await Eventually.IsAsync(async () => (await _west.GetAsync(link)).Status == 410);
        Assert.Equal(200, (await _west.GetAsync($"/api/data/deals/{deal}")).Status);
    }

    [Fact]
    public async Task A_person_without_the_value_reaches_what_has_none_either()
    {
        var nobody = await PersonAsync(null, "agent");
        var (none, some) = (await DealAsync(null), await DealAsync("west"));
        Assert.Equal((200, 404), ((await nobody.GetAsync($"/api/data/deals/{none}")).Status, (await nobody.GetAsync($"/api/data/deals/{some}")).Status));
    }

    [Fact]
    public async Task Explanations_name_the_filter()
    {
        var theirs = await DealAsync("east");
        var role = (await _admin.GetAsync($"/api/access/explain?entity=deal&id={theirs}&user={_west.UserId}")).Json.GetProperty("operations")[0].GetProperty("roles")[0];
        Assert.Equal(("organisation", "region == user.region", false, false), (role.GetProperty("depth").GetString(), role.GetProperty("filter").GetString(), role.GetProperty("fulfils").GetBoolean(), role.GetProperty("reaches").GetBoolean()));
    }

    [Fact]
    public async Task Screens_learn_the_values_that_formulas_ask_for_and_no_others()
    {
        var user = (await _west.GetAsync("/api/metadata/application")).Json.GetProperty("user");
        Assert.Equal("""[{"name":"region","kind":"text","value":"west"}]""", user.GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("""{ "deal": { "read": "organisation", "filter": "regin == 'west'" } }""", "formula_unknown_name")]
    [InlineData("""{ "deal": { "read": "organisation", "filter": "changed(region)" } }""", "formula_use")]
    [InlineData("""{ "deal": { "read": "organisation", "filter": "title > 3" } }""", "formula_kind")]
    [InlineData("""{ "deal": { "read": "organisation", "filter": "region == user.shoe_size" } }""", "formula_unknown_name")]
    [InlineData("""{ "*": { "read": "organisation", "filter": "true" } }""", "filter_without_entity")]
    public async Task Mistakes_are_told_at_publish(string entities, string code)
    {
        var published = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(Package().File("roles/odd.json", $$"""{ "name": "odd", "entities": {{entities}} }""").Files()));
        Assert.Equal(422, published.Status);
        Assert.Contains($"\"{code}\"", published.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("roles/odd.json", published.Json.GetRawText(), StringComparison.Ordinal);
    }

    private static PackageBuilder Package() => new PackageBuilder("regions")
        .EntityJson("""{ "name": "user", "plural": "users", "primary": "name", "fields": [ { "name": "name", "type": "text" }, { "name": "region", "type": "text" }, { "name": "shoe", "type": "integer" } ] }""")
        .EntityJson("""
            { "name": "deal", "plural": "deals", "primary": "title", "ownership": "user", "features": ["audit", "search"],
              "fields": [ { "name": "title", "type": "text", "search": true }, { "name": "region", "type": "text" }, { "name": "paper", "type": "file" } ],
              "rules": [ { "name": "place", "on": ["create"], "script": "place.js" } ] }
            """)
        .EntityJson("""{ "name": "step", "plural": "steps", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "deal", "type": "lookup", "target": "deal" } ] }""")
        .File("rules/place.js", "if (record.title == 'ours') record.region = 'west'; if (record.title == 'theirs') record.region = 'east';")
        .File("rules/count.js", "return query('deal').length;")
        .File("actions/count_deals.json", """{ "name": "count_deals", "script": "count.js", "roles": ["agent"] }""")
        .File("roles/agent.json", """
            { "name": "agent", "entities": {
              "deal": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation", "filter": "region == user.region" },
              "step": { "read": "organisation", "filter": "deal.region == user.region" } } }
            """);

    private async Task<TestClient> PersonAsync(string? region, params string[] roles)
    {
        var client = await _app.ClientAsync(roles);
        var known = await _admin.PatchAsync($"/api/data/users/{client.UserId}", JsonSerializer.Serialize(new { name = "Person", region }));
        Assert.True(known.Status is 200 or 201, $"{known.Status} {known.Json}");
        return client;
    }

    private Task<string> DealAsync(string? region) => _admin.CreateAsync("deals", JsonSerializer.Serialize(new { title = "Deal", region }));

    private async Task<string> UploadAsync()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("paper"));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        var answer = await _admin.Http.PostAsync("/api/files?name=paper.txt", content);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }
}
