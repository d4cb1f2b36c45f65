using System.Text.Json;

namespace Xrm.Server.Tests.Rules;

/// <summary>When scripts run, and what they tell people.</summary>
public sealed class ScriptEventTests(ScriptApplication shop) : IClassFixture<ScriptApplication>
{
    [Fact]
    public async Task A_condition_decides_whether_a_script_runs()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 999 }""");
        Assert.Null((await shop.Admin.GetAsync($"/api/data/orders/{order}"))["found"]);
        Assert.Equal("large", (await shop.Admin.PatchAsync($"/api/data/orders/{order}", """{ "amount": 1001 }"""))["found"]);
        await shop.Admin.PatchAsync($"/api/data/orders/{order}", """{ "found": null }""");
        Assert.Null((await shop.Admin.GetAsync($"/api/data/orders/{order}"))["found"]);
    }

    [Theory]
    [InlineData("de", "Mehr als 1000.")]
    [InlineData("en", "More than 1000.")]
    public async Task Warnings_are_told_in_the_language_of_who_saves(string language, string text)
    {
        var saved = await shop.Admin.SendAsync(HttpMethod.Post, "/api/data/orders", """{ "title": "T", "amount": 2000 }""", headers: ("Accept-Language", language));
        Assert.Equal(201, saved.Status);
        Assert.Equal($$"""[{"kind":"warning","field":"amount","message":"{{text}}"},{"kind":"warning","field":null,"message":"Look twice."}]""",
            JsonSerializer.Serialize(saved.Json.GetProperty("@xrm.messages").EnumerateArray().Select(message => new
            {
                kind = message.GetProperty("kind").GetString(),
                field = message.TryGetProperty("field", out var field) ? field.GetString() : null,
                message = message.GetProperty("message").GetString(),
            })));
    }

    [Fact]
    public async Task A_transition_runs_its_scripts_and_sends_their_mail()
    {
        var title = Guid.NewGuid().ToString("N");
        var order = await shop.Admin.CreateAsync("orders", $$"""{ "title": "{{title}}" }""");
        Assert.Equal("pay update open paid", (await shop.Admin.PostAsync($"/api/data/orders/{order}/pay", "{}"))["found"]);
        Assert.Equal("pay update open paid", (await shop.Admin.PostAsync($"/api/data/orders/{order}/send", "{}"))["found"]);
        var mail = Assert.Single((await shop.Admin.GetAsync("/api/administration/mails")).Json.EnumerateArray(), mail => mail.GetProperty("subject").GetString()!.Contains(title, StringComparison.Ordinal));
        Assert.Equal($"Paid: {title}", mail.GetProperty("subject").GetString());
        Assert.Equal(["a@example.com", "b@example.com"], mail.GetProperty("recipients").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task A_script_can_refuse_a_transition()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "stuck" }""");
        var refused = await shop.Admin.PostAsync($"/api/data/orders/{order}/pay", "{}");
        Assert.Equal((400, "state", "It is stuck."), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), refused.Json.GetProperty("errors")[0].GetProperty("message").GetString()));
        Assert.Equal("open", (await shop.Admin.GetAsync($"/api/data/orders/{order}"))["state"]);
    }
}
