
namespace Xrm.Server.Tests.Identity;

public sealed class TokenTests
{
    private const string Tokens = "/api/auth/tokens";

    [Fact]
    public async Task A_token_is_shown_once_and_listed_with_its_last_use()
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo", roles: "writer");
        var browser = await app.EnterAsync("jo");
        var issued = await browser.PostAsync(Tokens, """{ "name": "report" }""");
        Assert.Equal(201, issued.Status);
        var token = issued["token"]!;
        Assert.StartsWith("xrm_", token, StringComparison.Ordinal);
        Assert.Equal(200, (await app.Program(token).GetAsync("/api/data/notes")).Status);
        var listed = await browser.GetAsync(Tokens);
        Assert.DoesNotContain(token, listed.Json.GetRawText(), StringComparison.Ordinal);
        var row = listed.Json.EnumerateArray().Single();
        Assert.True(row.TryGetProperty("lastUsedAt", out _));
        Assert.Equal(90, Math.Round((row.GetProperty("expiresAt").GetDateTime() - row.GetProperty("createdAt").GetDateTime()).TotalDays));
        Assert.Equal(204, (await browser.DeleteAsync($"{Tokens}/{row.GetProperty("id").GetGuid()}")).Status);
        Assert.Equal(401, (await app.Program(token).GetAsync("/api/data/notes")).Status);
    }

    [Theory]
    [InlineData("""{ "name": "x", "days": 0 }""", "days out_of_range")]
    [InlineData("""{ "name": "x", "days": 366 }""", "days out_of_range")]
    [InlineData("""{ "name": "" }""", "name required")]
    [InlineData("""{ "name": "a\r\nb" }""", "name invalid_name")]
    [InlineData("""{ "name": "x", "access": "everything" }""", "access unknown")]
    [InlineData("""{ "name": "x", "entities": [ "nonote" ] }""", "entities entity_unknown")]
    public async Task A_token_that_cannot_be_is_refused(string body, string errors)
    {
        await using var app = await People.ServeAsync();
        await app.AddAsync("jo");
        var answer = await (await app.EnterAsync("jo")).PostAsync(Tokens, body);
        Assert.Equal((400, errors), (answer.Status, answer.Errors));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_may_read_does_nothing_else(bool isAdministrator)
    {
        await using var app = await People.ServeAsync();
        var (program, note) = await IssueAsync(app, isAdministrator, """{ "name": "x", "access": "read" }""");
        Assert.Equal(200, (await program.GetAsync($"/api/data/notes/{note}")).Status);
        Assert.Equal("out_of_scope", (await program.PostAsync("/api/data/notes", """{ "title": "b" }"""))["code"]);
        Assert.Equal("out_of_scope", (await program.PatchAsync($"/api/data/notes/{note}", """{ "title": "b" }"""))["code"]);
        Assert.Equal("out_of_scope", (await program.DeleteAsync($"/api/data/notes/{note}"))["code"]);
        var batch = await program.SendAsync(HttpMethod.Post, "/api/data/$batch", $$"""
            { "requests": [ { "id": "1", "method": "get", "url": "notes/{{note}}" }, { "id": "2", "method": "patch", "url": "notes/{{note}}", "headers": { "content-type": "application/json" }, "body": { "title": "b" } },
              { "id": "3", "method": "post", "url": "notes", "headers": { "content-type": "application/json" }, "body": { "title": "b" } }, { "id": "4", "method": "delete", "url": "notes/{{note}}" } ] }
            """, prefer: "odata.continue-on-error");
        Assert.Equal([200, 403, 403, 403], batch.Json.GetProperty("responses").EnumerateArray().Select(each => each.GetProperty("status").GetInt32()));
        Assert.Equal("a", (await program.GetAsync($"/api/data/notes/{note}"))["title"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_reaches_no_other_entities_than_its_own(bool isAdministrator)
    {
        await using var app = await People.ServeAsync();
        var (program, note) = await IssueAsync(app, isAdministrator, """{ "name": "x", "access": "write", "entities": [ "memo" ] }""");
        Assert.Equal(201, (await program.PostAsync("/api/data/memos", """{ "title": "b" }""")).Status);
        Assert.Equal(403, (await program.GetAsync($"/api/data/notes/{note}")).Status);
        Assert.Equal(403, (await program.GetAsync("/api/data/notes")).Status);
        Assert.Equal(403, (await program.PostAsync("/api/data/notes", """{ "title": "b" }""")).Status);
        Assert.DoesNotContain("\"notes\"", (await program.GetAsync("/api/data")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(note, (await program.GetAsync("/api/search?q=a")).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administration_needs_the_scope_and_the_administrator()
    {
        await using var app = await People.ServeAsync();
        var (plain, _) = await IssueAsync(app, true, """{ "name": "plain", "access": "write" }""");
        Assert.Equal(403, (await plain.GetAsync("/api/administration/users")).Status);
        await app.AddAsync("boss", isAdministrator: true);
        var boss = await app.EnterAsync("boss");
        var token = (await boss.PostAsync(Tokens, """{ "name": "x", "access": "read", "administration": true }"""))["token"]!;
        Assert.Equal(200, (await app.Program(token).GetAsync("/api/administration/users")).Status);
        Assert.Equal("out_of_scope", (await app.Program(token).PostAsync("/api/administration/users", """{ "email": "a@example.com" }"""))["code"]);
        await app.AddAsync("jo");
        var person = await app.EnterAsync("jo");
        var claimed = (await person.PostAsync(Tokens, """{ "name": "x", "access": "write", "administration": true }"""))["token"]!;
        Assert.Equal(403, (await app.Program(claimed).GetAsync("/api/administration/users")).Status);
    }

    [Theory]
    [InlineData("GET", "/api/auth/tokens")]
    [InlineData("POST", "/api/auth/tokens")]
    [InlineData("GET", "/api/auth/sessions")]
    [InlineData("DELETE", "/api/auth/sessions")]
    [InlineData("POST", "/api/auth/second-factor/authenticator")]
    [InlineData("POST", "/api/auth/passkeys/challenge")]
    [InlineData("POST", "/api/auth/email")]
    public async Task A_token_does_not_change_how_its_user_signs_in(string method, string path)
    {
        await using var app = await People.ServeAsync();
        var admin = await app.ClientAsync();
        var answer = await admin.SendAsync(new HttpMethod(method), path, method == "POST" ? """{ "name": "x" }""" : null);
        Assert.Equal((403, "session_required"), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task A_token_of_somebody_who_is_deactivated_opens_nothing()
    {
        await using var app = await People.ServeAsync();
        var id = await app.AddAsync("jo", roles: "writer");
        var browser = await app.EnterAsync("jo");
        var program = app.Program((await browser.PostAsync(Tokens, """{ "name": "x" }"""))["token"]!);
        Assert.Equal(200, (await program.GetAsync("/api/data/notes")).Status);
        var admin = await app.ClientAsync();
        Assert.Equal(200, (await admin.PatchAsync($"/api/administration/users/{id}", """{ "isActive": false }""")).Status);
        Assert.Equal((401, 401), ((await program.GetAsync("/api/data/notes")).Status, (await browser.GetAsync("/api/auth/me")).Status));
        Assert.Equal(401, (await app.Browser().SignInAsync("jo")).Status);
    }

    [Fact]
    public async Task A_service_account_has_tokens_alone()
    {
        await using var app = await People.ServeAsync();
        var admin = await app.ClientAsync();
        var id = (await admin.PostAsync("/api/administration/users/service-accounts", """{ "userName": "importer", "roles": [ "writer" ] }"""))["id"]!;
        var issued = await admin.PostAsync($"/api/administration/users/{id}/tokens", """{ "name": "x", "access": "write", "entities": [ "note" ] }""");
        var program = app.Program(issued["token"]!);
        Assert.Equal((201, 403), ((await program.PostAsync("/api/data/notes", """{ "title": "a" }""")).Status, (await program.PostAsync("/api/data/memos", """{ "title": "a" }""")).Status));
        Assert.Equal(401, (await app.Browser().SignInAsync("importer")).Status);
        Assert.Equal((404, 409), ((await admin.PostAsync($"/api/administration/users/{id}/password", "{}")).Status, (await admin.PostAsync($"/api/administration/users/{id}/invitation", "{}")).Status));
        var person = await app.AddAsync("jo");
        Assert.Equal(409, (await admin.PostAsync($"/api/administration/users/{person}/tokens", """{ "name": "x" }""")).Status);
    }

    private static async Task<(TestClient Program, string Note)> IssueAsync(TestApplication app, bool isAdministrator, string wanted)
    {
        await app.AddAsync("owner", isAdministrator, null, isAdministrator ? [] : ["writer"]);
        var browser = await app.EnterAsync("owner");
        var note = await browser.CreateAsync("notes", """{ "title": "a" }""");
        var issued = await browser.PostAsync(Tokens, wanted);
        Assert.True(issued.Status == 201, issued.Json.ToString());
        return (app.Program(issued["token"]!), note);
    }
}
