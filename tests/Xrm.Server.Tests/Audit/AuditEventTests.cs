using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Audit;

/// <summary>What happens besides changes of records, for administrators; and how long the audit keeps what.</summary>
public sealed class AuditEventTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private TestApplication _server = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("audit-events", Package().Files());
        _admin = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static PackageBuilder Package(string entity = "deal", string renamed = "", string role = "seller") => new PackageBuilder()
        .EntityWith(entity, $"\"features\": [\"audit\"], \"auditRetention\": \"P1Y\"{renamed}", """{ "name": "price", "type": "integer" }""")
        .EntityWith("note", "\"features\": [\"audit\"]")
        .File($"roles/{role}.json", $$"""{ "name": "{{role}}", "entities": { "{{entity}}": { "read": "organisation" } } }""");

    [Fact]
    public async Task Sign_ins_and_what_follows_are_told_without_any_password()
    {
        var user = await UserAsync("ada");
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = _admin.Http.BaseAddress };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(401, await PostAsync(browser, "sign-in", """{ "userName": "ada", "password": "hunter2 hunter2" }"""));
        Assert.Equal(401, await PostAsync(browser, "sign-in", """{ "userName": "my secret password", "password": "x" }"""));
        Assert.Equal(200, await PostAsync(browser, "sign-in", $$"""{ "userName": "Ada", "password": "{{Password}}" }"""));
        Assert.Equal(204, await PostAsync(browser, "password", $$"""{ "current": "{{Password}}", "next": "another horse entirely" }"""));
        Assert.Equal(204, await PostAsync(browser, "sign-out", ""));
        var page = await _admin.GetAsync("/api/administration/audit?operation=sign_in,sign_in_failed,sign_out,password_changed");
        Assert.Equal(["sign_out screen ada", "password_changed screen ada", "sign_in screen ada", "sign_in_failed screen ", "sign_in_failed screen ada"],
            Entries(page).Select(entry => $"{entry.GetProperty("operation").GetString()} {entry.GetProperty("source").GetString()} {(entry.TryGetProperty("userName", out var name) ? name.GetString() : "")}"));
        Assert.All(Entries(page), entry => Assert.Equal("127.0.0.1", entry.GetProperty("address").GetString()));
        var everything = string.Join('\n', await ColumnAsync("select row_to_json(a)::text from org_main._audit a"));
        foreach (var secret in new[] { "hunter2", Password, "another horse", "my secret" }) Assert.DoesNotContain(secret, everything);
        Assert.Equal(3, Entries(await _admin.GetAsync($"/api/administration/audit?user={user}&operation=sign_in,sign_in_failed,sign_out")).Count);
    }

    [Fact]
    public async Task A_locked_sign_in_is_told()
    {
        await UserAsync("bob");
        await ExecuteAsync("update xrm.\"user\" set locked_until = now() + interval '1 hour' where user_name = 'bob'");
        using var browser = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _admin.Http.BaseAddress };
        Assert.Equal(429, await PostAsync(browser, "sign-in", $$"""{ "userName": "bob", "password": "{{Password}}" }"""));
        Assert.Equal("bob", Entries(await _admin.GetAsync("/api/administration/audit?operation=sign_in_locked")).Single().GetProperty("userName").GetString());
    }

    [Fact]
    public async Task What_somebody_does_at_a_screen_and_by_a_program_is_told_apart()
    {
        await UserAsync("carl", isAdministrator: true);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = _admin.Http.BaseAddress };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        await PostAsync(browser, "sign-in", $$"""{ "userName": "carl", "password": "{{Password}}" }""");
        Assert.Equal(201, (int)(await browser.PostAsync("/api/data/deals", new StringContent("""{ "title": "A" }""", Encoding.UTF8, "application/json"))).StatusCode);
        await _admin.CreateAsync("deals", """{ "title": "B" }""");
        Assert.Equal(["api", "screen"], Entries(await _admin.GetAsync("/api/administration/audit?operation=create")).Select(entry => entry.GetProperty("source").GetString()));
        Assert.Single(Entries(await _admin.GetAsync("/api/administration/audit?operation=create&source=screen")));
    }

    [Fact]
    public async Task Publishes_are_told_with_the_roles_that_they_change_and_failed_ones_are_not()
    {
        Assert.Equal(422, (await PublishAsync(Package().File("roles/broken.json", """{ "name": "broken", "entities": { "nothing": { "read": "own" } } }"""))).Status);
        Assert.Equal(200, (await PublishAsync(Package().Entity("extra").File("roles/buyer.json", """{ "name": "buyer", "entities": { "note": { "read": "organisation" } } }"""))).Status);
        var entry = Assert.Single(Entries(await _admin.GetAsync("/api/administration/audit?operation=publish")));
        Assert.Equal(_admin.UserId, entry.GetProperty("userId").GetGuid());
        var details = entry.GetProperty("details");
        Assert.Equal("sample", details.GetProperty("packages")[0].GetProperty("name").GetString());
        Assert.Equal(["sample/roles/buyer.json"], details.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Contains(details.GetProperty("changes").EnumerateArray(), change => change.GetString()!.Contains("extra", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exports_are_told_with_who_what_and_how_much()
    {
        for (var number = 0; number < 3; number++) await _admin.CreateAsync("deals", $$"""{ "title": "{{number}}", "price": {{number}} }""");
        Assert.Equal(200, (await _admin.GetAsync("/api/data/deals?$filter=price gt 0&$format=csv")).Status);
        var entry = Assert.Single(Entries(await _admin.GetAsync("/api/administration/audit?operation=export&entity=deal")));
        Assert.Equal(("csv", 2, "?$filter=price gt 0&$format=csv"), (entry.GetProperty("details").GetProperty("format").GetString(), entry.GetProperty("details").GetProperty("rows").GetInt32(), entry.GetProperty("details").GetProperty("query").GetString()));
        Assert.Equal("deals", entry.GetProperty("collection").GetString());
    }

    [Fact]
    public async Task The_audit_is_for_administrators_and_its_questions_are_checked()
    {
        var seller = await _server.ClientAsync("seller");
        Assert.Equal(403, (await seller.GetAsync("/api/administration/audit")).Status);
        Assert.Equal(403, (await seller.GetAsync("/api/administration/audit/chain")).Status);
        foreach (var wrong in new[] { "from=yesterday", "to=x", "user=me", "record=1", "top=0", "top=1000000", "top=x", "after=x" })
        {
            var refused = await _admin.GetAsync($"/api/administration/audit?{wrong}");
            Assert.Equal((400, true), (refused.Status, refused["code"] is "query_not_understood"));
        }
        Assert.Empty(Entries(await _admin.GetAsync("/api/administration/audit?source=' or true --&entity=\"; drop table _audit")));
    }

    [Fact]
    public async Task The_audit_comes_in_pages_by_its_filters()
    {
        for (var number = 0; number < 5; number++) await _admin.CreateAsync("deals", $$"""{ "title": "{{number}}" }""");
        var note = await _admin.CreateAsync("notes", """{ "title": "n" }""");
        var titles = new List<string>();
        for (string? url = "/api/administration/audit?entity=deal&operation=create&top=2"; url is not null;)
        {
            var page = await _admin.GetAsync(url);
            titles.AddRange(Entries(page).Select(entry => entry.GetProperty("changes").GetProperty("title")[1].GetString()!));
            url = page["@odata.nextLink"] is { } next ? new Uri(next).PathAndQuery : null;
        }
        Assert.Equal(["4", "3", "2", "1", "0"], titles);
        Assert.Equal("note", Entries(await _admin.GetAsync($"/api/administration/audit?record={note}")).Single().GetProperty("entity").GetString());
        Assert.Empty(Entries(await _admin.GetAsync("/api/administration/audit?to=2020-01-01")));
    }

    [Fact]
    public async Task The_state_of_the_chain_is_told()
    {
        Assert.Equal("0", (await _admin.GetAsync("/api/administration/audit/chain"))["seals"]);
        await _admin.CreateAsync("deals", """{ "title": "A" }""");
        await SealAsync();
        var chain = await _admin.GetAsync("/api/administration/audit/chain");
        Assert.Equal(("1", "1", (await VerifyAsync()).Head), (chain["seals"], chain["entries"], chain["head"]));
    }

    [Fact]
    public async Task Entries_go_after_their_time_and_the_chain_stays_proved()
    {
        await _admin.CreateAsync("deals", """{ "title": "old" }""");
        var other = await _admin.CreateAsync("notes", """{ "title": "kept for ever" }""");
        await ExecuteAsync("update org_main._audit set at = at - interval '2 years'");
        await SealAsync();
        var young = await _admin.CreateAsync("deals", """{ "title": "young" }""");
        await SealAsync();
        var head = (await VerifyAsync()).Head;
        Assert.Equal(1, await RetainAsync());
        Assert.Equal(0, await RetainAsync());
        Assert.Equal([other, young], await ColumnAsync("select record_id::text from org_main._audit where record_id is not null order by at"));
        var report = await VerifyAsync(head);
        Assert.Equal((true, 1L), (report.IsIntact, report.Expired["deal"]));
        await SealAsync();
        Assert.True((await VerifyAsync(head)).IsIntact);
        Assert.Equal("deal", Entries(await _admin.GetAsync("/api/administration/audit?operation=retention")).Single().GetProperty("entity").GetString());
        // What goes by itself after that is missed all the same.
        await ExecuteAsync($"delete from org_main._audit where record_id in ('{young}', '{other}')");
        Assert.Equal([Guid.Parse(other), Guid.Parse(young)], (await VerifyAsync()).Findings.Select(finding => finding.RecordId!.Value));
    }

    [Fact]
    public async Task What_is_not_sealed_yet_does_not_go()
    {
        await _admin.CreateAsync("deals", """{ "title": "old" }""");
        await ExecuteAsync("update org_main._audit set at = at - interval '2 years'");
        Assert.Equal(0, await RetainAsync());
        await SealAsync();
        Assert.Equal(1, await RetainAsync());
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task History_follows_an_entity_and_a_field_to_their_new_names_and_the_chain_stays_proved()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "A", "price": 1 }""");
        await SealAsync();
        var renamed = Package("bargain", ", \"renamedFrom\": \"deal\"").Files();
        var text = Encoding.UTF8.GetString(renamed.Content["entities/bargain.json"].AsSpan()).Replace("\"name\": \"price\"", "\"name\": \"cost\", \"renamedFrom\": \"price\"", StringComparison.Ordinal);
        var answer = await PublishAsync(Package("bargain", ", \"renamedFrom\": \"deal\"").File("entities/bargain.json", text));
        Assert.True(answer.Status == 200, $"{answer.Json}");
        var history = await _admin.GetAsync($"/api/data/bargains/{id}/history");
        Assert.Equal(200, history.Status);
        Assert.Contains(history.Json.GetProperty("value")[0].GetProperty("changes").EnumerateArray(), change => change.GetProperty("field").GetString() == "cost" && change.GetProperty("after").GetInt32() == 1);
        Assert.Single(Entries(await _admin.GetAsync("/api/administration/audit?entity=bargain&operation=create")));
        await SealAsync();
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task Months_are_made_ahead_and_what_lies_in_none_moves_into_its_own()
    {
        Assert.Equal(0, await _server.Get<AuditMonths>().MakeAsync(CancellationToken.None));
        var id = await _admin.CreateAsync("deals", """{ "title": "A" }""");
        await ExecuteAsync($"update org_main._audit set at = '2031-05-06T00:00:00Z' where record_id = '{id}'");
        Assert.Equal("_audit_default", (await ColumnAsync($"select tableoid::regclass::text from org_main._audit where record_id = '{id}'"))[0].Split('.')[^1]);
        Assert.Equal(["2"], await ColumnAsync("select org_main._make_audit_months('2031-05-01T00:00:00Z', 1)::text"));
        Assert.Equal("_audit_2031_05", (await ColumnAsync($"select tableoid::regclass::text from org_main._audit where record_id = '{id}'"))[0].Split('.')[^1]);
        Assert.Equal(200, (await _admin.GetAsync($"/api/data/deals/{id}/history")).Status);
    }

    private async Task<Guid> UserAsync(string name, bool isAdministrator = false)
    {
        var user = new User(Guid.CreateVersion7(), name, name, null, null, false, isAdministrator, true, 0, null);
        await _server.Get<UserStore>().AddAsync(user with { PasswordHash = _server.Get<IPasswordHasher<User>>().HashPassword(user, Password) }, CancellationToken.None);
        return user.Id;
    }

    private static async Task<int> PostAsync(HttpClient client, string path, string json) =>
        (int)(await client.PostAsync($"/api/auth/{path}", new StringContent(json, Encoding.UTF8, "application/json"))).StatusCode;

    private Task<Answer> PublishAsync(PackageBuilder package)
    {
        var files = package.Files();
        var texts = files.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan()));
        if (texts.ContainsKey("entities/bargain.json")) texts.Remove("entities/deal.json");
        return _admin.PostAsync("/api/metadata/publish", JsonSerializer.Serialize(new { packages = new[] { new { name = files.Name, files = texts } } }));
    }

    private static List<JsonElement> Entries(Answer page)
    {
        Assert.True(page.Status == 200, $"{page.Status} {page.Json}");
        return [.. page.Json.GetProperty("value").EnumerateArray()];
    }

    private Task<long> SealAsync() => _server.Get<AuditSealer>().SealAsync(CancellationToken.None);

    private Task<AuditReport> VerifyAsync(string? head = null) => _server.Get<AuditVerifier>().VerifyAsync(head, (_, _) => { }, CancellationToken.None);

    private Task<long> RetainAsync() => _server.Get<AuditRetention>().RemoveAsync("deal", TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(-1), CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> ColumnAsync(string sql)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync()) values.Add(reader.GetString(0));
        return values;
    }
}
