using System.Text.Json;

namespace Xrm.Server.Tests.Rules;

/// <summary>Actions: scripts that people and programs run when they want them.</summary>
public sealed class ActionTests(ScriptApplication shop) : IClassFixture<ScriptApplication>
{
    [Fact]
    public async Task An_action_changes_its_record_and_returns_a_value()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 2.5 }""");
        var done = await ActAsync(order, """{ "percent": 50, "reason": "late", "until": "2026-12-31" }""");
        Assert.Equal((200, "1.2500", "late 2026-12-31 action"), (done.Status, done["amount"], done["found"]));
        Assert.Equal("""{"before":2.5,"after":1.25}""", done.Json.GetProperty("@xrm.result").GetRawText());
        Assert.Equal("That is much.", done.Json.GetProperty("@xrm.messages")[0].GetProperty("message").GetString());
        Assert.Equal("1.2500", (await shop.Admin.GetAsync($"/api/data/orders/{order}"))["amount"]);
    }

    [Theory]
    [InlineData("{}", "percent", "Percent is required.")]
    [InlineData("""{ "percent": "5" }""", "percent", "Percent must be a number.")]
    [InlineData("""{ "percent": 51 }""", "percent", "Percent must be at most 50.")]
    [InlineData("""{ "percent": -0.5 }""", "percent", "Percent must be at least 0.")]
    [InlineData("""{ "percent": 5, "reason": "mood" }""", "reason", "Reason must be one of loyal, late.")]
    [InlineData("""{ "percent": 5, "until": "31.12.2026" }""", "until", "Until must be a day such as 2026-11-23.")]
    [InlineData("""{ "percent": 5, "count": 1.5 }""", "count", "Count must be a whole number.")]
    [InlineData("""{ "percent": 5, "urgent": "yes" }""", "urgent", "Urgent must be true or false.")]
    [InlineData("""{ "percent": 5, "at": "noon" }""", "at", "At must be a moment such as 2026-11-23T10:00:00Z.")]
    [InlineData("""{ "percent": 5, "note": "much too long" }""", "note", "Note must be no longer than 10 characters.")]
    [InlineData("""{ "percent": 5, "for": "me" }""", "for", "For must be the id of a record of client.")]
    [InlineData("""{ "percent": 5, "resaon": "late" }""", "resaon", "Discount has no parameter resaon. Did you mean reason?")]
    public async Task What_is_sent_must_fit_the_parameters(string body, string field, string message)
    {
        var refused = await ActAsync(await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 1 }"""), body);
        Assert.Equal((400, field, message), (refused.Status, Error(refused, "field"), Error(refused, "message")));
    }

    [Fact]
    public async Task It_is_offered_in_some_states_only_and_can_refuse()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 1 }""");
        Assert.Equal((400, "No."), await ActAsync(order, """{ "percent": 5, "note": "fail" }""") is var refused ? (refused.Status, Error(refused, "message")) : default);
        await shop.Admin.PostAsync($"/api/data/orders/{order}/pay", "{}");
        var late = await ActAsync(order, """{ "percent": 5 }""");
        Assert.Equal((409, "action_not_offered"), (late.Status, late["code"]));
        Assert.Equal("1.0000", (await shop.Admin.GetAsync($"/api/data/orders/{order}"))["amount"]);
    }

    [Fact]
    public async Task Roles_say_who_may_run_it_and_versions_what_is_meant()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 1 }""");
        Assert.Equal(403, (await (await shop.App.ClientAsync("seller")).PostAsync($"/api/data/orders/{order}/bill", "{}")).Status);
        Assert.Equal(412, (await shop.Admin.SendAsync(HttpMethod.Post, $"/api/data/orders/{order}/bill", "{}", etag: "W/\"99\"")).Status);
        Assert.Equal(200, (await shop.Admin.PostAsync($"/api/data/orders/{order}/bill", "")).Status);
        Assert.Equal(404, (await shop.Admin.PostAsync($"/api/data/orders/{Guid.NewGuid()}/bill", "{}")).Status);
    }

    [Fact]
    public async Task A_repeated_call_is_carried_out_once()
    {
        var order = await shop.Admin.CreateAsync("orders", """{ "title": "T", "amount": 100 }""");
        for (var call = 0; call < 2; call++)
            Assert.Equal(200, (await shop.Admin.SendAsync(HttpMethod.Post, $"/api/data/orders/{order}/discount", """{ "percent": 10 }""", headers: ("Idempotency-Key", $"k{order}"))).Status);
        Assert.Equal("90.0000", (await shop.Admin.GetAsync($"/api/data/orders/{order}"))["amount"]);
    }

    [Fact]
    public async Task An_action_about_no_record_has_a_url_of_its_own()
    {
        var seller = await shop.App.ClientAsync("seller");
        var client = await shop.ShopperAsync();
        var none = await seller.PostAsync("/api/actions/totals", $$"""{ "client": "{{client}}" }""");
        Assert.Equal((400, "There are no orders."), (none.Status, Error(none, "message")));
        foreach (var amount in new[] { 0.1m, 0.2m }) await shop.Admin.CreateAsync("orders", FormattableString.Invariant($$"""{ "title": "T", "client_id": "{{client}}", "amount": {{amount}} }"""));
        var totals = await seller.PostAsync("/api/actions/totals", $$"""{ "client": "{{client}}" }""");
        Assert.Equal((200, """{"count":2,"sum":0.3}"""), (totals.Status, totals.Json.GetProperty("value").GetRawText()));
        Assert.StartsWith("As of 20", totals.Json.GetProperty("@xrm.messages")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Of_an_action_without_roles_only_administrators_may_make_use_and_all_of_it_happens_or_nothing()
    {
        Assert.Equal(403, (await (await shop.App.ClientAsync("boss")).PostAsync("/api/actions/clean", "{}")).Status);
        var refused = await shop.Admin.PostAsync("/api/actions/clean", "{}");
        Assert.Equal((422, "Action clean, line 1 of rules/clean.js: title: Wrong is no title."), (refused.Status, refused["detail"]));
        Assert.Equal(0, (await shop.Admin.GetAsync("/api/data/notes?$filter=title eq 'cleaned'")).Json.GetProperty("value").GetArrayLength());
    }

    [Theory]
    [InlineData("totls", "There is no action totls. Did you mean totals?")]
    [InlineData("bill", "bill is about a record: POST /api/data/orders/ID/bill.")]
    public async Task Unknown_actions_are_named(string name, string message)
    {
        var unknown = await shop.Admin.PostAsync($"/api/actions/{name}", "{}");
        Assert.Equal((404, message), (unknown.Status, unknown["detail"]));
    }

    [Fact]
    public async Task Screens_and_the_description_know_of_them()
    {
        var seller = await shop.App.ClientAsync("seller");
        var model = await seller.GetAsync("/api/metadata/application");
        var actions = model.Json.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "order").GetProperty("actions");
        Assert.Equal(["discount"], actions.EnumerateArray().Select(action => action.GetProperty("name").GetString()));
        Assert.Equal("We were late", actions[0].GetProperty("parameters")[1].GetProperty("options")[1].GetProperty("label").GetString());
        var paths = (await seller.GetAsync("/api/openapi.json")).Json.GetProperty("paths");
        var body = paths.GetProperty("/api/data/orders/{id}/discount").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("""["percent"]""", body.GetProperty("required").GetRawText());
        Assert.True(paths.TryGetProperty("/api/actions/totals", out _));
        Assert.False(paths.TryGetProperty("/api/actions/clean", out _));
    }

    private Task<Answer> ActAsync(string order, string body) => shop.Admin.PostAsync($"/api/data/orders/{order}/discount", body);

    private static string? Error(Answer answer, string property) =>
        answer.Json.TryGetProperty("errors", out var errors) && errors[0].TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
