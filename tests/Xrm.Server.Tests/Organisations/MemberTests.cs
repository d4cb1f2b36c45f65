using Xrm.Data.Catalogue;
using Xrm.Server.Tests.Identity;
using static Xrm.Server.Tests.Organisations.TwoOrganisations;

namespace Xrm.Server.Tests.Organisations;

/// <summary>Who belongs to an organisation, who administers it, and what of accounts is beyond them.</summary>
public sealed class MemberTests : IAsyncLifetime
{
    private const string Users = "/api/administration/users";
    private TestApplication _app = null!;

    public async Task InitializeAsync() => _app = await ServeAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Who_is_removed_is_out_of_that_organisation_alone()
    {
        var id = await _app.AddMemberAsync("jo", "main", "acme");
        var (main, acme, root) = (await _app.EnterAsync("jo", "main"), await _app.EnterAsync("jo", "acme"), await _app.EnterAsync("root", "acme"));
        Assert.Equal((200, 200), ((await main.GetAsync("/api/data/notes")).Status, (await acme.GetAsync("/api/data/notes")).Status));
        Assert.Equal(204, (await root.DeleteAsync($"{Url}/acme/members/{id}")).Status);
        Assert.Equal((200, 401), ((await main.GetAsync("/api/data/notes")).Status, (await acme.GetAsync("/api/data/notes")).Status));
        Assert.Equal(404, (await main.SwitchAsync("acme")).Status);
        Assert.DoesNotContain("acme", (await main.GetAsync($"{Url}/mine")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("member_changed", (await root.GetAsync("/api/administration/audit")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(404, (await root.GetAsync($"{Users}/{id}")).Status);
    }

    [Fact]
    public async Task Administrators_of_an_organisation_administer_no_other_and_not_the_installation()
    {
        var id = await _app.AddMemberAsync("jo", "main", "acme");
        await _app.Get<MemberStore>().AddAsync("acme", id, isAdministrator: true, CancellationToken.None);
        var stranger = await _app.AddMemberAsync("kim", "main");
        var (acme, main) = (await _app.EnterAsync("jo", "acme"), await _app.EnterAsync("jo", "main"));
        Assert.Equal((200, 403), ((await acme.GetAsync(Users)).Status, (await main.GetAsync(Users)).Status));
        Assert.Equal(200, (await acme.GetAsync($"{Url}/acme/members")).Status);
        Assert.Equal((404, 404), ((await acme.GetAsync($"{Url}/main/members")).Status, (await acme.PostAsync($"{Url}/main/members", """{ "userName": "jo", "isAdministrator": true }""")).Status));
        Assert.Equal(403, (await main.GetAsync($"{Url}/main/members")).Status);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/main"), (HttpMethod.Post, "/main/suspend"), (HttpMethod.Post, "/acme/suspend"), (HttpMethod.Delete, "/acme?confirm=acme"), (HttpMethod.Get, "/templates") })
            Assert.Equal((path, 403), (path, (await acme.SendAsync(method, Url + path, method == HttpMethod.Post ? "{}" : null)).Status));
        Assert.Equal(403, (await acme.PostAsync(Url, """{ "name": "mine" }""")).Status);
        Assert.Equal((404, 404), ((await acme.GetAsync($"{Users}/{stranger}")).Status, (await acme.PatchAsync($"{Users}/{stranger}", """{ "isActive": false }""")).Status));
        Assert.Equal(403, (await acme.PatchAsync($"{Users}/{id}", """{ "isInstallationAdministrator": true }""")).Status);
    }

    [Fact]
    public async Task An_administrator_cannot_take_over_accounts_that_reach_beyond_the_organisation()
    {
        var id = await _app.AddMemberAsync("jo", "acme");
        await _app.Get<MemberStore>().AddAsync("acme", id, isAdministrator: true, CancellationToken.None);
        var shared = await _app.AddMemberAsync("kim", "main", "acme");
        var own = await _app.AddMemberAsync("lou", "acme");
        var root = (await _app.Get<UserStore>().FindByNameAsync("root", CancellationToken.None))!.Id;
        var acme = await _app.EnterAsync("jo", "acme");
        foreach (var user in new[] { shared, root })
        {
            Assert.Equal((403, "account_shared"), await RefusedAsync(acme.PostAsync($"{Users}/{user}/password", "{}")));
            Assert.Equal((403, "account_shared"), await RefusedAsync(acme.DeleteAsync($"{Users}/{user}/second-factor")));
            Assert.Equal((403, "account_shared"), await RefusedAsync(acme.PatchAsync($"{Users}/{user}", """{ "displayName": "Mallory" }""")));
        }
        Assert.Equal((403, "account_shared"), await RefusedAsync(acme.PatchAsync($"{Users}/{root}", """{ "isActive": false }""")));
        Assert.Equal(200, (await acme.PostAsync($"{Users}/{own}/password", "{}")).Status);
        // Of somebody who is elsewhere, too, what is of this organisation can be changed; the rest stays.
        var elsewhere = await _app.EnterAsync("kim", "main");
        Assert.Equal(200, (await acme.PatchAsync($"{Users}/{shared}", """{ "isActive": false }""")).Status);
        Assert.Equal((200, 404), ((await elsewhere.GetAsync("/api/data/notes")).Status, (await elsewhere.SwitchAsync("acme")).Status));
        Assert.Equal(0, (await acme.GetAsync($"{Users}/{shared}/sessions")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Members_are_added_by_name_and_become_records_of_users()
    {
        var id = await _app.AddMemberAsync("jo", "main");
        var root = await _app.EnterAsync("root", "main");
        Assert.Equal(404, (await root.PostAsync($"{Url}/acme/members", """{ "userName": "nobody" }""")).Status);
        Assert.Equal(201, (await root.PostAsync($"{Url}/acme/members", """{ "userName": "jo", "isAdministrator": true }""")).Status);
        var jo = await _app.EnterAsync("jo", "acme");
        Assert.Equal(200, (await jo.GetAsync(Users)).Status);
        Assert.Equal("False", (await root.PatchAsync($"{Url}/acme/members/{id}", """{ "isAdministrator": false }"""))["isAdministrator"]);
        Assert.Equal(403, (await jo.GetAsync(Users)).Status);
        var self = (await root.GetAsync("/api/auth/me")).Json.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal(409, (await root.DeleteAsync($"{Url}/main/members/{self}")).Status);
    }

    [Fact]
    public async Task The_administration_of_the_installation_is_given_and_taken_by_those_who_have_it()
    {
        var id = await _app.AddMemberAsync("jo", "main");
        var (root, jo) = (await _app.EnterAsync("root", "main"), await _app.EnterAsync("jo", "main"));
        Assert.Equal(200, (await root.PatchAsync($"{Users}/{id}", """{ "isAdministrator": true }""")).Status);
        Assert.Equal((200, 403), ((await jo.GetAsync(Users)).Status, (await jo.GetAsync(Url)).Status));
        Assert.Equal("True", (await root.PatchAsync($"{Users}/{id}", """{ "isInstallationAdministrator": true }"""))["isInstallationAdministrator"]);
        Assert.Equal(200, (await jo.GetAsync(Url)).Status);
        Assert.Contains("\"isInstallationAdministrator\":true", (await root.GetAsync("/api/administration/audit")).Json.GetRawText().Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        // Of the two either can go, and then the other one cannot.
        var first = (await root.GetAsync("/api/auth/me")).Json.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal("False", (await jo.PatchAsync($"{Users}/{first}", """{ "isInstallationAdministrator": false }"""))["isInstallationAdministrator"]);
        Assert.Equal((200, 403), ((await root.GetAsync(Users)).Status, (await root.GetAsync(Url)).Status));
        Assert.Equal((409, "last_administrator"), await RefusedAsync(jo.PatchAsync($"{Users}/{id}", """{ "isInstallationAdministrator": false }""")));
    }

    [Fact]
    public async Task A_password_that_is_changed_in_one_organisation_ends_the_sessions_in_all()
    {
        await _app.AddMemberAsync("jo", "main", "acme");
        var (main, acme) = (await _app.EnterAsync("jo", "main"), await _app.EnterAsync("jo", "acme"));
        Assert.Equal(200, (await acme.GetAsync("/api/data/notes")).Status);
        Assert.Equal(204, (await main.PostAsync("/api/auth/password", $$"""{ "current": "{{People.Password}}", "next": "{{People.Other}}" }""")).Status);
        Assert.Equal((200, 401), ((await main.GetAsync("/api/data/notes")).Status, (await acme.GetAsync("/api/data/notes")).Status));
    }

    private static async Task<(int, string?)> RefusedAsync(Task<Answer> asked) => await asked is var answer ? (answer.Status, answer["code"]) : default;
}
