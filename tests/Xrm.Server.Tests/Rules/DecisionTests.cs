using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Rules;

[Collection(nameof(DecisionCollection))]
public sealed class DecisionTests(DecisionApplication orders)
{
    private TestClient Clerk => orders.Clerk;

    private static string Message(Answer refused) => refused.Json.GetProperty("errors")[0].GetProperty("message").GetString()!;

    [Fact]
    public async Task What_a_rule_requires_must_be_there_while_its_condition_holds()
    {
        var refused = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "price": 1001 }""");
        Assert.Equal((400, "approver required"), (refused.Status, refused.Errors));
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "price": 1001, "approver": "Ada" }""");
        Assert.Equal((201, "Ada"), (created.Status, created["approver"]));
        var update = await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "approver": null }""");
        Assert.Equal((400, "approver required"), (update.Status, update.Errors));
    }

    [Fact]
    public async Task What_a_rule_sets_wins_over_what_was_sent_and_is_seen_by_the_next()
    {
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "price": 600, "starts_on": "2026-01-31", "review_on": "2020-01-01" }""");
        Assert.Equal((201, "2026-03-02", "1"), (created.Status, created["review_on"], created["steps"]));
        var cheap = await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "price": 5, "approver": "Bob" }""");
        Assert.Equal((200, null, "0", null), (cheap.Status, cheap["review_on"], cheap["steps"], cheap["approver"]));
    }

    [Fact]
    public async Task A_default_fills_what_is_empty_but_not_what_was_emptied_just_now()
    {
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "a" }""");
        Assert.Equal((201, "check"), (created.Status, created["remark"]));
        var emptied = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "remark": null }""");
        Assert.Equal((201, null), (emptied.Status, emptied["remark"]));
        var kept = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "remark": "mine" }""");
        Assert.Equal("mine", kept["remark"]);
        var filled = await Clerk.PatchAsync($"/api/data/orders/{emptied["id"]}", """{ "title": "b" }""");
        Assert.Equal("check", filled["remark"]);
    }

    [Fact]
    public async Task A_locked_field_is_changed_by_rules_only()
    {
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "closed", "price": 7 }""");
        var refused = await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "price": 8, "lines": [] }""");
        Assert.Equal((400, "price readonly, lines readonly"), (refused.Status, refused.Errors));
        var same = await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "price": 7, "steps": 40 }""");
        Assert.Equal((200, "0"), (same.Status, same["steps"]));
    }

    [Fact]
    public async Task Only_the_options_that_are_left_can_be_chosen()
    {
        var refused = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "price": 5000, "approver": "Ada", "priority": "low" }""");
        Assert.Equal((400, "priority option_not_offered"), (refused.Status, refused.Errors));
        Assert.Contains("Low cannot be chosen here; possible are High, Urgent.", Message(refused));
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "priority": "low" }""");
        Assert.Equal(201, created.Status);
        Assert.Equal("priority option_not_offered", (await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "price": 5000, "approver": "Ada" }""")).Errors);
    }

    [Fact]
    public async Task A_rule_that_names_fields_runs_when_one_of_them_changes()
    {
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "a", "starts_on": "2026-01-01" }""");
        Assert.Equal("1", created["moves"]);
        Assert.Equal("1", (await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "title": "b" }"""))["moves"]);
        Assert.Equal("2", (await Clerk.PatchAsync($"/api/data/orders/{created["id"]}", """{ "starts_on": "2026-01-02" }"""))["moves"]);
    }

    [Fact]
    public async Task All_that_rules_refuse_is_told_at_once_and_no_script_runs_on_it()
    {
        var refused = await Clerk.PostAsync("/api/data/orders", """{ "title": "forbidden", "price": 1001 }""");
        Assert.Equal((400, "title rule_refused, - rule_refused, approver required"), (refused.Status, refused.Errors));
    }

    [Fact]
    public async Task Messages_come_with_the_answer_in_the_language_of_the_request()
    {
        var created = await Clerk.PostAsync("/api/data/orders", """{ "title": "odd", "lines": [ { "name": "a", "amount": 9 }, { "name": "b", "amount": 1 } ] }""");
        Assert.Equal(201, created.Status);
        Assert.Equal("""[{"kind":"warning","field":"title","message":"That is odd."},{"kind":"info","message":"It was noted."},{"kind":"warning","field":"lines[0].amount","message":"That is much."}]""",
            created.Json.GetProperty("@xrm.messages").GetRawText());
        var german = await orders.App.ClientAsync();
        german.Http.DefaultRequestHeaders.Add("Accept-Language", "de");
        var updated = await german.PatchAsync($"/api/data/orders/{created["id"]}?$expand=lines", """{ "remark": "x" }""");
        Assert.Equal("Das ist seltsam.", updated.Json.GetProperty("@xrm.messages")[0].GetProperty("message").GetString());
        Assert.Equal(2, updated.Json.GetProperty("lines").GetArrayLength());
        Assert.False((await Clerk.PostAsync("/api/data/orders", """{ "title": "plain" }""")).Json.TryGetProperty("@xrm.messages", out _));
        Assert.False((await Clerk.GetAsync($"/api/data/orders/{created["id"]}")).Json.TryGetProperty("@xrm.messages", out _));
    }

    [Fact]
    public async Task Each_row_and_each_answer_of_a_batch_has_its_own_messages()
    {
        var many = await Clerk.PostAsync("/api/data/orders", """[ { "title": "plain" }, { "title": "odd", "lines": [ { "name": "a", "amount": 9 } ] } ]""");
        var rows = many.Json.GetProperty("value");
        Assert.False(rows[0].TryGetProperty("@xrm.messages", out _));
        Assert.Equal(["title", null, "lines[0].amount"], rows[1].GetProperty("@xrm.messages").EnumerateArray().Select(message => message.TryGetProperty("field", out var field) ? field.GetString() : null));
        var batch = await Clerk.PostAsync("/api/data/$batch", """{ "requests": [ { "id": "1", "method": "POST", "url": "orders", "body": { "title": "odd" } }, { "id": "2", "method": "POST", "url": "orders", "body": { "title": "plain" } } ] }""");
        var answers = batch.Json.GetProperty("responses");
        Assert.Equal(2, answers[0].GetProperty("body").GetProperty("@xrm.messages").GetArrayLength());
        Assert.False(answers[1].GetProperty("body").TryGetProperty("@xrm.messages", out _));
    }

    [Fact]
    public async Task A_rule_can_refuse_a_deletion()
    {
        var kept = await Clerk.PostAsync("/api/data/orders", """{ "title": "closed" }""");
        var refused = await Clerk.DeleteAsync($"/api/data/orders/{kept["id"]}");
        Assert.Equal((400, "- rule_refused"), (refused.Status, refused.Errors));
        var gone = await Clerk.PostAsync("/api/data/orders", """{ "title": "open" }""");
        Assert.Equal(204, (await Clerk.DeleteAsync($"/api/data/orders/{gone["id"]}")).Status);
    }

    [Fact]
    public async Task A_value_that_the_field_cannot_hold_is_refused_with_the_name_of_the_rule()
    {
        var refused = await Clerk.PostAsync("/api/data/orders", """{ "title": "long enough to be too long" }""");
        Assert.Equal((400, "code rule_value"), (refused.Status, refused.Errors));
        Assert.Contains("the rule code", Message(refused));
    }

    [Theory]
    [InlineData(""" "when": "prcie > 1", "then": [ { "require": ["price"] } ] """, "formula_unknown_name", "Did you mean price?", "$.rules[0].when")]
    [InlineData(""" "when": "price > 'many'", "then": [ { "require": ["price"] } ] """, "formula_kind", "", "$.rules[0].when")]
    [InlineData(""" "then": [ { "hide": ["price"] }, { "set": "price", "to": "'many'" } ] """, "formula_kind", "number(", "$.rules[0].then[1].to")]
    [InlineData(""" "when": "price > 1", "then": [ { "hide": ["price"] } ], "else": [ { "default": "price", "to": "1 +" } ] """, "formula_syntax", "", "$.rules[0].else[0].to")]
    public void Formulas_are_checked_where_they_stand(string rule, string code, string remedy, string path)
    {
        var wrong = Assert.Throws<InvalidOperationException>(() => new PackageBuilder()
            .EntityWith("order", $$""" "rules": [ { "name": "r", {{rule}} } ] """, """{ "name": "price", "type": "integer" }""").Model());
        Assert.Contains(code, wrong.Message);
        Assert.Contains(remedy, wrong.Message);
        Assert.Contains(path + " ", wrong.Message);
    }

    [Fact]
    public async Task Forms_get_the_rules_with_what_the_person_may_see()
    {
        var entity = (await orders.App.ClientAsync("reader")).GetAsync("/api/metadata/application");
        var rules = (await entity).Json.GetProperty("entities").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "order").GetProperty("rules");
        Assert.Equal(["review", "approval", "remark", "moves", "closed", "code", "odd", "forbidden", "deadline"], rules.EnumerateArray().Select(rule => rule.GetProperty("name").GetString()));
        Assert.Equal("""{"name":"approval","onCreate":true,"onUpdate":true,"fields":[],"when":"price > 1000","then":[{"kind":"limit","fields":["priority"],"options":["high","urgent"]}],"else":[]}""",
            rules[1].GetRawText());
    }
}

