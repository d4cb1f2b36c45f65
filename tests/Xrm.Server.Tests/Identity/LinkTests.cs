using System.Text.Json;

namespace Xrm.Server.Tests.Identity;

public sealed class LinkTests
{
    private const string Users = "/api/administration/users";

    [Fact]
    public async Task Somebody_who_is_invited_chooses_a_password_and_is_in()
    {
        await using var app = await People.ServeAsync();
        var admin = await app.ClientAsync();
        var invited = await admin.PostAsync(Users, """{ "email": "Jo@Example.com", "displayName": "Jo", "roles": [ "writer" ] }""");
        Assert.Equal(201, invited.Status);
        Assert.Equal("invited", (await admin.GetAsync($"{Users}/{invited["id"]}"))["state"]);
        var secret = (await app.LinksAsync("Jo@Example.com")).Single();
        Assert.EndsWith(secret, invited["link"], StringComparison.Ordinal);
        var browser = app.Browser();
        Assert.Equal("jo@example.com", (await browser.PostAsync("/api/auth/invitation", Secret(secret)))["userName"]);
        Assert.Equal("password weak_password", (await AcceptAsync(browser, secret, "short")).Errors);
        Assert.Equal(200, (await AcceptAsync(browser, secret, People.Password)).Status);
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
        Assert.Equal(410, (await AcceptAsync(app.Browser(), secret, People.Other)).Status);
        var user = await admin.GetAsync($"{Users}/{invited["id"]}");
        Assert.Equal(("active", "True"), (user["state"], user["isEmailConfirmed"]));
    }

    [Fact]
    public async Task An_invitation_is_void_when_it_is_revoked_replaced_or_old()
    {
        await using var app = await People.ServeAsync();
        var admin = await app.ClientAsync();
        var id = (await admin.PostAsync(Users, """{ "email": "jo@example.com" }"""))["id"];
        Assert.Equal(200, (await admin.PostAsync($"{Users}/{id}/invitation", "{}")).Status);
        Assert.Equal(204, (await admin.DeleteAsync($"{Users}/{id}/invitation")).Status);
        Assert.Equal(200, (await admin.PostAsync($"{Users}/{id}/invitation", "{}")).Status);
        await app.ExecuteAsync("update xrm.ticket set expires_at = now()");
        var secrets = await app.LinksAsync("jo@example.com");
        Assert.Equal(3, secrets.Length);
        foreach (var secret in secrets) Assert.Equal(410, (await AcceptAsync(app.Browser(), secret, People.Password)).Status);
    }

    [Theory]
    [InlineData("jo@example.com\\r\\nBcc: all@example.com")]
    [InlineData("jo@example.com, kim@example.com")]
    [InlineData("Jo <jo@example.com>")]
    [InlineData("jo")]
    [InlineData("")]
    public async Task What_is_no_single_address_is_refused(string email)
    {
        await using var app = await People.ServeAsync();
        Assert.Equal("email invalid_email", (await (await app.ClientAsync()).PostAsync(Users, $$"""{ "email": "{{email}}" }""")).Errors);
    }

    [Fact]
    public async Task Names_with_line_breaks_come_into_no_mail()
    {
        await using var app = await People.ServeAsync();
        Assert.Equal("displayName invalid_name", (await (await app.ClientAsync()).PostAsync(Users, """{ "email": "jo@example.com", "displayName": "Jo\r\nBcc: all@example.com" }""")).Errors);
        Assert.Empty(await app.LinksAsync("jo@example.com"));
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_once_and_all_sessions_end()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo", email: "jo@example.com");
        var (old, visitor) = (await app.EnterAsync("jo"), app.Browser());
        Assert.Equal(202, (await visitor.PostAsync("/api/auth/password/forgotten", """{ "name": "JO@example.com" }""")).Status);
        var secret = (await MailAsync(app, 1)).Single();
        Assert.Equal(400, (await ResetAsync(visitor, secret, People.Password)).Status);
        Assert.Equal(204, (await ResetAsync(visitor, secret, People.Other)).Status);
        Assert.Equal(410, (await ResetAsync(visitor, secret, "noch eins zum probieren 3")).Status);
        Assert.Equal(401, (await old.GetAsync("/api/auth/me")).Status);
        Assert.Equal(401, (await visitor.SignInAsync("jo")).Status);
        await app.EnterAsync("jo", People.Other);
    }

