using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

public sealed class RemovalTests
{
    [Fact]
    public async Task Package_is_removed_by_name_over_the_api()
    {
        await using var app = await TestApplication.StartAsync("removal", new PackageBuilder("work").Entity("job").Files(), new PackageBuilder("play").Entity("game").Files());
        var admin = await app.ClientAsync();
        await admin.CreateAsync("games", """{ "title": "Chess" }""");

        var plan = await admin.PostAsync("/api/metadata/plan", """{ "remove": ["play"] }""");
        Assert.Equal((200, "play", "removed"), (plan.Status, plan.Json.GetProperty("packages")[0].GetProperty("name").GetString(), plan.Json.GetProperty("packages")[0].GetProperty("state").GetString()));
        Assert.Equal("retireTable", Assert.Single(plan.Json.GetProperty("steps").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(200, (await admin.GetAsync("/api/data/games")).Status);

        Assert.Equal(200, (await admin.PostAsync("/api/metadata/publish", """{ "remove": ["play"] }""")).Status);
        Assert.Equal(404, (await admin.GetAsync("/api/data/games")).Status);
        Assert.Equal(200, (await admin.GetAsync("/api/data/jobs")).Status);
        Assert.Equal(422, (await admin.PostAsync("/api/metadata/publish", """{ "remove": ["play"] }""")).Status);
        Assert.Equal("packages required", (await admin.PostAsync("/api/metadata/publish", "{}")).Errors);
    }
}
