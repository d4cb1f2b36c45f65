using System.Text.Json;
using Dapper;
using Xrm.Data.Rules;

namespace Xrm.Server.Tests.Rules;

public sealed class RuleInsightTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("insight", InsightPackage.Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Runs_refusals_and_failures_are_counted_with_the_line_and_survive_a_restart()
    {
        await _admin.CreateAsync("items", """{ "title": "a", "count": 1 }""");
        await _admin.CreateAsync("items", """{ "title": "b", "count": 2 }""");
        Assert.Equal(400, (await _admin.PostAsync("/api/data/items", """{ "title": "c", "count": 101 }""")).Status);
        Assert.Equal(422, (await _admin.PostAsync("/api/data/items", """{ "title": "d", "count": 13 }""")).Status);
        var check = await RuleAsync("check");
        Assert.Equal((4, 1, 1, "script", "stock"), (check.GetProperty("runs").GetInt64(), check.GetProperty("refusals").GetInt64(), check.GetProperty("failures").GetInt64(), check.GetProperty("kind").GetString(), check.GetProperty("package").GetString()));
        Assert.Equal(4, check.GetProperty("lastFailure").GetProperty("line").GetInt32());
        Assert.Contains("No thirteen.", check.GetProperty("lastFailure").GetProperty("message").GetString());
        Assert.True(check.GetProperty("meanMilliseconds").GetDouble() <= check.GetProperty("longestMilliseconds").GetDouble());
        var sized = await RuleAsync("sized");
        // It runs beside a refusal, so that all is told at once.
        Assert.Equal((3, 0, "decision"), (sized.GetProperty("runs").GetInt64(), sized.GetProperty("failures").GetInt64(), sized.GetProperty("kind").GetString()));
        Assert.Equal(0, (await RuleAsync("keep")).GetProperty("runs").GetInt64());

        await _app.StopAsync();
        await _app.StartAgainAsync(worksInBackground: false);
        _admin = await _app.ClientAsync();
        await _admin.CreateAsync("items", """{ "title": "e", "count": 3 }""");
        Assert.Equal(5, (await RuleAsync("check")).GetProperty("runs").GetInt64());
        Assert.Equal(403, (await (await _app.ClientAsync("seller")).GetAsync("/api/metadata/rules")).Status);
    }

    [Fact]
    public async Task A_rule_is_switched_off_and_on_at_once_with_a_reason_that_is_kept()
    {
        Assert.Equal("reason required", (await _admin.PostAsync("/api/metadata/rules/item/check/switch-off", """{ "reason": " " }""")).Errors);
        Assert.Equal(404, (await _admin.PostAsync("/api/metadata/rules/item/chek/switch-off", """{ "reason": "x" }""")).Status);
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/item/check/switch-off", """{ "reason": "It refuses orders." }""")).Status);
        var id = await _admin.CreateAsync("items", """{ "title": "a", "count": 101 }""");
        Assert.Null((await _admin.GetAsync($"/api/data/items/{id}"))["note"]);
        var off = (await RuleAsync("check")).GetProperty("off");
        Assert.Equal(("It refuses orders.", "Test User"), (off.GetProperty("reason").GetString(), off.GetProperty("by").GetString()));
        Assert.Equal(409, (await _admin.PostAsync("/api/metadata/rules/item/check/switch-off", """{ "reason": "again" }""")).Status);

        // A form that runs rules must not run it either.
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/item/sized/switch-off", """{ "reason": "Wrong size." }""")).Status);
        var model = await _admin.GetAsync("/api/metadata/application");
        Assert.Empty(model.Json.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "item").GetProperty("rules").EnumerateArray());

        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/item/check/switch-on", """{ "reason": "Corrected." }""")).Status);
        Assert.Equal(400, (await _admin.PostAsync("/api/data/items", """{ "title": "b", "count": 101 }""")).Status);
        var switches = await _admin.GetAsync("/api/metadata/rules/switches");
        Assert.Equal(["Corrected.", "Wrong size.", "It refuses orders."], switches.Json.EnumerateArray().Select(one => one.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_rule_that_follows_the_save_is_traced_and_does_not_run_once_it_is_switched_off()
    {
        var trace = await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "echo", "values": { "title": "a" } }""");
        Assert.Equal(["told ran", "check ran"], trace.Json.GetProperty("rules").EnumerateArray().Take(2).Select(rule => $"{rule.GetProperty("rule")} {rule.GetProperty("outcome")}"));
        Assert.Equal("rule runs_after", (await _admin.PostAsync("/api/metadata/rules/dry-run", """{ "entity": "echo", "rule": "told" }""")).Errors);
        await _admin.CreateAsync("echos", """{ "title": "a" }""");
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/echo/told/switch-off", """{ "reason": "It makes too many." }""")).Status);
        await _app.StopAsync();
        await _app.StartAgainAsync(worksInBackground: true);
        _admin = await _app.ClientAsync();
        JsonElement run;
        while ((run = (await _admin.GetAsync("/api/administration/workflow-runs")).Json[0]).GetProperty("state").GetString() != "failed") await Task.Delay(20);
        Assert.EndsWith("The rule echo.told is switched off.", run.GetProperty("lastError").GetString());
        Assert.Empty((await _admin.GetAsync("/api/data/items")).Json.GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task Other_nodes_hear_of_a_switch()
    {
        await using var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "insight", InsightPackage.Files());
        var elsewhere = new RuleSwitches(app.Database);
        await app.Get<RuleSwitches>().OffAsync(CancellationToken.None);
        await elsewhere.SwitchAsync(new RuleSwitch { Entity = "item", Rule = "check", IsOff = true, Reason = "x", UserId = Guid.NewGuid() }, CancellationToken.None);
        while (!(await app.Get<RuleSwitches>().OffAsync(CancellationToken.None)).Contains(new RuleKey(RuleKey.OfRules, "item", "check"))) await Task.Delay(10);
    }

    [Fact]
    public async Task A_trace_tells_what_each_rule_does_line_by_line()
    {
        var id = await _admin.CreateAsync("items", """{ "title": "a", "count": 1, "price": 2.5 }""");
        var trace = await _admin.PostAsync("/api/metadata/rules/trace", $$"""{ "entity": "item", "id": "{{id}}", "values": { "count": 60 } }""");
        Assert.Equal((200, "accepted"), (trace.Status, trace["outcome"]));
        var rules = trace.Json.GetProperty("rules").EnumerateArray().ToDictionary(rule => rule.GetProperty("rule").GetString()!);
        Assert.Equal(["ran", "ran", "fields", "event"], rules.Values.Select(rule => rule.GetProperty("outcome").GetString()));
        var check = rules["check"];
        Assert.Equal("1:1 2:1 3:1 5:2 6:3 8:1", string.Join(' ', check.GetProperty("lines").EnumerateArray().Select(line => $"{line.GetProperty("line")}:{line.GetProperty("times")}")));
        Assert.True(check.GetProperty("statements").GetInt32() >= 8);
        Assert.Equal("note n1 n60", Changes(check));
        Assert.Equal((1, "count is 60"), (check.GetProperty("log")[0].GetProperty("line").GetInt32(), check.GetProperty("log")[0].GetProperty("text").GetString()));
        Assert.Equal(60, check.GetProperty("inputs").GetProperty("count").GetInt32());
        Assert.Equal("size small large", Changes(rules["sized"]));
        Assert.Equal("That is a lot.", trace.Json.GetProperty("messages")[0].GetProperty("message").GetString());

        trace = await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "item", "values": { "title": "t", "count": 13 } }""");
        Assert.Equal("failed", trace["outcome"]);
        Assert.Contains("line 4 of rules/item.check.js: No thirteen.", trace["detail"]);
        Assert.Equal(("failed", 1), (trace.Json.GetProperty("rules")[0].GetProperty("outcome").GetString(), trace.Json.GetProperty("rules")[0].GetProperty("log").GetArrayLength()));
        trace = await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "item", "values": { "title": "t", "count": 102 } }""");
        Assert.Equal(("refused", "count"), (trace["outcome"], trace.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
        trace = await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "item", "values": { "title": "t", "count": 7 } }""");
        Assert.Equal(["0 check ran", "1 check ran", "1 sized ran", "1 priced event", "1 keep event", "0 sized ran", "0 priced event", "0 keep event"],
            trace.Json.GetProperty("rules").EnumerateArray().Select(rule => $"{rule.GetProperty("depth")} {rule.GetProperty("rule")} {rule.GetProperty("outcome")}"));
        trace = await _admin.PostAsync("/api/metadata/rules/trace", $$"""{ "entity": "item", "id": "{{id}}", "operation": "delete" }""");
        Assert.Equal(("refused", "The last one stays."), (trace["outcome"], trace["detail"]));
        Assert.Equal("entity unknown", (await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "itme" }""")).Errors);
        Assert.Equal("id required", (await _admin.PostAsync("/api/metadata/rules/trace", """{ "entity": "item", "operation": "delete" }""")).Errors);
    }

    [Fact]
    public async Task A_trace_tries_a_changed_rule_among_the_others_before_it_is_published()
    {
        const string save = """ "entity": "item", "values": { "title": "t", "count": 60 } """;
        async Task<IEnumerable<string>> OutcomesAsync(string change)
        {
            var trace = await _admin.PostAsync("/api/metadata/rules/trace", $"{{ {save}, {change} }}");
            Assert.True(trace.Status == 200, trace.Json.ToString());
            return trace.Json.GetProperty("rules").EnumerateArray().Select(rule => $"{rule.GetProperty("rule")} {rule.GetProperty("outcome")} {Changes(rule)}".Trim());
        }

        Assert.Equal(["check ran note  other", "sized ran size  large", "priced event", "keep event"], await OutcomesAsync(""" "rule": "check", "script": "record.note = 'other';" """));
        Assert.Equal(["check condition", "sized ran size  large", "priced event", "keep event"], await OutcomesAsync(""" "rule": "check", "when": "count > 60" """));
        Assert.Equal(["check ran note  n60", "sized refused", "priced event", "keep event"],
            await OutcomesAsync(""" "rule": "sized", "definition": { "name": "sized", "then": [ { "message": "No.", "kind": "error" } ] } """));
        Assert.Equal(["check ran note  n60", "sized ran size  large", "priced event", "keep event", "named ran note n60 t"],
            await OutcomesAsync(""" "rule": "named", "definition": { "name": "named", "on": ["create"], "script": "item.named.ts" }, "script": "record.note = record.title;" """));
        var wrong = await _admin.PostAsync("/api/metadata/rules/trace", $$"""{ {{save}}, "rule": "named", "definition": { "name": "named", "on": ["create"], "script": "item.named.ts" }, "script": "\n\nthrow new Error('Broken.');" }""");
        Assert.Contains("line 3 of rules/item.named.ts: Broken.", wrong["detail"]);
        wrong = await _admin.PostAsync("/api/metadata/rules/trace", $$"""{ {{save}}, "rule": "check", "script": "if (" }""");
        Assert.Equal(("failed", "rule_syntax"), (wrong["outcome"], wrong.Json.GetProperty("problems")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_become_of_records()
    {
        var off = await _admin.PostAsync("/api/metadata/rules/item/check/switch-off", """{ "reason": "To have wrong records." }""");
        Assert.Equal(204, off.Status);
        foreach (var count in new[] { 1, 13, 60, 101, 7 }) await _admin.CreateAsync("items", $$"""{ "title": "i{{count}}", "count": {{count}}, "price": 2 }""");
        var run = await DryRunAsync("""{ "entity": "item", "rule": "check" }""");
        Assert.Equal("5 of 5: 3 changed, 1 refused, 1 failed", Summary(run));
        Assert.Equal(["i1 changed note  n1", "i13 failed ", "i60 changed note  n60", "i101 refused ", "i7 changed note  n7"], Samples(run));
        // As another text would have it; nothing is published.
        run = await DryRunAsync("""{ "entity": "item", "rule": "check", "script": "if (record.count > 50) record.note = 'many';", "filter": "count gt 10" }""");
        Assert.Equal("3 of 3: 2 changed, 0 refused, 0 failed", Summary(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "check", "when": "count == 60" }""");
        Assert.Equal(["i60 changed note  n60"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "check", "when": "count == 60", "script": "record.note = 'sixty';" }""");
        Assert.Equal(["i60 changed note  sixty"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "named", "definition": { "name": "named", "on": ["update"], "when": "count > 100", "script": "item.named.ts" }, "script": "record.note = record.title;" }""");
        Assert.Equal(["i101 changed note  i101"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "sized", "definition": { "name": "sized", "when": "count > 5", "then": [ { "set": "size", "to": "'large'" } ] } }""");
        Assert.Equal(["i13 changed size small large", "i7 changed size small large"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "new", "definition": { "name": "new", "when": "count > 50", "then": [ { "require": ["note"] } ] } }""");
        Assert.Equal("5 of 5: 0 changed, 2 refused, 0 failed", Summary(run));
        run = await DryRunAsync("""{ "entity": "item", "field": "worth", "formula": "count * price + 1" }""");
        Assert.Equal(["i1 changed worth 2 3", "i13 changed worth 26 27", "i60 changed worth 120 121", "i101 changed worth 202 203", "i7 changed worth 14 15"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "field": "worth", "formula": "count / 3", "filter": "count lt 10" }""");
        Assert.Equal(["i1 changed worth 2 0.33", "i7 changed worth 14 2.33"], Samples(run));
        run = await DryRunAsync("""{ "entity": "item", "field": "parent_worth", "formula": "worth" }""");
        Assert.Equal("5 of 5: 5 changed, 0 refused, 0 failed", Summary(run));
        run = await DryRunAsync("""{ "entity": "item", "rule": "keep" }""");
        Assert.Equal(["i1 refused "], Samples(run));
    }

    [Fact]
    public async Task A_dry_run_goes_on_where_it_ended_and_tells_what_is_wrong_with_a_changed_text()
    {
        for (var count = 1; count <= 5; count++) await _admin.CreateAsync("items", $$"""{ "title": "i{{count}}", "count": {{count}} }""");
        var (examined, changed, next) = (0, 0, "null");
        do
        {
            var run = await DryRunAsync($$"""{ "entity": "item", "rule": "priced", "limit": 2, "after": {{next}} }""");
            examined += run.Json.GetProperty("examined").GetInt32();
            changed += run.Json.GetProperty("changed").GetInt32();
            next = run["next"] is { } id ? $"\"{id}\"" : "";
        }
        while (next.Length > 0);
        Assert.Equal((5, 5), (examined, changed));

        Assert.Equal("formula_unknown_name", Problem(await DryRunAsync("""{ "entity": "item", "field": "worth", "formula": "count * prise" }""")));
        Assert.Equal("rule_syntax", Problem(await DryRunAsync("""{ "entity": "item", "rule": "check", "script": "if (" }""")));
        Assert.Equal("formula_unknown_name", Problem(await DryRunAsync("""{ "entity": "item", "rule": "sized", "definition": { "name": "sized", "when": "cuont > 5", "then": [ { "hide": ["note"] } ] } }""")));
        foreach (var (body, errors) in new[]
        {
            ("""{ "entity": "item" }""", "rule required"),
            ("""{ "entity": "item", "rule": "check", "limit": 0 }""", "limit out_of_range"),
            ("""{ "entity": "item", "field": "count", "formula": "1" }""", "field not_computed"),
            ("""{ "entity": "item", "rule": "sized", "script": "1" }""", "script not_a_script"),
            ("""{ "entity": "item", "rule": "check", "definition": { "name": "check" } }""", "definition not_a_decision"),
            ("""{ "entity": "item", "rule": "sized", "when": "count > 1" }""", "script not_a_script"),
            ("""{ "entity": "item", "rule": "new", "definition": { "name": "new", "script": "item.new.js" } }""", "definition not_a_decision"),
            ("""{ "entity": "item", "rule": "check", "operation": "drop" }""", "operation unknown"),
        })
            Assert.Equal(errors, (await _admin.PostAsync("/api/metadata/rules/dry-run", body)).Errors);
        Assert.Equal(404, (await _admin.PostAsync("/api/metadata/rules/dry-run", """{ "entity": "item", "rule": "nothing" }""")).Status);
        Assert.Equal(400, (await _admin.PostAsync("/api/metadata/rules/dry-run", """{ "entity": "item", "rule": "check", "filter": "cuont gt 1" }""")).Status);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_trial()
    {
        var id = await _admin.CreateAsync("items", """{ "title": "a", "count": 7, "price": 2 }""");
        await RuleAsync("check");
        var before = await StateAsync();
        foreach (var body in new[]
        {
            """{ "entity": "item", "values": { "title": "t", "count": 7 } }""", $$"""{ "entity": "item", "id": "{{id}}", "values": { "count": 7, "title": "b" } }""",
            """{ "entity": "item", "values": { "title": "t", "count": 13 } }""", $$"""{ "entity": "item", "id": "{{id}}", "operation": "delete" }""",
        })
            Assert.Equal(200, (await _admin.PostAsync("/api/metadata/rules/trace", body)).Status);
        await DryRunAsync("""{ "entity": "item", "rule": "check" }""");
        await DryRunAsync("""{ "entity": "item", "rule": "check", "script": "create('item', { title: 'More', count: 1 }); remove('item', query('item', { where: { title: 'Child' } })[0].id);" }""");
        await DryRunAsync("""{ "entity": "item", "field": "worth", "formula": "0" }""");
        Assert.Equal(2, (await RuleAsync("check")).GetProperty("runs").GetInt64());
        Assert.Equal(before, await StateAsync());
        // The next number follows upon the last.
        Assert.Equal("I-0003", (await _admin.GetAsync($"/api/data/items/{await _admin.CreateAsync("items", """{ "title": "c", "count": 2 }""")}"))["number"]);
    }

    /// <summary>A hash of each table's rows.</summary>
    private async Task<string> StateAsync()
    {
        await using var connection = await _app.Database.OpenAsync(CancellationToken.None);
        var tables = await connection.QueryAsync<string>("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'org_main' order by 1");
        var states = new List<string>();
        foreach (var table in tables) states.Add($"{table} {await connection.ExecuteScalarAsync<string>($"select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from {table} t")}");
        return string.Join('\n', states);
    }

    private async Task<JsonElement> RuleAsync(string name) =>
        (await _admin.GetAsync("/api/metadata/rules")).Json.EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == name);

    private async Task<Answer> DryRunAsync(string body)
    {
        var answer = await _admin.PostAsync("/api/metadata/rules/dry-run", body);
        Assert.True(answer.Status == 200, answer.Json.ToString());
        return answer;
    }

    private static string? Problem(Answer run) => Assert.Single(run.Json.GetProperty("problems").EnumerateArray()).GetProperty("code").GetString();

    private static string Summary(Answer run) => $"{run["examined"]} of {run["total"]}: {run["changed"]} changed, {run["refused"]} refused, {run["failed"]} failed";

    private static IEnumerable<string> Samples(Answer run) => run.Json.GetProperty("samples").EnumerateArray().Select(sample => $"{sample.GetProperty("title")} {sample.GetProperty("outcome")} {Changes(sample)}");

    private static string Changes(JsonElement holder) => string.Join("; ", holder.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("column")} {change.GetProperty("before")} {change.GetProperty("after")}"));
}
