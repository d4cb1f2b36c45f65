using System.Net;
using System.Text.Json;
using Xrm.Server.Tests.Changes;
using Xrm.Server.Tests.Identity;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>Administrators see the application as others do: every door heeds it, nothing can be changed meanwhile, and nobody gains rights by it.</summary>
public sealed class PreviewTests : IAsyncLifetime
{
    private const string Preview = "/api/access/preview";

    private readonly CookieContainer _cookies = new();
    private TestApplication _app = null!;
    private TestClient _boss = null!;
    private Guid _sam;
    private string _customer = null!;
    private string _sale = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "previews", new PackageBuilder("previews")
            .EntityWith("customer", "\"features\": [\"search\", \"audit\"]")
            .EntityWith("sale", "\"ownership\": \"user\", \"features\": [\"search\", \"audit\"]", """{ "name": "customer", "type": "lookup", "target": "customer" }""", """{ "name": "scan", "type": "file" }""")
            .File("roles/seller.json", """{ "name": "seller", "label": "Seller", "entities": { "sale": { "create": "own", "read": "own", "update": "own", "delete": "own" } } }""")
            .File("roles/clerk.json", """{ "name": "clerk", "entities": { "customer": { "create": "organisation", "read": "organisation", "update": "organisation" } } }""").Files());
        await _app.AddAsync("boss", isAdministrator: true);
        _sam = await _app.AddAsync("sam", roles: "seller");
        _boss = _app.Browser(_cookies);
        await _boss.SignInAsync("boss");
        _customer = await _boss.CreateAsync("customers", """{ "title": "Acme" }""");
        _sale = await _boss.CreateAsync("sales", $$"""{ "title": "Acme first", "customer_id": "{{_customer}}", "owner_id": "{{_sam}}", "owner_type": "user" }""");
        await _boss.CreateAsync("sales", """{ "title": "Acme second" }""");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Roles_show_what_they_grant_and_no_more_until_it_ends()
    {
        await StartAsync("clerk");
        var model = (await _boss.GetAsync("/api/metadata/application")).Json;
        Assert.False(model.GetProperty("user").GetProperty("isAdministrator").GetBoolean());
        Assert.Equal(["Clerk"], model.GetProperty("user").GetProperty("preview").GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["customer"], model.GetProperty("entities").EnumerateArray().Select(entity => entity.GetProperty("name").GetString()));
        // Buttons are those of the role, although they change nothing.
        Assert.True(model.GetProperty("entities")[0].GetProperty("rights").GetProperty("create").GetBoolean());
        Assert.Equal((200, 403, 403), ((await _boss.GetAsync("/api/data/customers")).Status, (await _boss.GetAsync("/api/data/sales")).Status, (await _boss.GetAsync("/api/administration/users")).Status));
        Assert.Equal(204, (await _boss.DeleteAsync(Preview)).Status);
        Assert.Equal(2, await CountAsync(_boss));
        Assert.False((await _boss.GetAsync("/api/metadata/application")).Json.GetProperty("user").TryGetProperty("preview", out _));
    }

    [Fact]
    public async Task The_place_of_a_person_shows_their_records()
    {
        Assert.Equal(204, (await _boss.PostAsync(Preview, $$"""{ "user": "{{_sam}}" }""")).Status);
        Assert.Equal([_sale], Ids(await _boss.GetAsync("/api/data/sales")));
        var user = (await _boss.GetAsync("/api/metadata/application")).Json.GetProperty("user");
        Assert.Equal((_sam, "sam"), (user.GetProperty("id").GetGuid(), user.GetProperty("preview").GetProperty("person").GetString()));
        await _boss.DeleteAsync(Preview);
        // Other roles at the same place, and the same role at one's own place.
        await _boss.PostAsync(Preview, $$"""{ "user": "{{_sam}}", "roles": ["clerk"] }""");
        Assert.Equal(403, (await _boss.GetAsync("/api/data/sales")).Status);
        await _boss.DeleteAsync(Preview);
        await StartAsync("seller");
        Assert.DoesNotContain(_sale, Ids(await _boss.GetAsync("/api/data/sales")));
    }

    [Fact]
    public async Task Every_door_shows_what_the_roles_see()
    {
        var file = await UploadAsync();
        Assert.Equal(200, (await _boss.PatchAsync($"/api/data/sales/{_sale}", $$"""{ "scan": "{{file}}" }""")).Status);
        var delta = (await _boss.SendAsync(HttpMethod.Get, "/api/data/sales", null, prefer: "odata.track-changes"))["@odata.deltaLink"]!;
        await StartAsync("clerk");
        string[] closed = [delta, $"/api/files/{file}", $"/api/data/sales/{_sale}", "/api/data/sales/$count", "/api/data/sales?$format=csv", $"/api/data/sales/{_sale}/history", $"/api/access/explain?entity=sale&id={_sale}", $"/api/access/shares?entity=sale&id={_sale}", "/api/access/roles", "/api/administration/audit", "/api/metadata/packages"];
        foreach (var path in closed) Assert.True((await _boss.GetAsync(path)).Status is 403 or 404 or 410, path);
        Assert.DoesNotContain(_sale, (await _boss.GetAsync("/api/search?q=Acme")).Json.GetRawText());
        Assert.DoesNotContain("sales", await TextAsync("/api/data/$metadata"));
        Assert.DoesNotContain("/sales", await TextAsync("/api/openapi.json"));
        var read = Batched(await _boss.SendAsync(HttpMethod.Post, "/api/data/$batch", """{ "requests": [{ "id": "1", "method": "GET", "url": "sales" }, { "id": "2", "method": "GET", "url": "customers" }] }""", prefer: "continue-on-error"));
        Assert.Equal([403, 200], read.Select(each => each.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Streams_tell_what_the_roles_see_and_go_on()
    {
        var other = await _app.ClientAsync();
        await StartAsync("clerk");
        await using var stream = await EventStream.OpenAsync(_boss.Http, "");
        await other.PatchAsync($"/api/data/sales/{_sale}", """{ "title": "Hidden" }""");
        await other.PatchAsync($"/api/data/customers/{_customer}", """{ "title": "Shown" }""");
        Assert.Equal(_customer, (await stream.TakeAsync(1))[0]["id"]);
    }

    [Fact]
    public async Task Nothing_can_be_changed()
    {
        await StartAsync("clerk");
        (HttpMethod Method, string Path)[] writes =
        [
            (HttpMethod.Post, "/api/data/customers"), (HttpMethod.Patch, $"/api/data/customers/{_customer}"), (HttpMethod.Delete, $"/api/data/customers/{_customer}"), (HttpMethod.Patch, "/api/data/customers?all=true"),
            (HttpMethod.Put, "/api/access/shares"), (HttpMethod.Post, "/api/files"), (HttpMethod.Post, "/api/metadata/publish"), (HttpMethod.Post, "/api/administration/users"), (HttpMethod.Patch, $"/api/administration/users/{_sam}"),
            (HttpMethod.Post, "/api/auth/tokens"), (HttpMethod.Post, "/api/auth/password"), (HttpMethod.Delete, "/api/auth/sessions"), (HttpMethod.Post, Preview),
        ];
        foreach (var (method, path) in writes)
        {
            var answer = await _boss.SendAsync(method, path, """{ "title": "Changed" }""");
            Assert.Equal((403, "preview_read_only", path), (answer.Status, answer["code"], path));
        }
        var batch = Batched(await _boss.SendAsync(HttpMethod.Post, "/api/data/$batch", $$"""
            { "requests": [
                { "id": "1", "method": "PATCH", "url": "customers/{{_customer}}", "headers": { "Content-Type": "application/json" }, "body": { "title": "Changed" } },
                { "id": "2", "atomicityGroup": "g", "method": "POST", "url": "customers", "headers": { "Content-Type": "application/json" }, "body": { "title": "New" } }] }
            """, prefer: "continue-on-error"));
        Assert.All(batch, each => Assert.Equal(403, each.GetProperty("status").GetInt32()));
        await _boss.DeleteAsync(Preview);
        Assert.Equal(["Acme"], (await _boss.GetAsync("/api/data/customers")).Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Who_signs_out_takes_the_preview_along()
    {
        await StartAsync("clerk");
        Assert.Equal(204, (await _boss.PostAsync("/api/auth/sign-out", "{}")).Status);
        Assert.Equal(200, (await _boss.SignInAsync("boss")).Status);
        Assert.Equal(2, await CountAsync(_boss));
        Assert.Equal(200, (await _boss.SignInAsync("sam")).Status);
        Assert.Equal([_sale], Ids(await _boss.GetAsync("/api/data/sales")));
    }

    [Fact]
    public async Task Nobody_else_can_start_one_or_gains_by_a_cookie()
    {
        var cookies = new CookieContainer();
        var sam = _app.Browser(cookies);
        await sam.SignInAsync("sam");
        Assert.Equal((403, "forbidden"), (await sam.PostAsync(Preview, """{ "roles": ["clerk"] }""")) is var refused ? (refused.Status, refused["code"]) : default);
        // Written by hand, for the own session.
        Plant(cookies, $"{await SessionAsync(sam):N}..clerk");
        var read = await sam.GetAsync("/api/data/customers");
        Assert.Equal((403, "preview_not_allowed"), (read.Status, read["code"]));
        Assert.Equal(403, (await sam.GetAsync("/api/administration/users")).Status);
        // The way out is open, although the right is missing.
        Assert.Equal(204, (await sam.DeleteAsync(Preview)).Status);
        Assert.Equal([_sale], Ids(await sam.GetAsync("/api/data/sales")));
        // For somebody else's session it is none.
        Plant(cookies, $"{await SessionAsync(_boss):N}..clerk");
        Assert.Equal([_sale], Ids(await sam.GetAsync("/api/data/sales")));
    }

    [Fact]
    public async Task Tokens_have_no_previews()
    {
        var issued = await _boss.PostAsync("/api/auth/tokens", """{ "name": "narrow", "days": 1, "access": "read", "entities": ["customer"] }""");
        Assert.Equal(201, issued.Status);
        var program = _app.Program(issued["token"]!);
        var start = await program.PostAsync(Preview, """{ "roles": ["seller"] }""");
        Assert.Equal(403, start.Status);
        program.Http.DefaultRequestHeaders.Add("Cookie", $"xrm_preview={await SessionAsync(_boss):N}..seller");
        Assert.Equal((200, 403), ((await program.GetAsync("/api/data/customers")).Status, (await program.GetAsync("/api/data/sales")).Status));
        var full = await _app.ClientAsync();
        Assert.Equal((403, "session_required"), (await full.PostAsync(Preview, """{ "roles": ["seller"] }""")) is var refused ? (refused.Status, refused["code"]) : default);
    }

    [Fact]
    public async Task Who_is_no_administrator_any_more_has_no_preview_any_more()
    {
        var other = await _app.ClientAsync();
        await StartAsync("clerk");
        Assert.Equal(200, (await _boss.GetAsync("/api/data/customers")).Status);
        var id = (await _boss.GetAsync("/api/auth/me")).Json.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal(200, (await other.PatchAsync($"/api/administration/users/{id}", """{ "isAdministrator": false }""")).Status);
        Assert.Equal((403, "preview_not_allowed"), (await _boss.GetAsync("/api/data/customers")) is var refused ? (refused.Status, refused["code"]) : default);
    }

    [Fact]
    public async Task Beginning_and_end_are_audited_for_the_administrator()
    {
        await _boss.PostAsync(Preview, $$"""{ "user": "{{_sam}}", "roles": ["clerk"] }""");
        await _boss.DeleteAsync(Preview);
        var start = (await _boss.GetAsync("/api/administration/audit?operation=preview_started")).Json.GetProperty("value").EnumerateArray().Single();
        Assert.Equal(("boss", "clerk", _sam), (start.GetProperty("userName").GetString(), start.GetProperty("details").GetProperty("roles")[0].GetString(), start.GetProperty("details").GetProperty("user").GetGuid()));
        Assert.Single((await _boss.GetAsync("/api/administration/audit?operation=preview_ended")).Json.GetProperty("value").EnumerateArray());
    }

    [Theory]
    [InlineData("{}", "roles required")]
    [InlineData("""{ "roles": [] }""", "roles required")]
    [InlineData("""{ "roles": ["clark"] }""", "roles role_unknown")]
    [InlineData("""{ "roles": [null] }""", "roles role_unknown")]
    [InlineData("""{ "roles": ["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q","r","s","t","u"] }""", "roles too_many")]
    [InlineData("""{ "user": "00000000-0000-0000-0000-000000000009" }""", "user user_unknown")]
    [InlineData("""{ "user": "BOSS" }""", "user is_administrator")]
    public async Task Bad_input_is_told(string body, string said)
    {
        var boss = (await _boss.GetAsync("/api/auth/me")).Json.GetProperty("user").GetProperty("id").GetString();
        var answer = await _boss.PostAsync(Preview, body.Replace("BOSS", boss, StringComparison.Ordinal));
        Assert.Equal((400, said), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Roles_are_given_to_administrators_as_they_are_written()
    {
        var overview = (await _boss.GetAsync("/api/access/roles")).Json;
        Assert.Equal(["create", "read", "update", "delete", "assign", "share"], overview.GetProperty("operations").EnumerateArray().Select(each => each.GetString()).Take(6));
        var seller = overview.GetProperty("roles").EnumerateArray().Single(role => role.GetProperty("name").GetString() == "seller");
        Assert.Equal(("Seller", "previews", "roles/seller.json"), (seller.GetProperty("label").GetString(), seller.GetProperty("package").GetString(), seller.GetProperty("path").GetString()));
        Assert.Contains("\"sale\"", seller.GetProperty("text").GetString());
        var entities = overview.GetProperty("entities").EnumerateArray().ToDictionary(entity => entity.GetProperty("name").GetString()!, entity => entity);
        Assert.Equal((true, false), (Shares(entities["sale"]), Shares(entities["customer"])));
        var sam = await _app.EnterAsync("sam");
        Assert.Equal(403, (await sam.GetAsync("/api/access/roles")).Status);
    }

    private static bool Shares(JsonElement entity) => entity.GetProperty("operations").EnumerateArray().Any(operation => operation.GetString() == "share");

    private async Task StartAsync(string role) => Assert.Equal(204, (await _boss.PostAsync(Preview, $$"""{ "roles": ["{{role}}"] }""")).Status);

    private async Task<string> UploadAsync()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "file", "scan.bin" } };
        var answer = await _boss.Http.PostAsync("/api/files", form);
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }

    private async Task<string> TextAsync(string path) => await _boss.Http.GetStringAsync(path);

    private static async Task<int> CountAsync(TestClient client) => Ids(await client.GetAsync("/api/data/sales")).Length;

    private static string[] Ids(Answer answer) => [.. answer.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];

    private static JsonElement[] Batched(Answer answer) => [.. answer.Json.GetProperty("responses").EnumerateArray()];

    private static async Task<Guid> SessionAsync(TestClient browser) =>
        (await browser.GetAsync("/api/auth/sessions")).Json.EnumerateArray().Single(session => session.GetProperty("isPresent").GetBoolean()).GetProperty("id").GetGuid();

    private void Plant(CookieContainer cookies, string value) => cookies.Add(_boss.Http.BaseAddress!, new Cookie("xrm_preview", value, "/"));
}
