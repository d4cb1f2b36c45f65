namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class UpdateTests(SalesApplication sales)
{
    [Fact]
    public async Task Named_values_change_and_nothing_else()
    {
        var id = await sales.SaleAsync(""", "days": 5, "origin": "web" """);
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 6 }""");
        Assert.Equal((200, "6", "web", "2"), (answer.Status, answer["days"], answer["origin"], answer["version"]));
        answer = await sales.Admin.PatchAsync($"/api/data/sales({id})", """{ "days": 6 }""");
        Assert.Equal((200, "2"), (answer.Status, answer["version"]));
    }

    [Fact]
    public async Task The_second_of_two_updates_with_an_old_etag_is_refused()
    {
        var id = await sales.SaleAsync();
        Assert.Equal(200, (await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 1 }""", "W/\"1\"")).Status);
        var late = await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 2 }""", "W/\"1\"");
        Assert.Equal((412, "version_conflict"), (late.Status, late["code"]));
        Assert.Equal(200, (await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 2 }""", "*")).Status);
        Assert.Equal(400, (await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 2 }""", "abc")).Status);
    }

    [Fact]
    public async Task Changes_at_once_are_carried_out_one_after_the_other_and_none_is_lost()
    {
        var id = await sales.SaleAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(days => sales.Admin.PatchAsync($"/api/data/sales/{id}", $$"""{ "days": {{days}} }""")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal("13", (await sales.Admin.GetAsync($"/api/data/sales/{id}"))["version"]);
    }

    [Fact]
    public async Task Of_many_updates_with_one_etag_exactly_one_wins()
    {
        var id = await sales.SaleAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 10).Select(day => sales.Admin.PatchAsync($"/api/data/sales/{id}", $$"""{ "days": {{day}} }""", "W/\"1\"")));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(9, answers.Count(answer => answer.Status == 412));
    }

    [Theory]
    [InlineData("""{ "origin": "phone" }""", "origin create_only")]
    [InlineData("""{ "hint": "mine" }""", "hint readonly")]
    [InlineData("""{ "status": "won" }""", "status state_by_transition")]
    [InlineData("""{ "id": "0190163d-8694-739b-aea5-966c26f8ad91" }""", "id readonly")]
    [InlineData("""{ "title": null, "days": 1000 }""", "title required, days validation")]
    public async Task Protected_values_stay(string json, string errors)
    {
        var id = await sales.SaleAsync(""", "origin": "web" """);
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{id}", json);
        Assert.Equal((400, errors), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task A_client_may_send_back_what_it_got()
    {
        var id = await sales.SaleAsync(""", "origin": "web" """);
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "status": "open", "origin": "web", "days": 3 }""");
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_rule_that_throws_is_named_with_its_line()
    {
        var id = await sales.SaleAsync();
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "terms": 13 }""");
        Assert.Equal((422, "rule_error"), (answer.Status, answer["code"]));
        Assert.Contains("sale.trouble, line 2", answer["detail"]);
        Assert.Contains(id, answer["detail"]);
    }

    [Fact]
    public async Task Unknown_records_are_not_found()
    {
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{Guid.NewGuid()}", "{}", "*");
        Assert.Equal((404, "record_not_found"), (answer.Status, answer["code"]));
        Assert.Equal(404, (await sales.Admin.PatchAsync("/api/data/sales/seven", "{}")).Status);
        Assert.Equal(404, (await sales.Admin.DeleteAsync($"/api/data/sales/{Guid.NewGuid()}")).Status);
    }

    [Fact]
    public async Task Children_are_the_complete_set_and_rollups_follow_upwards()
    {
        var customer = await sales.CustomerAsync();
        var created = await sales.Admin.PostAsync("/api/data/sales", $$"""
            { "title": "Lines", "customer_id": "{{customer}}", "lines": [ { "name": "a", "quantity": 2, "price": 10 }, { "name": "b", "price": 5.5 }, { "name": "c", "price": 100, "free": true } ] }
            """);
        Assert.Equal((201, "25.50", "30.35"), (created.Status, created["net"], created["gross"]));
        Assert.Equal("30.35", (await sales.Admin.GetAsync($"/api/data/customers/{customer}"))["volume"]);

        var lines = (await sales.Admin.GetAsync($"/api/data/sales/{created["id"]}?$expand=lines($orderby=name)")).Json.GetProperty("lines");
        var first = lines[0].GetProperty("id").GetString();
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{created["id"]}", $$"""{ "lines": [ { "id": "{{first}}", "quantity": 3 }, { "name": "d", "price": 1 } ] }""");
        Assert.Equal((200, "31.00"), (answer.Status, answer["net"]));
        var customerNow = await sales.Admin.GetAsync($"/api/data/customers/{customer}");
        Assert.Equal(("36.89", "1"), (customerNow["volume"], customerNow["sales"]));

        answer = await sales.Admin.PatchAsync($"/api/data/sales/{created["id"]}", """{ "lines": [ { "id": "0190163d-8694-739b-aea5-966c26f8ad91", "quantity": 3 } ] }""");
        Assert.Equal("lines[0].id unknown_child", answer.Errors);
        answer = await sales.Admin.PatchAsync($"/api/data/sales/{created["id"]}", """{ "lines": [] }""");
        Assert.Equal((200, "0.00"), (answer.Status, answer["net"]));
    }

    [Fact]
    public async Task Rollups_are_right_when_many_children_come_at_once()
    {
        var id = await sales.SaleAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(_ => sales.Admin.PostAsync("/api/data/lines", $$"""{ "sale_id": "{{id}}", "name": "x", "price": 1 }""")));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Equal("20.00", (await sales.Admin.GetAsync($"/api/data/sales/{id}"))["net"]);
    }

    [Fact]
    public async Task Links_are_the_complete_set()
    {
        var (red, blue) = (await sales.Admin.CreateAsync("labels", """{ "name": "red" }"""), await sales.Admin.CreateAsync("labels", """{ "name": "blue" }"""));
        var id = await sales.SaleAsync($$""", "labels": [ { "id": "{{red}}" }, { "id": "{{red}}" } ] """);
        Assert.Equal(["red"], await LabelsAsync(id));
        await sales.Admin.PatchAsync($"/api/data/sales/{id}", $$"""{ "labels": [ { "id": "{{blue}}" } ] }""");
        Assert.Equal(["blue"], await LabelsAsync(id));
        var answer = await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "labels": [ { "id": "0190163d-8694-739b-aea5-966c26f8ad91" } ] }""");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("labels[0].", answer.Errors);
    }

    [Fact]
    public async Task Links_are_read_and_written_from_the_other_side_as_well()
    {
        var red = await sales.Admin.CreateAsync("labels", """{ "name": "red" }""");
        var (one, two) = (await sales.SaleAsync($$""", "labels": [ { "id": "{{red}}" } ] """), await sales.SaleAsync());
        Assert.Equal([one], await LinkedAsync($"labels/{red}", "labelled"));
        var answer = await sales.Admin.PatchAsync($"/api/data/labels/{red}", $$"""{ "labelled": [ { "id": "{{two}}" } ] }""");
        Assert.Equal(200, answer.Status);
        Assert.Empty(await LabelsAsync(one));
        Assert.Equal(["red"], await LabelsAsync(two));
        var blue = await sales.Admin.CreateAsync("labels", $$"""{ "name": "blue", "labelled": [ { "id": "{{two}}" } ] }""");
        Assert.Equal([two], await LinkedAsync($"labels/{blue}", "labelled"));
        answer = await sales.Admin.PatchAsync($"/api/data/labels/{blue}", """{ "labelled": [ { "id": "0190163d-8694-739b-aea5-966c26f8ad91" } ] }""");
        Assert.StartsWith("labelled[0].", answer.Errors);
    }

    [Fact]
    public async Task Links_to_the_same_entity_have_two_sides()
    {
        var first = await sales.CustomerAsync();
        var second = await sales.CustomerAsync($$""", "partners": [ { "id": "{{first}}" } ] """);
        Assert.Equal([second], await LinkedAsync($"customers/{first}", "partner_of"));
        Assert.Empty(await LinkedAsync($"customers/{first}", "partners"));
        Assert.Empty(await LinkedAsync($"customers/{second}", "partner_of"));
        await sales.Admin.PatchAsync($"/api/data/customers/{second}", $$"""{ "partner_of": [ { "id": "{{first}}" } ] }""");
        Assert.Equal([second], await LinkedAsync($"customers/{first}", "partners"));
    }

    [Theory]
    [InlineData("de", "Verkäufe damit")]
    [InlineData("en", "Labelled sales")]
    public async Task The_other_side_of_links_is_a_field_that_the_generated_form_shows(string language, string label)
    {
        var client = await sales.App.ClientAsync();
        client.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        var model = (await client.GetAsync("/api/metadata/application")).Json;
        var field = model.GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "label")
            .GetProperty("fields").EnumerateArray().Single(field => field.GetProperty("name").GetString() == "labelled");
        Assert.Equal((label, "links", "sale_labels", "True"), (field.GetProperty("label").GetString(), field.GetProperty("type").GetString(), field.GetProperty("child").GetString(), field.GetProperty("writable").ToString()));
        var form = model.GetProperty("forms").EnumerateArray().Single(form => form.GetProperty("entity").GetString() == "label");
        Assert.Contains("\"labelled\"", form.ToString());
    }

    [Fact]
    public async Task A_hierarchy_has_no_circle()
    {
        var top = await sales.CustomerAsync();
        var below = await sales.CustomerAsync($$""", "above_id": "{{top}}" """);
        var answer = await sales.Admin.PatchAsync($"/api/data/customers/{top}", $$"""{ "above_id": "{{below}}" }""");
        Assert.Equal("above_id hierarchy_circle", answer.Errors);
        answer = await sales.Admin.PatchAsync($"/api/data/customers/{top}", $$"""{ "above_id": "{{top}}" }""");
        Assert.Equal("above_id hierarchy_circle", answer.Errors);
    }

    [Fact]
    public async Task A_state_changes_by_its_transitions()
    {
        var id = await sales.SaleAsync();
        var answer = await sales.Admin.PostAsync($"/api/data/sales/{id}/win", "{}");
        Assert.Equal((409, "transition_not_possible"), (answer.Status, answer["code"]));
        answer = await sales.Admin.PostAsync($"/api/data/sales/{id}/lose", "{}");
        Assert.Equal((400, "reason required"), (answer.Status, answer.Errors));
        answer = await sales.Admin.PostAsync($"/api/data/sales/{id}/lose", """{ "reason": "price" }""");
        Assert.Equal((200, "lost"), (answer.Status, answer["status"]));
        answer = await sales.Admin.PostAsync($"/api/data/sales/{id}/lose", "{}");
        Assert.Equal(409, answer.Status);
        Assert.Equal(404, (await sales.Admin.PostAsync($"/api/data/sales/{id}/vanish", "{}")).Status);
    }

    private async Task<string[]> LinkedAsync(string record, string field) =>
        [.. (await sales.Admin.GetAsync($"/api/data/{record}?$expand={field}")).Json.GetProperty(field).EnumerateArray().Select(linked => linked.GetProperty("id").GetString()!)];

    private async Task<string[]> LabelsAsync(string id) =>
        [.. (await sales.Admin.GetAsync($"/api/data/sales/{id}?$expand=labels")).Json.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("name").GetString()!)];
}
