using System.Text.Json;
using Xrm.Server.Tests.Changes;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>Sharing of records: what it gives, what it does not, how it ends, and who learns of it. That every door heeds it is tested in <see cref="AccessTests"/>.</summary>
public sealed class ShareTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private string _sale = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "shares", new PackageBuilder("shares")
            .Entity("customer").EntityWith("sale", "\"ownership\": \"user\", \"features\": [\"audit\"]", """{ "name": "customer", "type": "lookup", "target": "customer" }""")
            .File("roles/seller.json", """{ "name": "seller", "entities": { "sale": { "create": "own", "read": "own", "update": "own", "delete": "own" } } }""")
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "customer": { "read": "organisation" } } }""").Files());
        _admin = await _app.ClientAsync();
        var customer = await _admin.CreateAsync("customers", """{ "title": "Acme" }""");
        _sale = await _admin.CreateAsync("sales", $$"""{ "title": "Ours", "customer_id": "{{customer}}" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_share_gives_what_it_says_and_ends()
    {
        var seller = await _app.ClientAsync("seller");
        Assert.Equal(404, (await seller.GetAsync($"/api/data/sales/{_sale}")).Status);
        Assert.Equal(204, (await ShareAsync(_admin, seller.UserId)).Status);
        Assert.Equal(200, (await seller.GetAsync($"/api/data/sales/{_sale}")).Status);
        Assert.Equal(403, (await seller.PatchAsync($"/api/data/sales/{_sale}", """{ "title": "Mine" }""")).Status);
        Assert.Equal(204, (await ShareAsync(_admin, seller.UserId, "update")).Status);
        Assert.Equal(200, (await seller.PatchAsync($"/api/data/sales/{_sale}", """{ "title": "Mine" }""")).Status);
        // Not without the right to share.
        Assert.Equal(403, (await ShareAsync(seller, _admin.UserId)).Status);
        var shares = (await seller.GetAsync(Shares)).Json;
        Assert.False(shares.GetProperty("canShare").GetBoolean());
        Assert.Equal("""["read","update"]""", shares.GetProperty("shares")[0].GetProperty("rights").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        // Whoever received it may lay it down.
        Assert.Equal(204, (await seller.DeleteAsync($"{Shares}&principal={seller.UserId}")).Status);
        Assert.Equal(404, (await seller.GetAsync($"/api/data/sales/{_sale}")).Status);
        Assert.Equal(404, (await seller.GetAsync(Shares)).Status);
        Assert.Equal(204, (await _admin.DeleteAsync($"{Shares}&principal={seller.UserId}")).Status);
    }

    [Fact]
    public async Task A_share_gives_nothing_to_those_who_have_no_right()
    {
        var clerk = await _app.ClientAsync("clerk");
        Assert.Equal(204, (await ShareAsync(_admin, clerk.UserId, "update", "delete")).Status);
        var explained = (await _admin.GetAsync($"/api/access/explain?entity=sale&id={_sale}&user={clerk.UserId}")).Json.GetProperty("operations").EnumerateArray().ToList();
        Assert.Equal([true, true, true, false, false, false, false], explained.Select(each => each.GetProperty("isShared").GetBoolean()));
        Assert.DoesNotContain(explained, each => each.GetProperty("isAllowed").GetBoolean());
        Assert.Equal((403, 403, 403), ((await clerk.GetAsync($"/api/data/sales/{_sale}")).Status, (await clerk.GetAsync("/api/data/sales")).Status, (await clerk.DeleteAsync($"/api/data/sales/{_sale}")).Status));
        Assert.Equal(404, (await clerk.GetAsync(Shares)).Status);
    }

    [Fact]
    public async Task Another_record_with_the_same_id_is_not_shared()
    {
        var seller = await _app.ClientAsync("seller");
        var customer = await _admin.CreateAsync("customers", """{ "title": "Again" }""");
        await ShareAsync(_admin, seller.UserId, "update");
        Assert.Equal(204, (await _admin.DeleteAsync($"/api/data/sales/{_sale}")).Status);
        Assert.Equal(201, (await _admin.PostAsync("/api/data/sales", $$"""{ "id": "{{_sale}}", "title": "Other", "customer_id": "{{customer}}" }""")).Status);
        Assert.Equal(404, (await seller.GetAsync($"/api/data/sales/{_sale}")).Status);
    }

    [Fact]
    public async Task Who_follows_changes_reads_anew_and_is_told_of_what_is_shared()
    {
        var seller = await _app.ClientAsync("seller");
        await using (var stream = await EventStream.OpenAsync(seller.Http, "?entities=sale"))
        {
            await ShareAsync(_admin, seller.UserId);
            Assert.Equal("rights_changed", (await stream.TakeAsync(1))[0]["code"]);
        }
        await using var next = await EventStream.OpenAsync(seller.Http, "?entities=sale");
        await _admin.PatchAsync($"/api/data/sales/{_sale}", """{ "title": "Shared" }""");
        Assert.Equal(("update", _sale), (await next.TakeAsync(1))[0] is var told ? (told["change"]!, told["id"]!) : default);
    }

    [Fact]
    public async Task Shares_are_audited_with_what_they_were_before()
    {
        var seller = await _app.ClientAsync("seller");
        await ShareAsync(_admin, seller.UserId);
        await ShareAsync(_admin, seller.UserId, "update");
        await _admin.DeleteAsync($"{Shares}&principal={seller.UserId}");
        var told = (await _admin.GetAsync("/api/administration/audit?operation=shared")).Json.GetProperty("value").EnumerateArray().Reverse().Select(entry => entry.GetProperty("details")).ToList();
        Assert.Equal(["[] -> [read]", "[read] -> [read,update]", "[read,update] -> []"], told.Select(details => $"{Words(details, "before")} -> {Words(details, "after")}"));
        Assert.All(told, details => Assert.Equal(_sale, details.GetProperty("record").GetString()));
    }

    [Theory]
    [InlineData("""{ "entity": "sal", "id": "ID", "principal": "USER", "kind": "user" }""", 404, "entity_unknown")]
    [InlineData("""{ "entity": "customer", "id": "ID", "principal": "USER", "kind": "user" }""", 400, "not_shareable")]
    [InlineData("""{ "entity": "sale", "principal": "USER", "kind": "user" }""", 400, "id required")]
    [InlineData("""{ "entity": "sale", "id": "ID", "kind": "user" }""", 400, "principal required")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "USER", "kind": "role" }""", 400, "kind kind_unknown")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "USER", "kind": "team" }""", 400, "principal principal_unknown")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "ID", "kind": "user" }""", 400, "principal principal_unknown")]
    [InlineData("""{ "entity": "sale", "id": "USER", "principal": "USER", "kind": "user" }""", 404, "record_not_found")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "USER", "kind": "user", "rights": ["create"] }""", 400, "rights right_unknown")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "USER", "kind": "user", "rights": ["31"] }""", 400, "rights right_unknown")]
    [InlineData("""{ "entity": "sale", "id": "ID", "principal": "USER", "kind": "user", "rights": [null] }""", 400, "rights right_unknown")]
    public async Task Bad_input_is_told(string body, int status, string said)
    {
        var seller = await _app.ClientAsync("seller");
        var answer = await _admin.SendAsync(HttpMethod.Put, "/api/access/shares", body.Replace("ID", _sale, StringComparison.Ordinal).Replace("USER", seller.UserId.ToString(), StringComparison.Ordinal));
        Assert.Equal((status, said), (answer.Status, answer.Errors is { Length: > 0 } errors ? errors : answer["code"]));
    }

    private string Shares => $"/api/access/shares?entity=sale&id={_sale}";

    private Task<Answer> ShareAsync(TestClient client, Guid principal, params string[] rights) =>
        client.SendAsync(HttpMethod.Put, "/api/access/shares", JsonSerializer.Serialize(new { entity = "sale", id = _sale, principal, kind = "user", rights }));

    private static string Words(JsonElement details, string when) => $"[{string.Join(',', details.GetProperty(when).EnumerateArray().Select(word => word.GetString()))}]";
}
