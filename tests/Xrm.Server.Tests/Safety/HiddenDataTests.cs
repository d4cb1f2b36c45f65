using Xrm.TestKit;

namespace Xrm.Server.Tests.Safety;

/// <summary>What somebody may not read cannot be found out by asking around it, and what the engine keeps cannot be written.</summary>
public sealed class HiddenDataTests : IAsyncLifetime
{
    private const string Marker = "Salary-of-Jo-4711";
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private TestClient _clerk = null!;
    private string _post = "";

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("hidden", new PackageBuilder("hidden")
            .EntityJson("""
                { "name": "post", "plural": "posts", "primary": "title", "ownership": "user", "features": ["search"], "fields": [
                  { "name": "title", "type": "text", "search": true }, { "name": "number", "type": "autonumber", "format": "P-{0000}" },
                  { "name": "pay", "type": "integer", "access": { "read": ["boss"], "write": ["boss"] } },
                  { "name": "remark", "type": "text", "search": true, "access": { "read": ["boss"], "write": ["boss"] } },
                  { "name": "double", "type": "decimal", "formula": "pay * 2", "access": { "read": ["boss"] } },
                  { "name": "person", "type": "lookup", "target": "person", "inverse": { "name": "posts" } } ] }
                """)
            .EntityJson("""{ "name": "person", "plural": "persons", "primary": "name", "features": ["search"], "fields": [ { "name": "name", "type": "text", "search": true }, { "name": "age", "type": "integer" } ] }""")
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "post": { "create": "own", "read": "organisation", "update": "organisation" } } }""")
            .File("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation", "assign": "organisation" } } }""").Files());
        (_admin, _clerk) = (await _app.ClientAsync(), await _app.ClientAsync("clerk"));
        var person = await _admin.CreateAsync("persons", $$"""{ "name": "{{Marker}}", "age": 987654 }""");
        _post = await _admin.CreateAsync("posts", $$"""{ "title": "Chair", "pay": 4711, "remark": "{{Marker}}", "person_id": "{{person}}" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("posts?$filter=pay gt 4000")]
    [InlineData("posts?$filter=startswith(remark,'S')")]
    [InlineData("posts?$filter=contains(concat(title,remark),'S')")]
    [InlineData("posts?$filter=pay eq null")]
    [InlineData("posts?$filter=pay in (4711)")]
    [InlineData("posts?$orderby=pay")]
    [InlineData("posts?$orderby=length(remark) desc")]
    [InlineData("posts?$select=pay")]
    [InlineData("posts?$select=title,remark")]
    [InlineData("posts?$compute=pay add 0 as x&$select=x")]
    [InlineData("posts?$apply=groupby((pay))")]
    [InlineData("posts?$apply=aggregate(pay with max as m)")]
    [InlineData("posts?$apply=filter(pay gt 4000)/aggregate($count as n)")]
    [InlineData("posts?$format=csv&$select=remark")]
    [InlineData("posts/$count?$filter=pay gt 4000")]
    [InlineData("posts/ID?$select=pay")]
    public async Task A_field_that_one_may_not_read_answers_no_question(string path)
    {
        var asked = await _clerk.Http.GetAsync($"/api/data/{path.Replace("ID", _post, StringComparison.Ordinal)}");
        var text = await asked.Content.ReadAsStringAsync();
        // What is only selected is left out; whatever would make the answer depend on the value is refused.
        if (asked.IsSuccessStatusCode) Assert.Matches(@"^posts(/ID)?\?(\$format=csv&)?\$select=", path);
        else Assert.InRange((int)asked.StatusCode, 400, 403);
        Assert.DoesNotContain(Marker, text);
        Assert.DoesNotContain("4711", text);
    }

    [Theory]
    [InlineData("posts?$search=Salary", "")]
    [InlineData("posts", "")]
    [InlineData("posts?$format=csv", "")]
    [InlineData("posts/ID", "")]
    [InlineData("posts?$search=Salary", "odata.track-changes")]
    public async Task What_is_given_without_being_asked_for_has_no_hidden_field(string path, string prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/data/{path.Replace("ID", _post, StringComparison.Ordinal)}");
        if (prefer.Length > 0) request.Headers.Add("Prefer", prefer);
        var answer = await _clerk.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Marker, text);
        Assert.DoesNotContain("4711", text);
        if (path.Contains("$search", StringComparison.Ordinal)) Assert.DoesNotContain("Chair", text);
        Assert.DoesNotContain(Marker, await _clerk.Http.GetStringAsync("/api/search?q=Salary"));
        Assert.DoesNotContain("remark", await _clerk.Http.GetStringAsync("/api/data/$metadata"));
    }

    [Theory]
    [InlineData("posts?$expand=person")]
    [InlineData("posts?$expand=person($select=name)")]
    [InlineData("posts?$filter=person/age gt 40")]
    [InlineData("posts?$filter=startswith(person/name,'S')")]
    [InlineData("posts?$orderby=person/name")]
    [InlineData("posts?$apply=groupby((person/name))")]
    [InlineData("posts?$compute=person/age add 0 as x&$select=x")]
    [InlineData("posts?$select=person/name")]
    [InlineData("posts/ID/person")]
    [InlineData("posts/ID?$expand=person")]
    [InlineData("persons")]
    [InlineData("persons?$expand=posts")]
    [InlineData("persons/$count")]
    [InlineData("persons?$format=csv")]
    public async Task No_way_leads_around_an_entity_that_one_may_not_read(string path)
    {
        var answer = await _clerk.Http.GetAsync($"/api/data/{path.Replace("ID", _post, StringComparison.Ordinal)}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Marker, text);
        Assert.DoesNotContain("987654", text);
        if (path.Contains("filter", StringComparison.Ordinal)) Assert.DoesNotContain("Chair", text);
    }

    [Theory]
    [InlineData("""{ "title": "x", "pay": 1 }""")]
    [InlineData("""{ "title": "x", "remark": "x" }""")]
    [InlineData("""{ "title": "x", "version": 99 }""")]
    [InlineData("""{ "title": "x", "number": "P-9999" }""")]
    [InlineData("""{ "title": "x", "double": 99 }""")]
    [InlineData("""{ "title": "x", "created_at": "2001-01-01T00:00:00Z" }""")]
    [InlineData("""{ "title": "x", "created_by_id": "00000000-0000-0000-0000-000000000001" }""")]
    [InlineData("""{ "title": "x", "modified_at": "2001-01-01T00:00:00Z" }""")]
    [InlineData("""{ "title": "x", "modified_by_id": "00000000-0000-0000-0000-000000000001" }""")]
    [InlineData("""{ "title": "x", "owning_unit_id": "00000000-0000-0000-0000-000000000001" }""")]
    [InlineData("""{ "title": "x", "deleted_at": null, "is_deleted": true }""")]
    [InlineData("""{ "title": "x", "__proto__": { "isAdministrator": true } }""")]
    public async Task What_the_engine_keeps_and_what_one_may_not_write_stays_as_it_is(string body)
    {
        var before = await RowAsync();
        foreach (var answer in new[] { await _clerk.PatchAsync($"/api/data/posts/{_post}", body), await _clerk.PostAsync("/api/data/posts", body) })
            Assert.True(answer.Status is 400 or 403, $"{answer.Status} {answer.Json}");
        Assert.Equal(before, await RowAsync());
    }

    [Fact]
    public async Task Rights_are_not_given_by_sending_them_along()
    {
        await Xrm.Server.Tests.Identity.People.AddAsync(_app, "mallory");
        var browser = await Xrm.Server.Tests.Identity.People.EnterAsync(_app, "mallory");
        const string wish = """ "isAdministrator": true, "roles": ["boss"], "isActive": true, "userId": "00000000-0000-0000-0000-000000000001" """;
        foreach (var (path, body) in new[] { ("/api/auth/tokens", $$"""{ "name": "t", {{wish}} }"""), ("/api/auth/sign-in", $$"""{ "userName": "mallory", "password": "{{Xrm.Server.Tests.Identity.People.Password}}", {{wish}} }"""), ("/api/auth/passkeys/challenge", $$"""{ {{wish}} }""") })
            await browser.PostAsync(path, body);
        var me = await browser.GetAsync("/api/auth/me");
        Assert.False(me.Json.GetProperty("user").GetProperty("isAdministrator").GetBoolean());
        Assert.Equal(403, (await browser.GetAsync("/api/data/posts")).Status);
    }

    private async Task<string> RowAsync()
    {
        await using var command = _app.Database.Source.CreateCommand("select string_agg(p::text, ';') from org_main.posts p");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
