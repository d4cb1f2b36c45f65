using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>People who may change a package without being administrators: that one, and nobody's rights.</summary>
public sealed class DesignTests : IAsyncLifetime
{
    private const string Designer = """{ "name": "designer", "designs": ["shop"], "entities": { "good": { "read": "own" } } }""";

    private TestApplication _app = null!;
    private TestClient _admin = null!;
    private TestClient _designer = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("shop", Shop().Files());
        _admin = await _app.ClientAsync();
        Assert.Equal(200, (await PublishAsync(_admin, Other().Files())).Status);
        _designer = await _app.ClientAsync("designer");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_package_of_the_role_is_seen_planned_tested_and_published()
    {
        Assert.Equal(["shop"], (await _designer.GetAsync("/api/metadata/packages")).Json.EnumerateArray().Select(package => package.GetProperty("name").GetString()));
        Assert.Equal((200, 404), ((await _designer.GetAsync("/api/metadata/packages/shop")).Status, (await _designer.GetAsync("/api/metadata/packages/other")).Status));
        var next = Shop("""{ "name": "price", "type": "integer" }""").Files();
        Assert.Equal(200, (await _designer.PostAsync("/api/metadata/plan", Body(next))).Status);
        Assert.Equal(200, (await _designer.PostAsync("/api/metadata/test", Body(next))).Status);
        Assert.Equal(200, (await PublishAsync(_designer, next)).Status);
        Assert.Equal(201, (await _admin.PostAsync("/api/data/goods", """{ "title": "Tea", "price": 3 }""")).Status);
    }

    [Fact]
    public async Task Rights_stay_as_they_are()
    {
        var wider = """{ "name": "designer", "designs": ["shop", "other"], "entities": { "*": { "read": "organisation" } } }""";
        foreach (var path in new[] { "/api/metadata/publish", "/api/metadata/plan", "/api/metadata/test" })
        {
            await RefusedAsync(path, Shop().File("roles/designer.json", wider).Files());
            await RefusedAsync(path, Shop().File("roles/more.json", """{ "name": "more", "entities": { "*": { "read": "organisation" } } }""").Files());
            await RefusedAsync(path, Shop().File("Roles/more.json", """{ "name": "more", "entities": { "*": { "read": "organisation" } } }""").Files());
            await RefusedAsync(path, new PackageFiles("shop", Shop().Files().Content.Remove("roles/designer.json")));
        }
    }

    [Fact]
    public async Task Other_packages_removals_and_deletions_are_for_administrators()
    {
        await RefusedAsync("/api/metadata/publish", Other().Files());
        await RefusedAsync("/api/metadata/publish", new PackageBuilder("third").Entity("third").Files());
        // Under the name of one, the content of another.
        var disguised = await PublishAsync(_designer, new PackageFiles("shop", Other().Files().Content));
        Assert.True(disguised.Status is 403 or 422, $"{disguised.Status} {disguised.Json}");
        Assert.Equal(403, (await _designer.PostAsync("/api/metadata/publish", """{ "packages": [], "remove": ["shop"] }""")).Status);
        Assert.Equal(403, (await _designer.PostAsync("/api/metadata/publish", $$"""{ "packages": [{{One(Shop().Files())}}], "drop": ["good"] }""")).Status);
        Assert.Equal(200, (await _admin.GetAsync("/api/data/goods")).Status);
        Assert.Equal(403, (await (await _app.ClientAsync("seller")).GetAsync("/api/metadata/packages")).Status);
        foreach (var path in new[] { "/api/administration/users", "/api/access/roles", "/api/administration/audit" }) Assert.Equal(403, (await _designer.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_role_that_changes_a_package_that_is_not_there_is_told()
    {
        var answer = await PublishAsync(_admin, Shop().File("roles/odd.json", """{ "name": "odd", "designs": ["shp"] }""").Files());
        Assert.Equal(422, answer.Status);
        Assert.Contains("Did you mean shop?", answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string path, PackageFiles package)
    {
        var answer = await _designer.PostAsync(path, Body(package));
        Assert.True(answer.Status == 403, $"{path}: {answer.Status} {answer.Json}");
    }

    private static Task<Answer> PublishAsync(TestClient client, PackageFiles package) => client.PostAsync("/api/metadata/publish", Body(package));

    private static string Body(PackageFiles package) => $$"""{ "packages": [{{One(package)}}] }""";

    private static string One(PackageFiles package) =>
        JsonSerializer.Serialize(new { name = package.Name, files = package.Content.ToDictionary(file => file.Key, file => System.Text.Encoding.UTF8.GetString(file.Value.AsSpan())) });

    private static PackageBuilder Shop(params string[] fields) => new PackageBuilder("shop").Entity("good", fields).File("roles/designer.json", Designer)
        .File("roles/seller.json", """{ "name": "seller", "entities": { "good": { "read": "organisation" } } }""");

    private static PackageBuilder Other() => new PackageBuilder("other").Entity("thing");
}
