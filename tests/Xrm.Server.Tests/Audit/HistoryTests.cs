using System.Text.Json;
using Npgsql;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Audit;

/// <summary>The history of a record for those who may read it: what it tells, what it hides, and how it brings values back.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private TestApplication _server = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApplication.StartAsync("history", Files());
        _admin = await _server.ClientAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static PackageFiles Files() => new PackageBuilder()
        .Entity("account")
        .EntityWith("deal", """
            "ownership": "user", "features": ["audit", "recycleBin"],
            "rules": [ { "name": "cap", "on": ["create", "update"], "script": "cap.js" } ]
            """,
            """{ "name": "status", "label": "Status", "type": "choice", "options": [ { "value": "draft", "label": "Draft" }, { "value": "active", "label": "Active" } ] }""",
            """{ "name": "price", "label": "Price", "type": "integer" }""",
            """{ "name": "account", "label": "Account", "type": "lookup", "target": "account" }""",
            """{ "name": "secret", "label": "Secret", "type": "text", "access": { "read": ["boss"] } }""",
            """{ "name": "fixed", "label": "Fixed", "type": "text", "access": { "write": ["boss"] } }""",
            """{ "name": "silent", "type": "text", "audit": false }""")
        .File("rules/cap.js", "if (record.price > 1000) fail('price', 'Too much.');")
        .File("roles/seller.json", """{ "name": "seller", "entities": { "deal": { "create": "own", "read": "own", "update": "own", "delete": "own" }, "account": { "read": "organisation" } } }""")
        .File("roles/reader.json", """{ "name": "reader", "entities": { "deal": { "read": "organisation" } } }""")
        .File("roles/boss.json", """{ "name": "boss", "entities": { "deal": { "read": "organisation", "update": "organisation" } } }""").Files();

    [Fact]
    public async Task A_history_reads_like_a_story()
    {
        var account = await _admin.CreateAsync("accounts", """{ "title": "Contoso" }""");
        var id = await _admin.CreateAsync("deals", """{ "title": "A", "status": "draft", "price": 100 }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", $$"""{ "status": "active", "price": 120, "account_id": "{{account}}" }""");
        var page = await HistoryAsync(_admin, id);
        Assert.Equal(["update", "create"], page.Select(entry => entry.GetProperty("operation").GetString()));
        var update = page[0];
        Assert.Equal("Test User", update.GetProperty("by").GetProperty("name").GetString());
        Assert.Equal(_admin.UserId, update.GetProperty("by").GetProperty("id").GetGuid());
        Assert.Equal("api", update.GetProperty("source").GetString());
        Assert.Equal("127.0.0.1", update.GetProperty("address").GetString());
        Assert.Equal(["Status: Draft -> Active", "Price: 100 -> 120", "Account:  -> Contoso"], update.GetProperty("changes").EnumerateArray().Select(Tell));
    }

    [Fact]
    public async Task A_history_comes_in_pages_without_gaps()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "A", "price": 0 }""");
        for (var price = 1; price <= 7; price++) await _admin.PatchAsync($"/api/data/deals/{id}", $$"""{ "price": {{price}} }""");
        var told = new List<string>();
        for (string? url = $"/api/data/deals/{id}/history?top=3"; url is not null;)
        {
            var page = await _admin.GetAsync(url);
            Assert.Equal(200, page.Status);
            told.AddRange(page.Json.GetProperty("value").EnumerateArray().SelectMany(entry => entry.GetProperty("changes").EnumerateArray()).Where(change => change.GetProperty("field").GetString() == "price").Select(change => change.GetProperty("after").ToString()));
            url = page["@odata.nextLink"] is { } next ? new Uri(next).PathAndQuery : null;
        }
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1", "0"], told);
        Assert.Equal(400, (await _admin.GetAsync($"/api/data/deals/{id}/history?after=nonsense")).Status);
    }

    [Fact]
    public async Task Values_of_hidden_fields_are_in_no_history_and_no_state()
    {
        var seller = await _server.ClientAsync("seller");
        var id = await seller.CreateAsync("deals", """{ "title": "A" }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "secret": "first whisper", "price": 1 }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "secret": "second whisper" }""");
        var history = await seller.GetAsync($"/api/data/deals/{id}/history");
        Assert.DoesNotContain("whisper", history.Json.GetRawText());
        Assert.DoesNotContain("ecret", history.Json.GetRawText());
        // A change of nothing else is none; who it was and from where is for administrators.
        Assert.Equal(2, history.Json.GetProperty("value").GetArrayLength());
        Assert.DoesNotContain("127.0.0.1", history.Json.GetRawText());
        foreach (var entry in await HistoryAsync(_admin, id))
        {
            var state = await seller.GetAsync($"/api/data/deals/{id}/history/{entry.GetProperty("id").GetString()}/state");
            Assert.DoesNotContain("whisper", state.Json.GetRawText());
        }
        var created = (await HistoryAsync(_admin, id))[^1].GetProperty("id").GetString();
        var restored = await seller.PostAsync($"/api/data/deals/{id}/history/{created}/restore", """{ "fields": ["secret"] }""");
        Assert.Equal((400, "fields unknown_field"), (restored.Status, restored.Errors));
        var boss = await _server.ClientAsync("boss");
        Assert.Contains("second whisper", (await boss.GetAsync($"/api/data/deals/{id}/history")).Json.GetRawText());
    }

    [Fact]
    public async Task A_hidden_field_stays_hidden_under_its_new_name_and_its_old_name_hides_it_too()
    {
        var seller = await _server.ClientAsync("seller");
        var id = await seller.CreateAsync("deals", """{ "title": "A" }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "secret": "whisper" }""");
        await ExecuteAsync("insert into org_main._audit_field_name (entity, formerly, now) values ('deal', 'title', 'secret')");
        // What was written as the title is what is the secret today.
        Assert.DoesNotContain("\"A\"", (await seller.GetAsync($"/api/data/deals/{id}/history")).Json.GetRawText());
        await ExecuteAsync("""update org_main._audit set changes = '{"gone":[null,"whisper"]}' where operation = 'update'""");
        Assert.DoesNotContain("whisper", (await seller.GetAsync($"/api/data/deals/{id}/history")).Json.GetRawText());
    }

    [Fact]
    public async Task Names_of_records_that_one_may_not_read_are_not_told()
    {
        var account = await _admin.CreateAsync("accounts", """{ "title": "Contoso" }""");
        var id = await _admin.CreateAsync("deals", $$"""{ "title": "A", "account_id": "{{account}}" }""");
        var reader = await _server.ClientAsync("reader");
        var history = (await reader.GetAsync($"/api/data/deals/{id}/history")).Json.GetRawText();
        Assert.Contains(account, history);
        Assert.DoesNotContain("Contoso", history);
    }

    [Fact]
    public async Task There_is_no_history_of_records_that_one_may_not_read()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "A" }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "price": 1 }""");
        var entry = (await HistoryAsync(_admin, id))[^1].GetProperty("id").GetString();
        var seller = await _server.ClientAsync("seller");
        Assert.Equal(404, (await seller.GetAsync($"/api/data/deals/{id}/history")).Status);
        Assert.Equal(404, (await seller.GetAsync($"/api/data/deals/{id}/history/{entry}/state")).Status);
        Assert.Equal(404, (await seller.GetAsync($"/api/data/deals/{id}/history/state?at=2026-01-01")).Status);
        Assert.Equal(404, (await seller.PostAsync($"/api/data/deals/{id}/history/{entry}/restore", "{}")).Status);
        // An entry of another record is none of this one's.
        var own = await seller.CreateAsync("deals", """{ "title": "B" }""");
        Assert.Equal(404, (await seller.GetAsync($"/api/data/deals/{own}/history/{entry}/state")).Status);
        Assert.Equal(404, (await seller.PostAsync($"/api/data/deals/{own}/history/{entry}/restore", "{}")).Status);
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _admin.Http.BaseAddress };
        Assert.Equal(401, (int)(await stranger.GetAsync($"/api/data/deals/{id}/history")).StatusCode);
    }

    [Fact]
    public async Task A_record_of_another_kind_with_the_same_id_opens_no_history()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "confidential" }""");
        await _admin.CreateAsync("accounts", $$"""{ "id": "{{id}}", "title": "B" }""");
        Assert.DoesNotContain("confidential", (await _admin.GetAsync($"/api/data/accounts/{id}/history")).Json.GetRawText());
    }

    [Fact]
    public async Task Any_earlier_state_can_be_shown()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "A", "status": "draft", "price": 1 }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "price": 2 }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "price": 3, "status": "active" }""");
        var entries = await HistoryAsync(_admin, id);
        Assert.Equal(["3 Active", "2 Draft", "1 Draft"], await Task.WhenAll(entries.Select(async entry => Summary((await _admin.GetAsync($"/api/data/deals/{id}/history/{entry.GetProperty("id").GetString()}/state")).Json))));
        var second = entries[1].GetProperty("at").GetString()!;
        Assert.Equal("2 Draft", Summary((await _admin.GetAsync($"/api/data/deals/{id}/history/state?at={Uri.EscapeDataString(second)}")).Json));
        Assert.Equal(" ", Summary((await _admin.GetAsync($"/api/data/deals/{id}/history/state?at=2001-01-01T00:00:00Z")).Json));
        Assert.Equal(400, (await _admin.GetAsync($"/api/data/deals/{id}/history/state?at=yesterday")).Status);
        var state = (await _admin.GetAsync($"/api/data/deals/{id}/history/{entries[^1].GetProperty("id").GetString()}/state")).Json;
        Assert.Equal(["status", "price"], state.GetProperty("fields").EnumerateArray().Where(field => field.GetProperty("differs").GetBoolean()).Select(field => field.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Values_come_back_by_an_ordinary_change_that_the_history_tells_of()
    {
        var id = await _admin.CreateAsync("deals", """{ "title": "A", "status": "draft", "price": 1 }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "price": 2, "status": "active" }""");
        var created = (await HistoryAsync(_admin, id))[^1].GetProperty("id").GetString();
        var restored = await _admin.PostAsync($"/api/data/deals/{id}/history/{created}/restore", """{ "fields": ["price"] }""");
        Assert.Equal((200, "1", "active", "3"), (restored.Status, restored["price"], restored["status"], restored["version"]));
        var newest = (await HistoryAsync(_admin, id))[0];
        Assert.Equal(("history", created), (newest.GetProperty("cause").GetProperty("kind").GetString(), newest.GetProperty("cause").GetProperty("id").GetString()));
        Assert.Equal("api", newest.GetProperty("source").GetString());
        // Without names all that differs comes back.
        Assert.Equal("draft", (await _admin.PostAsync($"/api/data/deals/{id}/history/{created}/restore", ""))["status"]);
        Assert.Equal("fields nothing_to_restore", (await _admin.PostAsync($"/api/data/deals/{id}/history/{created}/restore", "")).Errors);
        Assert.Equal(412, (await _admin.SendAsync(HttpMethod.Post, $"/api/data/deals/{id}/history/{created}/restore", """{ "fields": ["price"] }""", "W/\"1\"")).Status);
    }

    [Fact]
    public async Task Nothing_comes_back_without_the_right_or_against_the_rules()
    {
        var seller = await _server.ClientAsync("seller");
        var id = await seller.CreateAsync("deals", """{ "title": "A" }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "fixed": "once" }""");
        await _admin.PatchAsync($"/api/data/deals/{id}", """{ "fixed": "twice", "price": 5 }""");
        await ExecuteAsync("""update org_main._audit set changes = replace(changes, '"price":[null,5]', '"price":[5000,5]') where operation = 'update'""");
        var once = (await HistoryAsync(_admin, id))[1].GetProperty("id").GetString();
        var reader = await _server.ClientAsync("reader");
        var refused = await reader.PostAsync($"/api/data/deals/{id}/history/{once}/restore", """{ "fields": ["price"] }""");
        Assert.Equal(403, refused.Status);
        Assert.Equal(403, (await seller.PostAsync($"/api/data/deals/{id}/history/{once}/restore", """{ "fields": ["fixed"] }""")).Status);
        var capped = await seller.PostAsync($"/api/data/deals/{id}/history/{once}/restore", """{ "fields": ["price"] }""");
        Assert.Equal((400, "price rule_refused"), (capped.Status, capped.Errors));
        Assert.Equal("twice", (await _admin.GetAsync($"/api/data/deals/{id}"))["fixed"]);
        Assert.Equal(400, (await seller.PostAsync($"/api/data/deals/{id}/history/{once}/restore", """{ "fields": "price" }""")).Status);
        Assert.Equal(400, (await seller.PostAsync($"/api/data/deals/{id}/history/{once}/restore", """{ "fields": ["silent"] }""")).Status);
    }

    [Fact]
    public async Task What_lies_in_the_recycle_bin_has_a_history()
    {
        var seller = await _server.ClientAsync("seller");
        var id = await seller.CreateAsync("deals", """{ "title": "A", "price": 7 }""");
        await seller.DeleteAsync($"/api/data/deals/{id}");
        var entries = await HistoryAsync(seller, id);
        Assert.Equal(["delete", "create"], entries.Select(entry => entry.GetProperty("operation").GetString()));
        var state = (await seller.GetAsync($"/api/data/deals/{id}/history/{entries[0].GetProperty("id").GetString()}/state")).Json;
        Assert.True(state.GetProperty("isDeleted").GetBoolean());
        Assert.Equal("7 ", Summary(state));
        Assert.Equal(409, (await seller.PostAsync($"/api/data/deals/{id}/history/{entries[1].GetProperty("id").GetString()}/restore", "")).Status);
        await seller.PostAsync($"/api/data/deals/{id}/restore", "");
        Assert.Equal(["restore", "delete", "create"], (await HistoryAsync(seller, id)).Select(entry => entry.GetProperty("operation").GetString()));
        var other = await _server.ClientAsync("seller");
        Assert.Equal(404, (await other.GetAsync($"/api/data/deals/{id}/history")).Status);
    }

    private static async Task<List<JsonElement>> HistoryAsync(TestClient client, string id)
    {
        var answer = await client.GetAsync($"/api/data/deals/{id}/history");
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        return [.. answer.Json.GetProperty("value").EnumerateArray()];
    }

    private static string Tell(JsonElement change) => $"{change.GetProperty("label").GetString()}: {Told(change, "before")} -> {Told(change, "after")}";

    private static string Told(JsonElement of, string name) => of.TryGetProperty(name + "Text", out var text) ? text.GetString()! : of.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Summary(JsonElement state)
    {
        var fields = state.GetProperty("fields").EnumerateArray().ToDictionary(field => field.GetProperty("field").GetString()!);
        return $"{(fields["price"].TryGetProperty("value", out var price) ? price.ToString() : "")} {(fields["status"].TryGetProperty("text", out var status) ? status.GetString() : "")}";
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _server.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