    [Fact]
    public async Task Nothing_tells_whether_somebody_has_a_name()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo", email: "jo@example.com");
        await app.AddAsync("unconfirmed");
        var visitor = app.Browser();
        var answers = new List<string>();
        foreach (var name in new[] { "jo", "nobody", "unconfirmed", "jo@example.com" })
        {
            var answer = await visitor.PostAsync("/api/auth/password/forgotten", $$"""{ "name": "{{name}}" }""");
            answers.Add($"{answer.Status} {await answer.Message.Content.ReadAsStringAsync()} {string.Join(',', answer.Message.Headers.Select(header => header.Key).Order())}");
        }
        Assert.Single(answers.Distinct());
        var wrong = new[] { await visitor.SignInAsync("jo", "wrong"), await visitor.SignInAsync("nobody", "wrong") };
        Assert.Single(wrong.Select(answer => (answer.Status, answer["code"], answer["detail"])).Distinct());
    }

    [Fact]
    public async Task Names_that_nobody_has_are_locked_like_others()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        foreach (var name in new[] { "jo", "nobody" })
        {
            var visitor = app.Browser();
            for (var tries = 0; tries < 8; tries++) Assert.Equal(401, (await visitor.SignInAsync(name, "wrong")).Status);
            Assert.Equal((429, "sign_in_locked"), await visitor.SignInAsync(name, "wrong") is var last ? (last.Status, last["code"]) : default);
        }
    }

    [Fact]
    public async Task Few_links_are_sent_within_an_hour_and_none_to_another_host()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo", email: "jo@example.com");
        var visitor = app.Browser();
        Assert.Equal(202, (await visitor.SendAsync(HttpMethod.Post, "/api/auth/password/forgotten", """{ "name": "jo" }""", headers: ("Host", "evil.example"))).Status);
        for (var asked = 0; asked < 6; asked++) Assert.Equal(202, (await visitor.PostAsync("/api/auth/password/forgotten", """{ "name": "jo" }""")).Status);
        // On one connection a request begins when all that the one before it has caused is done.
        Assert.Equal(200, (await visitor.GetAsync("/api/auth/options")).Status);
        Assert.Equal(3, (await app.LinksAsync("jo@example.com")).Length);
        Assert.Equal(0, await app.ExecuteAsync("delete from org_main._mail where body like '%evil%'"));
    }

    [Fact]
    public async Task A_secret_opens_nothing_but_what_it_is_for()
    {
        await using var app = await People.ServeAsync();
        var admin = await app.ClientAsync();
        await admin.PostAsync(Users, """{ "email": "jo@example.com" }""");
        var secret = (await app.LinksAsync("jo@example.com")).Single();
        Assert.Equal((410, 410), ((await ResetAsync(app.Browser(), secret, People.Password)).Status, (await app.Browser().PostAsync("/api/auth/email/confirm", Secret(secret))).Status));
        Assert.Equal(410, (await AcceptAsync(app.Browser(), new string('x', 100_000)[..60_000], People.Password)).Status);
        Assert.Equal(413, (await AcceptAsync(app.Browser(), new string('x', 100_000), People.Password)).Status);
    }

    [Fact]
    public async Task A_changed_address_counts_when_it_is_confirmed()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo", email: "jo@example.com");
        await app.AddAsync("kim", email: "kim@example.com");
        var browser = await app.EnterAsync("jo");
        Assert.Equal(400, (await browser.PostAsync("/api/auth/email", """{ "email": "new@example.com", "password": "wrong" }""")).Status);
        foreach (var address in new[] { "new@example.com", "kim@example.com" })
            Assert.Equal(202, (await browser.PostAsync("/api/auth/email", $$"""{ "email": "{{address}}", "password": "{{People.Password}}" }""")).Status);
        Assert.Equal("jo@example.com", (await browser.GetAsync("/api/auth/email"))["email"]);
        Assert.Equal(409, (await app.Browser().PostAsync("/api/auth/email/confirm", Secret((await app.LinksAsync("kim@example.com")).Single()))).Status);
        var secret = Secret((await app.LinksAsync("new@example.com")).Single());
        Assert.Equal((204, 410), ((await app.Browser().PostAsync("/api/auth/email/confirm", secret)).Status, (await app.Browser().PostAsync("/api/auth/email/confirm", secret)).Status));
        Assert.Equal("new@example.com", (await (await app.ClientAsync()).GetAsync($"{Users}/{id}"))["email"]);
    }

    [Theory]
    [InlineData("Password1234!")]
    [InlineData("qwertyuiop123456")]
    [InlineData("P@ssw0rd2024!!")]
    [InlineData("administrator1")]
    [InlineData("123456789012345")]
    [InlineData("passwordpassword")]
    [InlineData("jo jo jo jo jo jo")]
    public async Task Passwords_that_are_tried_first_are_refused(string password)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var answer = await (await app.EnterAsync("jo")).PostAsync("/api/auth/password", $$"""{ "current": "{{People.Password}}", "next": "{{password}}" }""");
        Assert.Equal("next weak_password", answer.Errors);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("boss", isAdministrator: true);
        var boss = await app.EnterAsync("boss");
        foreach (var change in new[] { """{ "isActive": false }""", """{ "isAdministrator": false }""" })
            Assert.Equal("last_administrator", (await boss.PatchAsync($"{Users}/{id}", change))["code"]);
        var second = await app.AddAsync("second", isAdministrator: true);
        Assert.Equal(200, (await boss.PatchAsync($"{Users}/{second}", """{ "isAdministrator": false, "roles": [ "writer" ] }""")).Status);
        Assert.Equal("roles role_unknown", (await boss.PatchAsync($"{Users}/{second}", """{ "roles": [ "writter" ] }""")).Errors);
    }

    [Fact]
    public async Task A_one_time_password_of_an_administrator_has_to_be_replaced()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo", roles: "writer");
        var old = await app.EnterAsync("jo");
        var password = (await (await app.ClientAsync()).PostAsync($"{Users}/{id}/password", "{}"))["password"]!;
        Assert.Equal(401, (await old.GetAsync("/api/auth/me")).Status);
        var browser = await app.EnterAsync("jo", password);
        Assert.Equal("password_change_required", (await browser.GetAsync("/api/data/notes"))["code"]);
        Assert.Equal("password_change_required", (await browser.GetAsync("/api/auth/sessions"))["code"]);
        Assert.Equal(204, (await browser.PostAsync("/api/auth/password", $$"""{ "current": "{{password}}", "next": "{{People.Other}}" }""")).Status);
        Assert.Equal(200, (await browser.GetAsync("/api/data/notes")).Status);
    }

    [Fact]
    public async Task People_without_rights_administer_nobody()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo", roles: "writer");
        var browser = await app.EnterAsync("jo");
        Assert.Equal(403, (await browser.GetAsync(Users)).Status);
        Assert.Equal(403, (await browser.PatchAsync($"{Users}/{id}", """{ "isAdministrator": true }""")).Status);
        Assert.Equal(403, (await browser.PostAsync($"{Users}/{id}/password", "{}")).Status);
    }

    private static async Task<string[]> MailAsync(TestApplication app, int count)
    {
        string[] links;
        do links = await app.LinksAsync("jo@example.com"); while (links.Length < count);
        return links;
    }

    private static string Secret(string secret) => JsonSerializer.Serialize(new { secret });

    private static Task<Answer> AcceptAsync(TestClient browser, string secret, string password) => browser.PostAsync("/api/auth/invitation/accept", JsonSerializer.Serialize(new { secret, password }));

    private static Task<Answer> ResetAsync(TestClient browser, string secret, string password) => browser.PostAsync("/api/auth/password/reset", JsonSerializer.Serialize(new { secret, password }));
}
