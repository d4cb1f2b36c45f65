using System.Text.Json;

namespace Xrm.Server.Tests.Rules;

/// <summary>What scripts do with other records: they read and change them in the same save, with the rights of who saves.</summary>
public sealed class ScriptRecordsTests(ScriptApplication shop) : IClassFixture<ScriptApplication>
{
    [Fact]
    public async Task Another_record_is_read_with_its_computed_values()
    {
        var client = await shop.ShopperAsync();
        await OrderAsync(client, "", """, "amount": 30.5""");
        Assert.Equal("C/69.5", (await OrderAsync(client, "get"))["found"]);
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_null() => Assert.Equal("null", (await OrderAsync(await shop.ShopperAsync(), "absent"))["found"]);

    [Theory]
    [InlineData("""{ "where": { "client": "CLIENT" }, "orderBy": "amount desc" }""", "d,c,b,a")]
    [InlineData("""{ "where": { "client": "CLIENT", "amount": { "gt": 1, "le": 3 } }, "orderBy": "title" }""", "b,c")]
    [InlineData("""{ "where": { "client": "CLIENT", "title": ["a", "d", "x"] }, "orderBy": ["title"] }""", "a,d")]
    [InlineData("""{ "where": { "client": "CLIENT", "or": [ { "title": "a" }, { "amount": 3 } ] }, "orderBy": "title" }""", "a,c")]
    [InlineData("""{ "where": { "client": "CLIENT", "client.industry": "tech", "title": { "ne": "b" } }, "orderBy": "title", "limit": 2 }""", "a,c")]
    [InlineData("""{ "where": { "client": "CLIENT", "placed_on": { "lt": "2026-01-03" } }, "orderBy": "title" }""", "a,b")]
    [InlineData("""{ "where": { "client": "CLIENT", "title": { "contains": "a" } } }""", "a")]
    [InlineData("""{ "where": { "client": "CLIENT", "title": [] } }""", "")]
    [InlineData("""{ "where": { "client": "CLIENT", "placed_on": null } }""", "")]
    public async Task Records_are_found_by_conditions(string query, string titles)
    {
        var client = await shop.ShopperAsync(""", "industry": "tech" """);
        foreach (var (title, index) in "abcd".Select((title, index) => (title, index + 1)))
            await shop.Admin.CreateAsync("orders", $$"""{ "title": "{{title}}", "client_id": "{{client}}", "amount": {{index}}, "placed_on": "2026-01-0{{index}}" }""");
        var asked = await shop.Admin.PostAsync("/api/data/orders", JsonSerializer.Serialize(new { title = "asks", what = query.Replace("CLIENT", client, StringComparison.Ordinal) }));
        Assert.Equal((201, titles), (asked.Status, asked["found"] ?? ""));
    }

    [Theory]
    [InlineData("""{ "wehre": {} }""", "There is no option wehre. There are where, orderBy and limit.")]
    [InlineData("""{ "where": { "amuont": 1 } }""", "order has no field amuont to compare ('amuont'). Did you mean amount?")]
    [InlineData("""{ "where": { "amount": { "above": 1 } } }""", "amount: 'above' is not understood. There are eq, ne, gt, ge, lt, le, in, contains, startsWith and endsWith.")]
    [InlineData("""{ "where": { "placed_on": "tomorrow" } }""", "placed_on: 'tomorrow' is no value that it can have.")]
    [InlineData("""{ "where": { "amount": "much" } }""", "amount: 'much' is no value that it can have.")]
    [InlineData("""{ "orderBy": "title down" }""", "orderBy 'title down' is not understood: write a field, and desc behind it for the largest first.")]
    [InlineData("""{ "limit": 5000 }""", "limit must be a number from 1 to 1000.")]
    public async Task Questions_that_cannot_be_answered_say_why(string query, string message)
    {
        var asked = await shop.Admin.PostAsync("/api/data/orders", JsonSerializer.Serialize(new { title = "asks", what = query }));
        Assert.Equal((422, "rule_refused_elsewhere"), (asked.Status, asked["code"]));
        Assert.Contains("Rule order.act, line 17 of rules/order.act.js: ", asked["detail"]);
        Assert.EndsWith(message, asked["detail"]);
    }

    [Fact]
    public async Task Records_are_made_changed_and_removed_in_the_same_save()
    {
        var client = await shop.ShopperAsync();
        Assert.Equal("of Order", (await OrderAsync(client, "create"))["found"]);
        await shop.Admin.CreateAsync("orders", $$"""{ "title": "victim", "client_id": "{{client}}", "amount": 1 }""");
        Assert.Equal("49", (await OrderAsync(client, "update"))["found"]);
        Assert.Equal("mining", (await shop.Admin.GetAsync($"/api/data/clients/{client}"))["industry"]);
        Assert.Equal("0", (await OrderAsync(client, "remove"))["found"]);
    }

    [Fact]
    public async Task What_a_rule_makes_counts_in_the_record_that_is_saved()
    {
        var client = await shop.ShopperAsync();
        var changed = await shop.Admin.PatchAsync($"/api/data/clients/{client}", """{ "credit": 7 }""");
        Assert.Equal((200, "5.0000", "2.0000"), (changed.Status, changed["spent"], changed["left"]));
        var read = await shop.Admin.GetAsync($"/api/data/clients/{client}");
        Assert.Equal(("7.0000", "5.0000", "2.0000", changed["version"]), (read["credit"], read["spent"], read["left"], read["version"]));
    }

    [Theory]
    [InlineData("wrong", 422, "line 12 of rules/order.act.js: title: Wrong is no title.")]
    [InlineData("swallow", 422, "title: Wrong is no title.")]
    [InlineData("long", 422, "title:")]
    [InlineData("typo", 422, "There is no entity clint. Did you mean client?")]
    public async Task What_is_refused_of_others_refuses_the_save_and_leaves_nothing(string what, int status, string message)
    {
        var title = Guid.NewGuid().ToString("N");
        var refused = await shop.Admin.PostAsync("/api/data/orders", $$"""{ "title": "{{title}}", "what": "{{what}}" }""");
        Assert.Equal((status, "rule_refused_elsewhere"), (refused.Status, refused["code"]));
        Assert.Contains(message, refused["detail"]);
        Assert.Equal(0, (await shop.Admin.GetAsync($"/api/data/orders?$filter=title eq '{title}'")).Json.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_script_may_ask_only_so_often()
    {
        var refused = await shop.Admin.PostAsync("/api/data/orders", """{ "title": "T", "what": "many" }""");
        Assert.Equal((422, "rule_call_limit"), (refused.Status, refused["code"]));
    }

    [Fact]
    public async Task The_rights_are_those_of_who_saves()
    {
        var seller = await shop.App.ClientAsync("seller");
        var client = await shop.ShopperAsync(""", "secret": "s3" """);
        Assert.Equal("undefined", (await OrderAsync(client, "secret", by: seller))["found"]);
        Assert.Equal("string", (await OrderAsync(client, "secret"))["found"]);
        foreach (var what in new[] { "create", "update" })
        {
            var refused = await seller.PostAsync("/api/data/orders", $$"""{ "title": "T", "what": "{{what}}", "client_id": "{{client}}" }""");
            Assert.Equal((403, "rule_refused_elsewhere"), (refused.Status, refused["code"]));
        }
    }

    [Fact]
    public async Task A_rule_that_runs_as_the_system_may_do_what_its_caller_may_not()
    {
        var client = await shop.ShopperAsync(""", "secret": "s3" """);
        Assert.Equal("s3", (await OrderAsync(client, "system", by: await shop.App.ClientAsync("seller")))["found"]);
    }

    [Fact]
    public async Task Rules_that_lead_to_each_other_are_cut_with_their_chain()
    {
        var endless = await shop.Admin.PostAsync("/api/data/notes", """{ "title": "n1", "turn": 1 }""");
        Assert.Equal((422, "rule_recursion"), (endless.Status, endless["code"]));
        Assert.Contains("note.echo → note.echo → note.echo", endless["detail"]);
        Assert.Contains("more than 8 rules led to each other", endless["detail"]);
        Assert.Equal(201, (await shop.Admin.PostAsync("/api/data/notes", """{ "title": "n95", "turn": 95 }""")).Status);
    }

    [Fact]
    public async Task Records_that_change_each_other_are_cut_as_well()
    {
        var first = await shop.Admin.CreateAsync("notes", """{ "title": "first" }""");
        var second = await shop.Admin.CreateAsync("notes", $$"""{ "title": "second", "other_id": "{{first}}" }""");
        Assert.Equal(200, (await shop.Admin.PatchAsync($"/api/data/notes/{first}", $$"""{ "other_id": "{{second}}" }""")).Status);
        var refused = await shop.Admin.PatchAsync($"/api/data/notes/{first}", """{ "turn": 100 }""");
        Assert.Equal((422, "rule_recursion"), (refused.Status, refused["code"]));
        Assert.Contains($"note {first} would be changed again", refused["detail"]);
        var itself = await shop.Admin.PostAsync("/api/data/notes", """{ "title": "T", "turn": 0 }""");
        Assert.Equal((422, "rule_recursion"), (itself.Status, itself["code"]));
        Assert.Contains("assign to record", itself["detail"]);
    }

    [Fact]
    public async Task Many_at_once_whose_rules_lead_to_rules_do_not_wait_for_each_other()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => shop.Admin.PostAsync("/api/data/notes", """{ "title": "n94", "turn": 94 }""")));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
    }

    private async Task<Answer> OrderAsync(string client, string what, string more = "", TestClient? by = null)
    {
        var answer = await (by ?? shop.Admin).PostAsync("/api/data/orders", $$"""{ "title": "Order", "what": "{{what}}", "client_id": "{{client}}" {{more}} }""");
        Assert.True(answer.Status == 201, $"{answer.Json}");
        return answer;
    }
}
