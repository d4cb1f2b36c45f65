using System.Security.Cryptography;
using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;
using Xrm.Server.Features.Publish;
using Xrm.Server.Security.Protection;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Privacy;

/// <summary>Secrets are told by one call to those who may read them, and by nothing else to anybody.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string Marker = "Sesame-7731-marker";
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private string _id = "";

    private static PackageFiles Package(string field = "") => new PackageBuilder("vault")
        .File("entities/door.json", $$"""
            { "name": "door", "plural": "doors", "primary": "title", "ownership": "user", "features": ["audit", "recycleBin", "search"],
              "fields": [ { "name": "title", "type": "text", "search": true }, { "name": "house", "type": "lookup", "target": "house", "inverse": { "name": "doors" } },
                { "name": "code", "type": "secret", "maxLength": 50 }, { "name": "master", "type": "secret", "access": { "read": ["boss"], "write": ["boss"] } } {{field}} ],
              "rules": [ { "name": "spy", "on": ["create", "update"], "script": "door.spy.js" } ] }
            """)
        .File("rules/door.spy.js", "if (record.title === 'spy') { record.title = 'seen:' + JSON.stringify(record) + Object.keys(record).join(',') + record.code; }")
        .File("entities/house.json", """{ "name": "house", "plural": "houses", "primary": "title", "fields": [ { "name": "title", "type": "text" } ] }""")
        .File("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation" } } }""")
        .File("roles/guard.json", """{ "name": "guard", "entities": { "door": { "create": "own", "read": "own", "update": "own" } } }""")
        .File("roles/guest.json", """{ "name": "guest", "entities": { "house": { "read": "organisation" } } }""").Files();

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("vault", Package());
        _admin = await _app.ClientAsync();
        _id = await _admin.CreateAsync("doors", $$"""{ "title": "Front", "code": "{{Marker}}" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_secret_is_written_like_a_text_and_read_by_a_call_that_the_audit_tells_of()
    {
        var answer = await RevealAsync(_admin, "code");
        Assert.Equal((200, Marker, "no-store"), (answer.Status, answer["value"], answer.Message.Headers.CacheControl!.ToString()));
        var entry = (await _admin.GetAsync("/api/administration/audit?operation=secret_read")).Json.GetProperty("value").EnumerateArray().Single();
        Assert.Equal((_id, "code", "door"), (entry.GetProperty("details").GetProperty("record").GetString(), entry.GetProperty("details").GetProperty("field").GetString(), entry.GetProperty("entity").GetString()));
        Assert.DoesNotContain(Marker, entry.ToString(), StringComparison.Ordinal);
        Assert.NotNull((await _admin.GetAsync($"/api/data/doors/{_id}"))["code_changed_at"]);
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/doors/{_id}", """{ "code": null }""")).Status);
        Assert.Null((await _admin.GetAsync($"/api/data/doors/{_id}"))["code_changed_at"]);
        Assert.Null((await RevealAsync(_admin, "code"))["value"]);
        Assert.Equal(0L, await ScalarAsync("select count(*) from org_main._secret"));
    }

    [Fact]
    public async Task The_database_holds_no_secret_in_clear()
    {
        await _admin.PatchAsync($"/api/data/doors/{_id}", $$"""{ "title": "Back", "code": "{{Marker}}2", "master": "{{Marker}}3" }""");
        await _admin.SendAsync(HttpMethod.Post, "/api/data/doors", $$"""{ "title": "Once", "code": "{{Marker}}4" }""", headers: [("Idempotency-Key", "one")]);
        await _admin.PostAsync("/api/data/$batch", $$"""{ "requests": [ { "id": "1", "method": "POST", "url": "doors", "headers": { "content-type": "application/json" }, "body": { "title": "Batch", "code": "{{Marker}}5" } } ] }""");
        await RevealAsync(_admin, "code");
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, Marker));
        Assert.Equal(4L, await ScalarAsync("select count(*) from org_main._secret"));
        Assert.DoesNotContain(Marker, _admin.Defect, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/data/doors")]
    [InlineData("/api/data/doors?$select=title,code")]
    [InlineData("/api/data/doors?$select=code")]
    [InlineData("/api/data/doors?$filter=code eq 'Sesame-7731-marker'")]
    [InlineData("/api/data/doors?$filter=startswith(code,'S')")]
    [InlineData("/api/data/doors?$filter=contains(house/title,'x') or code ne null")]
    [InlineData("/api/data/doors?$orderby=code")]
    [InlineData("/api/data/doors?$search=Sesame")]
    [InlineData("/api/data/doors?$apply=groupby((code))")]
    [InlineData("/api/data/doors?$apply=aggregate(code with max as most)")]
    [InlineData("/api/data/doors?$compute=code as copy")]
    [InlineData("/api/data/doors?$expand=code")]
    [InlineData("/api/data/doors?$format=csv")]
    [InlineData("/api/data/doors?$format=csv&$select=code")]
    [InlineData("/api/data/houses?$expand=doors")]
    [InlineData("/api/data/houses?$filter=doors/any(d: d/code eq 'Sesame-7731-marker')")]
    [InlineData("/api/data/doors/ID")]
    [InlineData("/api/data/doors/ID/code")]
    [InlineData("/api/data/doors/ID/code/$value")]
    [InlineData("/api/data/doors/ID/history")]
    [InlineData("/api/data/doors/ID/history/state?at=2100-01-01T00:00:00Z")]
    [InlineData("/api/search?q=Sesame")]
    [InlineData("/api/administration/audit")]
    public async Task No_other_door_tells_it(string path)
    {
        var house = await _admin.CreateAsync("houses", """{ "title": "H" }""");
        await _admin.PatchAsync($"/api/data/doors/{_id}", $$"""{ "house_id": "{{house}}" }""");
        var answer = await _admin.GetAsync(path.Replace("ID", _id, StringComparison.Ordinal));
        var text = await answer.Message.Content.ReadAsStringAsync();
        // A refusal may say again what was asked.
        if (answer.Status < 400) Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
        if (path.Contains("eq '", StringComparison.Ordinal) || path.Contains("orderby", StringComparison.Ordinal)) Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task Changes_say_that_it_changed_and_not_to_what()
    {
        var list = await _admin.SendAsync(HttpMethod.Get, "/api/data/doors", null, prefer: "odata.track-changes");
        var link = new Uri(list["@odata.deltaLink"]!).PathAndQuery;
        await _admin.PatchAsync($"/api/data/doors/{_id}", $$"""{ "code": "{{Marker}}9" }""");
        var delta = (await _admin.GetAsync(link)).Json.ToString();
        Assert.Contains("code_changed_at", delta, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, delta, StringComparison.Ordinal);
        var history = (await _admin.GetAsync($"/api/data/doors/{_id}/history")).Json.ToString();
        Assert.Contains("\"field\":\"code\"", history.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, history, StringComparison.Ordinal);
        Assert.Equal(Marker + "9", (await RevealAsync(_admin, "code"))["value"]);
    }

    [Fact]
    public async Task Scripts_neither_read_nor_write_it()
    {
        await _admin.PatchAsync($"/api/data/doors/{_id}", $$"""{ "title": "spy", "code": "{{Marker}}" }""");
        Assert.DoesNotContain(Marker, (await _admin.GetAsync($"/api/data/doors/{_id}")).Json.ToString(), StringComparison.Ordinal);
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, Marker));
        var job = await _admin.PatchAsync("/api/data/doors?all=true", $$"""{ "code": "{{Marker}}" }""");
        Assert.Equal((400, "code secret_not_by_rule"), (job.Status, job.Errors));
    }

    [Fact]
    public async Task Who_may_not_read_the_record_or_the_field_does_not_learn_it()
    {
        var (guard, guest, boss) = (await _app.ClientAsync("guard"), await _app.ClientAsync("guest"), await _app.ClientAsync("boss"));
        Assert.Equal(404, (await RevealAsync(guard, "code")).Status);
        Assert.True((await RevealAsync(guest, "code")).Status is 403 or 404);
        var own = await guard.CreateAsync("doors", """{ "title": "Own", "code": "mine" }""");
        Assert.Equal("mine", (await guard.PostAsync($"/api/data/doors({own})/reveal?field=code", "{}"))["value"]);
        Assert.Equal(403, (await guard.PostAsync($"/api/data/doors({own})/reveal?field=master", "{}")).Status);
        Assert.Equal(403, (await guard.PatchAsync($"/api/data/doors/{own}", """{ "master": "x" }""")).Status);
        Assert.Equal(Marker, (await RevealAsync(boss, "code"))["value"]);
        Assert.Equal(400, (await RevealAsync(_admin, "title")).Status);
        Assert.Equal(400, (await RevealAsync(_admin, "nothing")).Status);
        Assert.Equal(400, (await _admin.PatchAsync($"/api/data/doors/{_id}", $$"""{ "code": "{{new string('x', 51)}}" }""")).Status);
    }

    [Fact]
    public async Task Who_reveals_many_is_slowed_down()
    {
        var statuses = new List<int>();
        for (var asked = 0; asked < 31; asked++) statuses.Add((await RevealAsync(_admin, "code")).Status);
        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task A_secret_waits_in_the_recycle_bin_and_goes_with_its_record()
    {
        await _admin.DeleteAsync($"/api/data/doors/{_id}");
        Assert.Equal(404, (await RevealAsync(_admin, "code")).Status);
        Assert.Equal(1L, await ScalarAsync("select count(*) from org_main._secret"));
        await _admin.DeleteAsync($"/api/data/doors/{_id}?deleted=only");
        Assert.Equal(0L, await ScalarAsync("select count(*) from org_main._secret"));
    }

    [Fact]
    public async Task A_secret_moved_to_another_record_cannot_be_read()
    {
        var other = await _admin.CreateAsync("doors", """{ "title": "Other" }""");
        await ScalarAsync($"update org_main._secret set record_id = '{other}'");
        var answer = await _admin.PostAsync($"/api/data/doors/{other}/reveal?field=code", "{}");
        Assert.Equal((503, "secret_unreadable"), (answer.Status, answer["code"]));
    }

    [Theory]
    [InlineData(""", { "name": "copy", "type": "text", "formula": "code" }""", "formula_use")]
    [InlineData(""", { "name": "x", "type": "secret", "unique": true }""", "setting_refused")]
    [InlineData(""", { "name": "x", "type": "secret", "index": true }""", "setting_refused")]
    [InlineData(""", { "name": "x", "type": "secret", "search": true }""", "setting_refused")]
    [InlineData(""", { "name": "x", "type": "secret", "default": "a" }""", "setting_refused")]
    [InlineData(""", { "name": "x", "type": "text", "visible": "code == 'a'" }""", "formula_use")]
    public async Task A_publish_refuses_what_would_ask_for_it(string field, string code) => Assert.Contains(code, await ProblemsAsync(_app, Package(field)));

    [Fact]
    public async Task A_publish_refuses_views_keys_and_rows_with_it()
    {
        var package = new PackageBuilder("vault2")
            .File("entities/box.json", """
                { "name": "box", "plural": "boxes", "primary": "title", "subtitle": "pin", "defaultSort": [ { "field": "pin" } ],
                  "fields": [ { "name": "title", "type": "text" }, { "name": "pin", "type": "secret" } ],
                  "keys": [ { "name": "by_pin", "fields": ["pin"] } ], "indexes": [ { "fields": ["pin"] } ],
                  "rules": [ { "name": "set", "on": ["create"], "then": [ { "set": "pin", "to": "'x'" } ] } ] }
                """)
            .File("views/box.all.json", """{ "name": "box.all", "entity": "box", "columns": ["title", "pin"], "sort": [ { "field": "pin" } ] }""")
            .File("data/box.json", """{ "entity": "box", "key": ["title"], "rows": [ { "title": "a", "pin": "1234" } ] }""").Files();
        var problems = await ProblemsAsync(_app, package);
        Assert.True(problems.Count(code => code == "secret_unsuitable") >= 8, string.Join(", ", problems));
    }

    [Fact]
    public async Task Without_a_master_key_no_secret_is_published()
    {
        await using var bare = await TestApplication.StartAsync(new TestSettings { IsEmbedded = false }, "bare", new PackageBuilder("bare").Entity("thing").Files());
        Assert.Equal(["master_key_missing", "master_key_missing"], await ProblemsAsync(bare, Package()));
        await using var keyed = await TestApplication.StartAsync(new TestSettings { IsEmbedded = false, Environment = new Dictionary<string, string?> { ["XRM_MASTER_KEY"] = NewKey() } }, "bare", new PackageBuilder("bare").Entity("thing").Files());
        Assert.Empty(await ProblemsAsync(keyed, Package()));
    }

    [Fact]
    public async Task Keys_and_the_master_key_can_be_replaced_and_a_wrong_one_is_refused()
    {
        var (first, second) = (NewKey(), NewKey());
        var settings = new Dictionary<string, string?> { ["XRM_MASTER_KEY"] = first };
        await using var app = await TestApplication.StartAsync(new TestSettings { IsEmbedded = false, Environment = settings }, "vault", Package());
        var admin = await app.ClientAsync();
        var id = await admin.CreateAsync("doors", $$"""{ "title": "Front", "code": "{{Marker}}" }""");
        var before = app.Get<SecretProtection>().CurrentKey;
        app.Get<SecretProtection>().Rotate();
        Assert.NotEqual(before, app.Get<SecretProtection>().CurrentKey);
        Assert.Equal(Marker, (await admin.PostAsync($"/api/data/doors/{id}/reveal?field=code", "{}"))["value"]);
        Assert.Empty(await WholeDatabase.TablesWithAsync(app.Database.ConnectionString, first));

        await app.StopAsync();
        settings["XRM_MASTER_KEY"] = $"{second}, {first}";
        await app.StartAgainAsync(false);
        Assert.True(await app.Get<SecretProtection>().ReplaceMasterAsync(CancellationToken.None) >= 2);
        await app.StopAsync();
        settings["XRM_MASTER_KEY"] = second;
        await app.StartAgainAsync(false);
        admin = await app.ClientAsync();
        Assert.Equal(Marker, (await admin.PostAsync($"/api/data/doors/{id}/reveal?field=code", "{}"))["value"]);
        await app.StopAsync();
        settings["XRM_MASTER_KEY"] = first;
        await app.StartAgainAsync(false);
        admin = await app.ClientAsync();
        Assert.Equal("master_key_wrong", (await admin.PostAsync($"/api/data/doors/{id}/reveal?field=code", "{}"))["code"]);
    }

    [Fact]
    public async Task Keys_of_authenticators_are_encrypted_and_old_ones_when_they_are_read()
    {
        var keys = _app.Get<AuthenticatorKeys>();
        await keys.SetAsync(_admin.UserId, "JBSWY3DPEHPK3PXP", CancellationToken.None);
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, "JBSWY3DPEHPK3PXP"));
        Assert.Equal("JBSWY3DPEHPK3PXP", await keys.FindAsync(_admin.UserId, CancellationToken.None));
        await ScalarAsync($"update xrm.\"user\" set authenticator_key = 'OLDKEYINCLEAR234' where id = '{_admin.UserId}'");
        Assert.Equal("OLDKEYINCLEAR234", await keys.FindAsync(_admin.UserId, CancellationToken.None));
        Assert.Empty(await WholeDatabase.TablesWithAsync(_app.Database.ConnectionString, "OLDKEYINCLEAR234"));
        Assert.Equal("OLDKEYINCLEAR234", await keys.FindAsync(_admin.UserId, CancellationToken.None));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static async Task<IReadOnlyList<string>> ProblemsAsync(TestApplication app, PackageFiles package)
    {
        var plan = await app.Get<PublishService>().PlanAsync(new PublishRequest([package], new HashSet<string>(), null, Caller.System), CancellationToken.None);
        return [.. plan.Problems.Select(problem => problem.Code)];
    }

    private Task<Answer> RevealAsync(TestClient client, string field) => client.PostAsync($"/api/data/doors/{_id}/reveal?field={field}", "{}");

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_app.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