/// <summary>Orders with rules without scripts.</summary>
public sealed class DecisionApplication : IAsyncLifetime
{
    internal TestApplication App { get; private set; } = null!;

    internal TestClient Clerk { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApplication.StartAsync("decisions", Files());
        Clerk = await App.ClientAsync("clerk");
    }

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    private static PackageFiles Files() => new PackageBuilder("orders")
        .EntityJson("""
            { "name": "order", "plural": "orders", "primary": "title", "fields": [
              { "name": "title", "type": "text", "required": true },
              { "name": "code", "type": "text", "maxLength": 20 },
              { "name": "price", "type": "decimal", "scale": 2 },
              { "name": "starts_on", "type": "date" }, { "name": "review_on", "type": "date" },
              { "name": "has_review", "type": "boolean", "formula": "review_on != null" },
              { "name": "steps", "type": "integer" }, { "name": "moves", "type": "integer" },
              { "name": "remark", "type": "text" },
              { "name": "approver", "type": "text", "access": { "read": ["clerk"], "write": ["clerk"] } },
              { "name": "priority", "type": "choice", "options": [ { "value": "low", "label": "Low" }, { "value": "high", "label": "High" }, { "value": "urgent", "label": "Urgent" } ] },
              { "name": "lines", "type": "children", "entity": "line", "via": "order" } ],
              "rules": [
                { "name": "deadline", "order": 9, "when": "has_review", "then": [ { "set": "steps", "to": "1" } ], "else": [ { "set": "steps", "to": "0" } ] },
                { "name": "review", "when": "price >= 500 && starts_on != null", "then": [ { "set": "review_on", "to": "addDays(starts_on, 30)" } ], "else": [ { "clear": ["review_on"] } ] },
                { "name": "approval", "when": "price > 1000", "then": [ { "require": ["approver"] }, { "limit": "priority", "options": ["high", "urgent"] } ], "else": [ { "clear": ["approver"] } ] },
                { "name": "remark", "then": [ { "default": "remark", "to": "'check'" } ] },
                { "name": "moves", "fields": ["starts_on"], "when": "starts_on != null", "then": [ { "set": "moves", "to": "coalesce(moves, 0) + 1" } ] },
                { "name": "closed", "when": "title == 'closed' && !isNew()", "then": [ { "lock": ["price", "lines", "steps"] } ] },
                { "name": "keep", "on": ["delete"], "when": "title == 'closed'", "then": [ { "message": "Closed orders are kept.", "kind": "error" } ] },
                { "name": "code", "when": "len(title) > 20", "then": [ { "set": "code", "to": "title" } ] },
                { "name": "odd", "when": "title == 'odd'", "then": [ { "message": "That is odd.", "field": "title" }, { "message": "It was noted.", "kind": "info" } ] },
                { "name": "forbidden", "when": "title == 'forbidden'", "then": [ { "message": "Not that.", "kind": "error", "field": "title" }, { "message": "Not at all.", "kind": "error" } ] },
                { "name": "script", "order": 20, "on": ["create"], "script": "order.js" } ] }
            """)
        .EntityJson("""
            { "name": "line", "plural": "lines", "primary": "name", "fields": [
              { "name": "name", "type": "text" }, { "name": "amount", "type": "integer" }, { "name": "order", "type": "lookup", "target": "order", "required": true, "onDelete": "cascade" } ],
              "rules": [ { "name": "much", "when": "amount > 5", "then": [ { "message": "That is much.", "field": "amount" } ] } ] }
            """)
        .File("rules/order.js", "if (record.title === 'forbidden') throw new Error('Nobody asked me.');")
        .File("translations/de.json", """{ "language": "de", "texts": { "entity.order.rule.That is odd.": "Das ist seltsam." } }""")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .File("roles/reader.json", """{ "name": "reader", "entities": { "*": { "read": "organisation" } } }""")
        .Files();
}

[CollectionDefinition(nameof(DecisionCollection))]
public sealed class DecisionCollection : ICollectionFixture<DecisionApplication>;
