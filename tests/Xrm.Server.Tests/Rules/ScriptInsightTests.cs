using System.Text.Json;

namespace Xrm.Server.Tests.Rules;

/// <summary>Actions, schedules, scripts of forms and rules that follow a save are tried, counted and switched off as rules are.</summary>
public sealed class ScriptInsightTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { Environment = new Dictionary<string, string?> { ["XRM_SCRIPT_HOSTS"] = "*.example.com" } }, "script insight", InsightPackage.Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_trace_runs_what_follows_the_save_and_shows_mails_and_calls_that_it_does_not_send()
    {
        var trace = await TraceAsync(""" "entity": "letter", "values": { "title": "Hello" } """);
        Assert.Equal("accepted", trace["outcome"]);
        var post = trace.Json.GetProperty("rules")[0];
        Assert.Equal("post", post.GetProperty("rule").GetString());
        Assert.Equal("ran", post.GetProperty("outcome").GetString());
        var effects = post.GetProperty("effects").EnumerateArray().Select(effect => $"{effect.GetProperty("kind")} {effect.GetProperty("target")} {effect.GetProperty("text")}").ToArray();
        Assert.Equal(3, effects.Length);
        Assert.StartsWith("mail ada@example.com New: Hello\n\nBy user", effects[0]);
        Assert.Equal("""http POST https://api.example.com/letters {"title":"Hello"}""", effects[1]);
        Assert.StartsWith("update letter ", effects[2]);

        Assert.Equal(["condition"], Outcomes(await TraceAsync(""" "entity": "letter", "values": { "title": "quiet" } """)));
        trace = await TraceAsync(""" "entity": "letter", "values": { "title": "Hello" }, "rule": "post", "script": "throw new Error('Broken.');" """);
        Assert.Equal("failed", trace["outcome"]);
        Assert.Contains("line 1 of rules/letter.post.js: Broken.", trace["detail"]);

        Assert.Equal("0", (await _admin.GetAsync("/api/data/letters?$count=true"))["@odata.count"]);
        Assert.Empty((await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray());
        Assert.Empty((await _admin.GetAsync("/api/administration/workflow-runs")).Json.EnumerateArray());
    }

    [Fact]
    public async Task Actions_and_schedules_are_tried_without_effect()
    {
        var id = await _admin.CreateAsync("letters", """{ "title": "quiet" }""");
        var trace = await TraceAsync($$""" "entity": "letter", "id": "{{id}}", "action": "stamp", "parameters": { "text": "Paid" } """);
        Assert.Equal(("accepted", "Paid quiet"), (trace["outcome"], trace["value"]));
        var stamp = trace.Json.GetProperty("rules")[0];
        Assert.Equal(("stamp", "action", "title quiet Paid quiet"), (stamp.GetProperty("rule").GetString(), stamp.GetProperty("kind").GetString(), Changes(stamp)));
        trace = await TraceAsync($$""" "entity": "letter", "id": "{{id}}", "action": "stamp", "parameters": { "text": "Paid" }, "script": "fail('title', 'No stamps.');" """);
        Assert.Equal(("refused", "No stamps."), (trace["outcome"], trace.Json.GetProperty("errors")[0].GetProperty("message").GetString()));

        trace = await TraceAsync(""" "action": "sweep" """);
        Assert.Equal(("accepted", "swept"), (trace["outcome"], trace["value"]));
        trace = await TraceAsync(""" "schedule": "nightly" """);
        var nightly = trace.Json.GetProperty("rules")[0];
        Assert.Equal(("schedule", "at night", "create"), (nightly.GetProperty("kind").GetString(), nightly.GetProperty("log")[0].GetProperty("text").GetString(), nightly.GetProperty("effects")[0].GetProperty("kind").GetString()));
        Assert.Equal("1", (await _admin.GetAsync("/api/data/letters?$count=true"))["@odata.count"]);
        Assert.Equal(0, (await RuleAsync("sweep")).GetProperty("runs").GetInt64());
        foreach (var (body, errors) in new[] { (""" "action": "swep" """, "action unknown"), (""" "schedule": "daily" """, "schedule unknown"), (""" "entity": "letter", "action": "stamp", "parameters": { "text": "x" } """, "id required") })
            Assert.Equal(errors, (await _admin.PostAsync("/api/metadata/rules/trace", $"{{ {body} }}")).Errors);
    }

    [Fact]
    public async Task A_save_is_traced_with_the_rights_of_another_user()
    {
        var clerk = await _app.ClientAsync("clerk");
        var name = (await clerk.GetAsync("/api/metadata/application")).Json.GetProperty("user").GetProperty("userName").GetString();
        var id = await _admin.CreateAsync("letters", """{ "title": "quiet" }""");
        var trace = await TraceAsync($$""" "entity": "letter", "id": "{{id}}", "operation": "delete", "asUser": "{{name}}" """);
        Assert.Equal("refused", trace["outcome"]);
        trace = await TraceAsync($$""" "entity": "letter", "values": { "title": "Hello" }, "asUser": "{{name}}" """);
        Assert.Contains($"By {name}", trace.Json.GetProperty("rules")[0].GetProperty("effects")[0].GetProperty("text").GetString());
        Assert.Equal("refused", (await TraceAsync($$""" "action": "sweep", "asUser": "{{name}}" """))["outcome"]);
        Assert.Equal("asUser unknown", (await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "letter", "asUser": "nobody" }""")).Errors);
        Assert.Equal(403, (await clerk.PostAsync("/api/metadata/rules/trace", """{ "entity": "letter" }""")).Status);
    }

    [Fact]
    public async Task Actions_are_counted_and_refused_while_they_are_switched_off()
    {
        var id = await _admin.CreateAsync("letters", """{ "title": "quiet" }""");
        Assert.Equal(200, (await _admin.PostAsync($"/api/data/letters/{id}/stamp", """{ "text": "Paid" }""")).Status);
        Assert.Equal(200, (await _admin.PostAsync("/api/actions/sweep", "{}")).Status);
        Assert.Equal(400, (await _admin.PostAsync("/api/actions/sweep", "{}")).Status);
        var (stamp, sweep) = (await RuleAsync("stamp"), await RuleAsync("sweep"));
        Assert.Equal((1, "action", "letter"), (stamp.GetProperty("runs").GetInt64(), stamp.GetProperty("kind").GetString(), stamp.GetProperty("entity").GetString()));
        Assert.Equal((2, 1, ""), (sweep.GetProperty("runs").GetInt64(), sweep.GetProperty("refusals").GetInt64(), sweep.GetProperty("entity").GetString()));

        Assert.Contains("stamp", await OfferedAsync());
        foreach (var action in new[] { "stamp", "sweep" })
            Assert.Equal(204, (await _admin.PostAsync($"/api/metadata/actions/{action}/switch-off", """{ "reason": "Wrong text." }""")).Status);
        Assert.Equal("action_switched_off", (await _admin.PostAsync($"/api/data/letters/{id}/stamp", """{ "text": "Paid" }"""))["code"]);
        var refused = await _admin.PostAsync("/api/actions/sweep", "{}");
        Assert.Equal((409, "action_switched_off"), (refused.Status, refused["code"]));
        Assert.DoesNotContain("stamp", await OfferedAsync());
        Assert.Equal("Wrong text.", (await RuleAsync("stamp")).GetProperty("off").GetProperty("reason").GetString());
        // What is switched off can still be tried.
        Assert.Equal("accepted", (await TraceAsync($$""" "entity": "letter", "id": "{{id}}", "action": "stamp", "parameters": { "text": "Paid" } """))["outcome"]);

        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/actions/stamp/switch-on", """{ "reason": "Corrected." }""")).Status);
        Assert.Equal(200, (await _admin.PostAsync($"/api/data/letters/{id}/stamp", """{ "text": "Paid" }""")).Status);
        Assert.Equal(404, (await _admin.PostAsync("/api/metadata/actions/stmp/switch-off", """{ "reason": "x" }""")).Status);

        async Task<string> OfferedAsync() => (await LetterAsync()).GetProperty("actions").ToString();
    }

    [Fact]
    public async Task Scripts_of_forms_and_schedules_stop_when_they_are_switched_off()
    {
        Assert.Equal(1, (await LetterAsync()).GetProperty("formScripts").GetArrayLength());
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/form-scripts/letter.form.js/switch-off", """{ "reason": "Forms hang." }""")).Status);
        Assert.Equal(0, (await LetterAsync()).GetProperty("formScripts").GetArrayLength());
        Assert.Equal("form", (await RuleAsync("letter.form.js")).GetProperty("kind").GetString());

        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/schedules/nightly/switch-off", """{ "reason": "Too many letters." }""")).Status);
        Assert.Equal("Too many letters.", (await RuleAsync("nightly")).GetProperty("off").GetProperty("reason").GetString());
        var switches = await _admin.GetAsync("/api/metadata/rules/switches");
        Assert.Equal(["schedule nightly", "form letter.form.js"], switches.Json.EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("rule")}"));
    }

    private async Task<JsonElement> LetterAsync() =>
        (await _admin.GetAsync("/api/metadata/application")).Json.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "letter");

    private async Task<JsonElement> RuleAsync(string name) =>
        (await _admin.GetAsync("/api/metadata/rules")).Json.EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == name);

    private async Task<Answer> TraceAsync(string body)
    {
        var trace = await _admin.PostAsync("/api/metadata/rules/trace", $"{{ {body} }}");
        Assert.True(trace.Status == 200, trace.Json.ToString());
        return trace;
    }

    private static IEnumerable<string?> Outcomes(Answer trace) => trace.Json.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("outcome").GetString());

    private static string Changes(JsonElement holder) => string.Join("; ", holder.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("column")} {change.GetProperty("before")} {change.GetProperty("after")}"));
}
