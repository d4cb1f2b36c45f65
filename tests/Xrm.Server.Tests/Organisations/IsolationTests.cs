using System.Net;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Organisations;

/// <summary>What is of one organisation is not there in another.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private TestApplication _app = null!;

    public async Task InitializeAsync() => _app = await TwoOrganisations.ServeAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Each_organisation_has_records_of_its_own()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        var (main, acme) = (await _app.EnterAsync("jo", "main"), await _app.EnterAsync("jo", "acme"));
        var ours = await main.CreateAsync("notes", """{ "title": "ours" }""");
        var theirs = await acme.CreateAsync("notes", """{ "title": "theirs" }""");
        Assert.Equal((404, 200), ((await acme.GetAsync($"/api/data/notes/{ours}")).Status, (await acme.GetAsync($"/api/data/notes/{theirs}")).Status));
        Assert.Equal("theirs", (await acme.GetAsync("/api/data/notes")).Json.GetProperty("value").EnumerateArray().Single().GetProperty("title").GetString());
        Assert.Equal("ours", (await main.GetAsync("/api/data/notes")).Json.GetProperty("value").EnumerateArray().Single().GetProperty("title").GetString());
        Assert.Equal(404, (await acme.DeleteAsync($"/api/data/notes/{ours}")).Status);
        // Whoever writes to an id that is free here makes a record, here.
        Assert.Equal(201, (await acme.PatchAsync($"/api/data/notes/{ours}", """{ "title": "taken" }""")).Status);
        Assert.Equal("ours", (await main.GetAsync($"/api/data/notes/{ours}"))["title"]);
    }

    [Fact]
    public async Task A_session_is_of_one_organisation_whatever_the_header_names()
    {
        await _app.AddMemberAsync("jo", "main");
        var browser = await _app.EnterAsync("jo", "main");
        foreach (var name in new[] { "acme", "nothing", "org_acme", "ACME", "acme' or '1", "%00" })
        {
            var refused = await browser.SendAsync(HttpMethod.Get, "/api/data/notes", null, headers: ("X-Xrm-Org", name));
            Assert.Equal((404, "organisation_unknown"), (refused.Status, refused["code"]));
        }
        Assert.Equal(200, (await browser.SendAsync(HttpMethod.Get, "/api/data/notes", null, headers: ("X-Xrm-Org", "main"))).Status);
    }

    [Fact]
    public async Task Strangers_do_not_learn_which_organisations_there_are()
    {
        var stranger = _app.Browser();
        foreach (var name in new[] { "main", "acme", "nothing" })
            Assert.Equal(401, (await stranger.SendAsync(HttpMethod.Get, "/api/data/notes", null, headers: ("X-Xrm-Org", name))).Status);
        await _app.AddMemberAsync("jo", "main");
        var answers = new List<string>();
        foreach (var name in new[] { "acme", "nope" })
        {
            var refused = await stranger.SendAsync(HttpMethod.Post, "/api/auth/sign-in", $$"""{ "userName": "jo", "password": "{{People.Password}}" }""", headers: ("X-Xrm-Org", name));
            answers.Add($"{refused.Status} {refused["code"]} {refused["detail"]!.Replace(name, "", StringComparison.Ordinal)}");
        }
        Assert.StartsWith("404 organisation_unknown", answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Switching_gives_another_session_and_the_old_one_opens_nothing()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        var cookies = new CookieContainer();
        var browser = await _app.EnterAsync("jo", "main", cookies);
        var old = cookies.GetAllCookies().Single(cookie => cookie.Name == "xrm_session").Value;
        Assert.Equal(204, (await browser.SwitchAsync("acme")).Status);
        Assert.Equal("acme", (await browser.GetAsync("/api/organisations/mine"))["present"]);
        await browser.CreateAsync("notes", """{ "title": "in acme" }""");
        // A window that still shows the other organisation says so, and writes nothing here.
        Assert.Equal(404, (await browser.SendAsync(HttpMethod.Patch, $"/api/data/notes/{Guid.CreateVersion7()}", """{ "title": "lost" }""", headers: ("X-Xrm-Org", "main"))).Status);
        Assert.Single((await browser.GetAsync("/api/data/notes")).Json.GetProperty("value").EnumerateArray());
        Assert.Equal(204, (await browser.SendAsync(HttpMethod.Post, "/api/organisations/switch", """{ "organisation": "main" }""", headers: ("X-Xrm-Org", "acme"))).Status);
        Assert.Empty((await browser.GetAsync("/api/data/notes")).Json.GetProperty("value").EnumerateArray());
        var planted = new CookieContainer();
        planted.Add(browser.Http.BaseAddress!, new Cookie("xrm_session", old));
        Assert.Equal(401, (await _app.Browser(planted).GetAsync("/api/data/notes")).Status);
        var refused = await browser.SwitchAsync("nothing");
        Assert.Equal((404, "organisation_unknown"), (refused.Status, refused["code"]));
    }

    [Fact]
    public async Task Files_jobs_history_search_changes_and_delta_tokens_of_one_organisation_are_not_in_another()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        var (main, acme) = (await _app.EnterAsync("jo", "main"), await _app.EnterAsync("jo", "acme"));
        var note = await main.CreateAsync("notes", """{ "title": "segelboot" }""");
        using var file = new StringContent("secret");
        var uploaded = await main.Http.PostAsync("/api/files?name=a.txt", file);
        Assert.Equal(201, (int)uploaded.StatusCode);
        var job = (await main.PatchAsync("/api/data/notes?all=true", """{ "title": "segelboot" }"""))["id"];
        Assert.NotNull(job);
        Assert.Equal(200, (await main.GetAsync($"/api/jobs/{job}")).Status);
        foreach (var path in new[] { $"/api/files/{uploaded.Headers.Location!.OriginalString.Split('/')[^1]}", $"/api/jobs/{job}", $"/api/data/notes/{note}/history", $"/api/access/explain?entity=note&id={note}" })
            Assert.Equal((path, 404), (path, (await acme.GetAsync(path)).Status));
        Assert.Equal(404, (await acme.PostAsync($"/api/jobs/{job}/cancel", "{}")).Status);
        Assert.DoesNotContain(note, (await acme.GetAsync("/api/search?q=segelboot")).Json.GetRawText(), StringComparison.Ordinal);
        var delta = (await main.SendAsync(HttpMethod.Get, "/api/data/notes", null, prefer: "odata.track-changes"))["@odata.deltaLink"]!;
        await main.CreateAsync("notes", """{ "title": "later" }""");
        Assert.DoesNotContain("later", (await acme.GetAsync(new Uri(delta).PathAndQuery)).Json.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("segelboot", (await acme.GetAsync("/api/jobs")).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_of_the_organisation_in_which_it_was_made()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        var acme = await _app.EnterAsync("jo", "acme");
        var issued = await acme.PostAsync("/api/auth/tokens", """{ "name": "program", "access": "write" }""");
        Assert.Equal(201, issued.Status);
        var program = _app.Program(issued["token"]!);
        await program.CreateAsync("notes", """{ "title": "by program" }""");
        Assert.Equal(404, (await program.SendAsync(HttpMethod.Get, "/api/data/notes", null, headers: ("X-Xrm-Org", "main"))).Status);
        var main = await _app.EnterAsync("jo", "main");
        Assert.Empty((await main.GetAsync("/api/data/notes")).Json.GetProperty("value").EnumerateArray());
        Assert.Empty((await main.GetAsync("/api/auth/tokens")).Json.EnumerateArray());
        Assert.Equal(201, (await main.PostAsync("/api/auth/tokens", """{ "name": "program" }""")).Status);
    }

    [Fact]
    public async Task Roles_hold_in_the_organisation_in_which_they_were_given()
    {
        var id = await _app.AddMemberAsync("jo", "main", "acme");
        await _app.Get<Xrm.Data.Catalogue.UserStore>().SetRolesAsync(id, [], CancellationToken.None);
        var (main, acme) = (await _app.EnterAsync("jo", "main"), await _app.EnterAsync("jo", "acme"));
        Assert.Equal((403, 200), ((await main.GetAsync("/api/data/notes")).Status, (await acme.GetAsync("/api/data/notes")).Status));
        Assert.False((await acme.GetAsync("/api/metadata/application")).Json.GetProperty("user").GetProperty("isAdministrator").GetBoolean());
    }

    [Fact]
    public async Task A_host_leads_to_its_organisation_and_takes_no_session_of_another()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        await _app.AddMemberAsync("kim", "main");
        var root = await _app.EnterAsync("root", "main");
        Assert.Equal(200, (await root.PatchAsync("/api/organisations/acme", """{ "hostNames": [ "acme.test" ] }""")).Status);
        var cookies = new CookieContainer();
        var main = await _app.EnterAsync("jo", "main", cookies);
        Assert.Equal((200, 401), (await StatusAtAsync(main, null), await StatusAtAsync(main, "acme.test")));
        using var entry = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-in") { Content = System.Net.Http.Json.JsonContent.Create(new { userName = "jo", password = People.Password }) };
        entry.Headers.Host = "acme.test";
        var acme = _app.Browser();
        Assert.Equal(200, (int)(await acme.Http.SendAsync(entry)).StatusCode);
        Assert.Equal("acme", (await acme.GetAsync("/api/organisations/mine"))["present"]);
        using var refused = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-in") { Content = System.Net.Http.Json.JsonContent.Create(new { userName = "kim", password = People.Password }) };
        refused.Headers.Host = "acme.test";
        Assert.Equal(404, (int)(await _app.Browser().Http.SendAsync(refused)).StatusCode);
    }

    private static async Task<int> StatusAtAsync(TestClient client, string? host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/data/notes");
        if (host is not null) request.Headers.Host = host;
        return (int)(await client.Http.SendAsync(request)).StatusCode;
    }
}
