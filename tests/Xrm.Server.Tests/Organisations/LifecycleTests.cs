using Dapper;
using Xrm.Data.Catalogue;
using Xrm.Server.Organisations;
using Xrm.Server.Tests.Changes;
using Xrm.Server.Tests.Identity;
using Xrm.Server.Tests.Workflows;
using Xrm.TestKit;
using static Xrm.Server.Tests.Organisations.TwoOrganisations;

namespace Xrm.Server.Tests.Organisations;

/// <summary>How organisations begin, rest and end.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task A_new_organisation_has_the_packages_of_its_template_and_an_administrator()
    {
        await using var app = await ServeAsync();
        var root = await app.EnterAsync("root", "acme");
        await root.CreateAsync("notes", """{ "title": "first" }""");
        var listed = (await root.GetAsync(Url)).Json.EnumerateArray().ToDictionary(each => each.GetProperty("name").GetString()!);
        Assert.Equal(["acme", "main"], listed.Keys.Order());
        Assert.Equal(("active", 1, true), (listed["acme"].GetProperty("state").GetString(), listed["acme"].GetProperty("members").GetInt64(), listed["acme"].GetProperty("bytes").GetInt64() > 0));
        Assert.Contains("organisation_changed", (await root.GetAsync("/api/administration/audit")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(409, (await root.PostAsync(Url, """{ "name": "acme" }""")).Status);
        foreach (var name in new[] { "", "Acme", "1acme", "a-b", "a b", "a\"b", new string('a', 41) })
            Assert.Equal(400, (await root.PostAsync(Url, System.Text.Json.JsonSerializer.Serialize(new { name }))).Status);
    }

    [Fact]
    public async Task Of_one_that_cannot_be_made_nothing_is_left_but_the_reason()
    {
        var folder = Directory.CreateTempSubdirectory("xrm-template").FullName;
        Write(folder, "broken", new PackageBuilder("broken").Entity("thing").File("data/thing.json", """{ "entity": "thing", "key": "title", "rows": [ { "title": "a", "nothing": 1 } ] }""").Files());
        await using var app = await TestApplication.StartAsync(new TestSettings { Folder = folder }, "desk", People.Package());
        await app.AddAsync("root", isAdministrator: true);
        var root = await app.EnterAsync("root");
        Assert.Equal("broken", (await root.GetAsync($"{Url}/templates")).Json.EnumerateArray().Single().GetProperty("name").GetString());
        Assert.Equal(202, (await root.PostAsync(Url, """{ "name": "beta", "template": { "packages": [ "broken" ] } }""")).Status);
        await app.SettledAsync("beta");
        var (state, reason) = await app.StateAsync("beta");
        Assert.Equal("failed", state);
        Assert.Contains("nothing", reason, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(app, "select count(*) from pg_namespace where nspname = 'org_beta'"));
        Assert.Equal(0, await CountAsync(app, "select (select count(*) from xrm.member where organisation = 'beta') + (select count(*) from xrm.migration where scope = 'org_beta')"));
        Assert.Equal(404, (await root.SwitchAsync("beta")).Status);
        // The name is free again.
        Assert.Equal(202, (await root.PostAsync(Url, """{ "name": "beta" }""")).Status);
        await app.SettledAsync("beta");
        Assert.Equal("active", (await app.StateAsync("beta")).State);
    }

    [Fact]
    public async Task In_a_suspended_organisation_nobody_works_until_it_is_resumed()
    {
        await using var app = await ServeAsync(worksInBackground: true);
        await app.AddMemberAsync("jo", "main", "acme");
        var (jo, root) = (await app.EnterAsync("jo", "acme"), await app.EnterAsync("root", "main"));
        var note = await jo.CreateAsync("notes", """{ "title": "before" }""");
        await using var stream = await EventStream.OpenAsync(jo.Http);
        Assert.Equal(200, (await root.PostAsync($"{Url}/acme/suspend", "{}")).Status);
        var refused = await jo.GetAsync("/api/data/notes");
        Assert.Equal((403, "organisation_suspended"), (refused.Status, refused["code"]));
        Assert.Equal(403, (await jo.PatchAsync($"/api/data/notes/{note}", """{ "title": "after" }""")).Status);
        Assert.Equal("suspended", (await jo.GetAsync($"{Url}/mine")).Json.GetProperty("organisations").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "acme").GetProperty("state").GetString());
        while (await stream.NextAsync() is not null) { }
        Assert.Equal((200, 204), ((await jo.GetAsync("/api/auth/me")).Status, (await jo.SwitchAsync("main")).Status));
        Assert.Equal(200, (await jo.GetAsync("/api/data/notes")).Status);
        Assert.Equal(409, (await root.PostAsync($"{Url}/acme/suspend", "{}")).Status);
        Assert.Equal(200, (await root.PostAsync($"{Url}/acme/resume", "{}")).Status);
        Assert.Equal(204, (await jo.SwitchAsync("acme")).Status);
        Assert.Equal("before", (await jo.GetAsync($"/api/data/notes/{note}"))["title"]);
    }

    [Fact]
    public async Task Jobs_of_a_suspended_organisation_rest_and_go_on_when_it_is_resumed()
    {
        await using var app = await ServeAsync();
        await app.AddMemberAsync("jo", "main", "acme");
        foreach (var name in new[] { "main", "acme" })
        {
            var jo = await app.EnterAsync("jo", name);
            await jo.CreateAsync("notes", """{ "title": "before" }""");
            Assert.Equal(202, (await jo.PatchAsync("/api/data/notes?all=true", """{ "title": "after" }""")).Status);
        }
        Assert.Equal(200, (await (await app.EnterAsync("root", "main")).PostAsync($"{Url}/acme/suspend", "{}")).Status);
        await app.StopAsync();
        await app.StartAgainAsync(worksInBackground: true);
        await Eventually.IsAsync(async () => await CountAsync(app, "select count(*) from org_main.notes where title = 'after'") == 1);
        Assert.Equal(1, await CountAsync(app, "select count(*) from org_acme.notes where title = 'before'"));
        Assert.Equal(200, (await (await app.EnterAsync("root", "main")).PostAsync($"{Url}/acme/resume", "{}")).Status);
        await Eventually.IsAsync(async () => await CountAsync(app, "select count(*) from org_acme.notes where title = 'after'") == 1);
    }

    [Fact]
    public async Task Deletion_asks_twice_can_be_taken_back_and_leaves_nothing()
    {
        await using var app = await ServeAsync(environment: ("XRM_ORGANISATION_GRACE_HOURS", "1"));
        await app.AddMemberAsync("jo", "main", "acme");
        await app.AddMemberAsync("kim", "acme");
        var (jo, kim, root) = (await app.EnterAsync("jo", "acme"), await app.EnterAsync("kim", "acme"), await app.EnterAsync("root", "main"));
        var path = $"{Url}/acme";
        Assert.Equal((400, 409), ((await root.DeleteAsync(path)).Status, (await root.DeleteAsync($"{path}?confirm=acme")).Status));
        Assert.Equal(200, (await root.PostAsync($"{path}/suspend", "{}")).Status);
        Assert.Equal(204, (await root.DeleteAsync($"{path}?confirm=acme")).Status);
        Assert.NotNull((await root.GetAsync(path))["deleteAfter"]);
        Assert.Equal(409, (await root.PostAsync($"{path}/resume", "{}")).Status);
        Assert.Equal("suspended", (await root.PostAsync($"{path}/keep", "{}"))["state"]);
        Assert.Equal(204, (await root.DeleteAsync($"{path}?confirm=acme")).Status);
        await app.Get<OrganisationChanges>().CleanUpAsync(CancellationToken.None);
        Assert.Equal("deleting", (await app.StateAsync("acme")).State);
        await app.ExecuteAsync("update xrm.organisation set delete_after = now() where name = 'acme'");
        await app.Get<OrganisationChanges>().CleanUpAsync(CancellationToken.None);
        Assert.Null((await app.StateAsync("acme")).State);
        Assert.Equal(0, await CountAsync(app, "select count(*) from pg_namespace where nspname = 'org_acme'"));
        Assert.Equal(0, await CountAsync(app, "select (select count(*) from xrm.session where organisation = 'acme') + (select count(*) from xrm.migration where scope = 'org_acme')"));
        Assert.Equal(404, (await root.GetAsync(path)).Status);
        // Their sessions went with it; whoever belongs to another organisation signs in there.
        Assert.Equal((401, 401), ((await jo.GetAsync("/api/data/notes")).Status, (await kim.GetAsync("/api/data/notes")).Status));
        Assert.Equal((200, 401), ((await app.Browser().SignInAsync("jo")).Status, (await app.Browser().SignInAsync("kim")).Status));
    }

    [Fact]
    public async Task The_home_organisation_stays()
    {
        await using var app = await ServeAsync();
        var root = await app.EnterAsync("root", "acme");
        Assert.Equal((409, 409), ((await root.PostAsync($"{Url}/main/suspend", "{}")).Status, (await root.DeleteAsync($"{Url}/main?confirm=main")).Status));
    }

    [Fact]
    public async Task What_a_broken_off_creation_has_left_goes()
    {
        await using var app = await ServeAsync();
        await app.ExecuteAsync("insert into xrm.organisation (name, schema, state) values ('half', 'org_half', 'creating'); create schema org_half; create table org_half.rest (id int)");
        await using (await app.Get<OrganisationRemoval>().TryLockAsync("half", CancellationToken.None))
        {
            await app.Get<OrganisationChanges>().CleanUpAsync(CancellationToken.None);
            Assert.Equal("creating", (await app.StateAsync("half")).State);
        }
        await app.Get<OrganisationChanges>().CleanUpAsync(CancellationToken.None);
        Assert.Equal("failed", (await app.StateAsync("half")).State);
        Assert.Equal(0, await CountAsync(app, "select count(*) from pg_namespace where nspname = 'org_half'"));
    }

    [Fact]
    public async Task Another_node_serves_a_new_organisation_and_follows_its_suspension()
    {
        await using var app = await ServeAsync(worksInBackground: true);
        await using var other = await app.AddNodeAsync();
        var node = ((Microsoft.AspNetCore.Builder.WebApplication)other).Urls.First();
        await app.MakeAsync("late", "root");
        var cookies = new System.Net.CookieContainer();
        var here = await app.EnterAsync("root", "late", cookies);
        var there = app.Browser(cookies, node);
        var note = await here.CreateAsync("notes", """{ "title": "here" }""");
        await Eventually.IsAsync(async () => (await there.GetAsync($"/api/data/notes/{note}"))["title"] == "here");
        var root = await app.EnterAsync("root", "main");
        Assert.Equal(200, (await root.PostAsync($"{Url}/late/suspend", "{}")).Status);
        await Eventually.IsAsync(async () => (await there.GetAsync("/api/data/notes"))["code"] == "organisation_suspended");
    }

    private static async Task<long> CountAsync(TestApplication app, string sql)
    {
        await using var connection = await app.Database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private static void Write(string root, string name, Xrm.Metadata.Source.PackageFiles files)
    {
        foreach (var (path, content) in files.Content)
        {
            var file = Path.Combine(root, "metadata", "packages", name, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, [.. content]);
        }
    }
}
