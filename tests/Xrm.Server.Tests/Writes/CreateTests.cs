namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class CreateTests(SalesApplication sales)
{
    [Fact]
    public async Task A_new_record_is_filled_and_answered_as_it_is_stored()
    {
        var customer = await sales.CustomerAsync(""", "terms": 14, "contact_first": "Ada", "contact_last": "Brandt" """);
        var answer = await sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "  Big deal ", "customer_id": "{{customer}}", "days": 10, "starts_on": "2026-01-25" }""");
        Assert.Equal(201, answer.Status);
        Assert.Equal("Big deal", answer["title"]);
        Assert.Equal("open", answer["status"]);
        Assert.Equal("14", answer["terms"]);
        Assert.Equal("2026-02-04", answer["ends_on"]);
        Assert.StartsWith("S-", answer["number"]);
        Assert.Equal("0.00", answer["net"]);
        Assert.StartsWith("Big deal by user", answer["hint"]);
        Assert.Equal(sales.Admin.UserId.ToString(), answer["owner_id"]);
        Assert.Equal("1", answer["version"]);
        Assert.Equal("W/\"1\"", answer.Message.Headers.ETag!.ToString());
        Assert.EndsWith($"/api/data/sales/{answer["id"]}", answer.Message.Headers.Location!.ToString());
        var read = await sales.Admin.GetAsync($"/api/data/customers/{customer}");
        Assert.Equal("Ada Brandt", read["contact"]);
    }

    [Theory]
    [InlineData("""{ "titel": "x" }""", 400, "titel unknown_field, title required")]
    [InlineData("""{ "title": 5 }""", 400, "title wrong_type")]
    [InlineData("""{ "title": null }""", 400, "title required")]
    [InlineData("""{ "title": "" }""", 400, "title required")]
    [InlineData("""{ "title": "a", "title": "b" }""", 400, "title duplicate_property")]
    [InlineData("""{ "title": "x", "days": "many", "starts_on": "2026-02-30", "customer_id": "nobody" }""", 400, "days wrong_type, starts_on invalid_date, customer_id invalid_id")]
    [InlineData("""{ "title": "x", "days": 0 }""", 400, "days too_small")]
    [InlineData("""{ "title": "x", "days": 366 }""", 400, "days validation")]
    [InlineData("""{ "title": "x", "ends_on": "2026-01-01", "net": 1, "number": "S-1", "version": 7 }""", 400, "ends_on computed, net computed, number computed, version computed")]
    [InlineData("""{ "title": "x", "status": "won" }""", 400, "status state_by_transition")]
    [InlineData("""{ "title": "x", "hint": "mine" }""", 400, "hint readonly")]
    [InlineData("""{ "title": "bad" }""", 400, "title rule_refused")]
    [InlineData("""{ "title": "x", "customer_id": "0190163d-8694-739b-aea5-966c26f8ad91" }""", 400, "customer_id reference_unknown")]
    [InlineData("""{ "title": "x", "customer_id": "0190163d-8694-739b-aea5-966c26f8ad91", "days": 366 }""", 400, "customer_id reference_unknown, days validation")]
    [InlineData("""{ "title": "x", "customer_id": null }""", 400, "customer_id required")]
    [InlineData("""{ "title": "x", "regarding_id": "0190163d-8694-739b-aea5-966c26f8ad91", "regarding_type": "label" }""", 400, "regarding_id reference_unknown")]
    [InlineData("""{ "title": "x", "regarding_id": "0190163d-8694-739b-aea5-966c26f8ad91", "regarding_type": "line" }""", 400, "regarding_type unknown_target")]
    [InlineData("""{ "title": "x", "regarding_id": "0190163d-8694-739b-aea5-966c26f8ad91" }""", 400, "regarding_type required")]
    [InlineData("""{ "title": "x", "lines": [ { "name": "a" }, { "quantity": -1 }, { "nmae": "b" }, 7 ] }""", 400, "lines[3] wrong_type, lines[1].quantity too_small, lines[1].name required, lines[2].nmae unknown_field, lines[2].name required")]
    [InlineData("7", 400, "- wrong_type")]
    public async Task Mistakes_are_told_all_at_once_with_their_fields(string json, int status, string errors)
    {
        if (!json.Contains("customer_id") && json.StartsWith('{')) json = json.Insert(1, $"\"customer_id\": \"{await sales.CustomerAsync()}\",");
        var answer = await sales.Admin.PostAsync("/api/data/sales", json);
        Assert.Equal((status, errors), (answer.Status, answer.Errors));
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(answer["traceId"]);
    }

    [Theory]
    [InlineData("de-AT, en;q=0.5", "Ein Verkauf dauert höchstens ein Jahr.", "So groß ist keine Position.")]
    [InlineData("fr, de;q=0.2", "Ein Verkauf dauert höchstens ein Jahr.", "So groß ist keine Position.")]
    [InlineData("en, de;q=0.5", "A sale lasts a year at most.", "No line is that large.")]
    [InlineData(null, "A sale lasts a year at most.", "No line is that large.")]
    public async Task Validations_refuse_in_the_language_of_the_request(string? languages, string ofSale, string ofLine)
    {
        var client = await sales.App.ClientAsync();
        if (languages is not null) client.Http.DefaultRequestHeaders.Add("Accept-Language", languages);
        const string Mistakes = """ "days": 366, "lines": [ { "name": "a", "quantity": 1001 } ] """;
        var created = await client.PostAsync("/api/data/sales", $$"""{ "title": "x", "customer_id": "{{await sales.CustomerAsync()}}", {{Mistakes}} }""");
        var updated = await client.PatchAsync($"/api/data/sales/{await sales.SaleAsync()}", $"{{ {Mistakes} }}");
        foreach (var answer in new[] { created, updated })
        {
            Assert.Equal((400, "days validation, lines[0] validation"), (answer.Status, answer.Errors));
            Assert.Equal([ofSale, ofLine], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString()));
        }
    }

    [Theory]
    [InlineData("{ \"title\": ", 400, "invalid_json")]
    [InlineData("{\n  \"title\": x }", 400, "invalid_json")]
    [InlineData("", 400, "invalid_json")]
    public async Task Broken_json_is_located(string json, int status, string code)
    {
        var answer = await sales.Admin.PostAsync("/api/data/sales", json);
        Assert.Equal((status, code), (answer.Status, answer["code"]));
        Assert.Contains("line", answer["detail"]);
    }

    [Fact]
    public async Task A_body_that_turns_out_to_be_too_large_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/data/labels");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent($$"""{ "name": "{{new string('x', 2_000_000)}}" }""", System.Text.Encoding.UTF8, "application/json");
        using var response = await sales.Admin.Http.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("larger than 1024 KiB", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/data/sales")
        {
            Content = new StringContent($$"""{ "title": "{{new string('x', 1_100_000)}}" }""", System.Text.Encoding.UTF8, "application/json"),
        };
        // Otherwise the server hangs up while the client is still sending.
        request.Headers.ExpectContinue = true;
        var response = await sales.Admin.Http.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("too_large", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_collection_is_not_found()
    {
        var answer = await sales.Admin.PostAsync("/api/data/saless", "{}");
        Assert.Equal((404, "unknown_collection"), (answer.Status, answer["code"]));
        Assert.Contains("sales", answer["detail"]);
    }

    [Fact]
    public async Task A_second_record_with_a_unique_value_is_refused()
    {
        var name = $"N{Guid.NewGuid():N}";
        await sales.Admin.CreateAsync("customers", $$"""{ "name": "{{name}}" }""");
        var answer = await sales.Admin.PostAsync("/api/data/customers", $$"""{ "name": "{{name}}" }""");
        Assert.Equal((409, "name not_unique"), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Options_depend_on_the_other_choice_and_retired_ones_are_not_offered()
    {
        var answer = await sales.Admin.PostAsync("/api/data/customers", """{ "name": "Choices", "industry": "tech", "branch": "coal" }""");
        Assert.Equal("branch option_not_offered", answer.Errors);
        answer = await sales.Admin.PostAsync("/api/data/customers", """{ "name": "Choices", "industry": "mining" }""");
        Assert.Equal("industry option_retired", answer.Errors);
    }

    [Fact]
    public async Task A_bound_lookup_and_a_chosen_id_are_accepted()
    {
        var (customer, id) = (await sales.CustomerAsync(), Guid.NewGuid());
        var answer = await sales.Admin.PostAsync("/api/data/sales", $$"""{ "id": "{{id}}", "title": "Bound", "customer@odata.bind": "customers({{customer}})" }""");
        Assert.Equal((201, id.ToString(), customer), (answer.Status, answer["id"], answer["customer_id"]));
    }

    [Fact]
    public async Task Minimal_answers_have_no_body()
    {
        var answer = await sales.Admin.SendAsync(HttpMethod.Post, "/api/data/customers", $$"""{ "name": "M{{Guid.NewGuid():N}}" }""", prefer: "return=minimal");
        Assert.Equal(204, answer.Status);
        Assert.NotNull(answer.Message.Headers.Location);
    }

    [Fact]
    public async Task Numbers_have_no_gaps_and_no_doubles_when_many_create_at_once()
    {
        var customer = await sales.CustomerAsync();
        var many = Enumerable.Range(0, 30).Select(index => sales.Admin.PostAsync("/api/data/sales", index % 3 == 2
            ? $$"""{ "title": "x", "days": 0, "customer_id": "{{customer}}" }"""
            : $$"""{ "title": "x", "customer_id": "{{customer}}" }"""));
        var numbers = (await Task.WhenAll(many)).Where(answer => answer.Status == 201).Select(answer => int.Parse(answer["number"]![2..])).Order().ToList();
        Assert.Equal(20, numbers.Count);
        Assert.Equal(Enumerable.Range(numbers[0], 20), numbers);
    }

    [Theory]
    [InlineData("loop", "rule_time_limit|rule_statement_limit")]
    [InlineData("grow", "rule_memory_limit")]
    [InlineData("deep", "rule_recursion_limit")]
    public async Task A_rule_without_end_is_stopped_while_others_are_served(string title, string codes)
    {
        var customer = await sales.CustomerAsync();
        var stopped = sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "{{title}}", "customer_id": "{{customer}}" }""");
        var other = await sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "other", "customer_id": "{{customer}}" }""");
        Assert.Equal(201, other.Status);
        var answer = await stopped;
        Assert.Equal(422, answer.Status);
        Assert.Contains(answer["code"], codes.Split('|'));
        Assert.Contains("sale.naming", answer["detail"]);
    }
}
