using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Publish;

/// <summary>What people who are no programmers get wrong in formulas: what they are told, and that no record breaks anything.</summary>
public sealed class FormulaBadInputTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync("sums", Orders("\"type\": \"decimal\", \"formula\": \"price / pieces\""));
        _client = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Circle_over_three_entities_is_told_with_every_step_of_it()
    {
        var (at, message, remedy) = await PlanAsync(Orders("\"type\": \"decimal\", \"formula\": \"order.customer.discount * price\""));
        Assert.Equal("entities/customer.json $.fields[1]", at);
        Assert.Equal("These computed fields go round in a circle, so that none of them can be worked out: customer.turnover needs order.total, which needs line.each, which needs customer.discount, which needs customer.turnover.", message);
        Assert.Equal("Change the formula of one of them, so that it does without the next one.", remedy);
    }

    [Theory]
    [InlineData("title > 5", "A text cannot be compared with a number. (Character 1 of: title > 5)", "Make both numbers with number(…), or both texts with text(…).")]
    [InlineData("pieces == 'many'", "A number cannot be compared with a text. (Character 1 of: pieces == 'many')", "Make both numbers with number(…), or both texts with text(…).")]
    [InlineData("price - title", "- cannot stand between a number and a text. (Character 1 of: price - title)", "Make a number of a text with number(…).")]
    public async Task Text_where_a_number_is_meant_is_told_with_what_to_do(string formula, string message, string remedy) =>
        Assert.Equal($"entities/line.json $.fields[6].formula {message} {remedy}", Joined(await PlanAsync(Orders("\"type\": \"decimal\"", $$"""{ "name": "wrong", "type": "boolean", "formula": "{{formula}}" }"""))));

    private static string Joined((string At, string? Message, string? Remedy) problem) => $"{problem.At} {problem.Message} {problem.Remedy}";

    [Fact]
    public async Task Division_by_zero_gives_no_value_in_saves_lists_and_totals()
    {
        var order = await OrderAsync();
        var line = await LineAsync(order, "\"price\": 10, \"pieces\": 0");
        await LineAsync(order, "\"price\": 10, \"pieces\": 4");
        var answer = await _client.GetAsync($"/api/data/lines/{line}");
        Assert.Equal((null, "0"), (answer["each"], answer["pieces"]));
        Assert.Equal("2.50", (await _client.GetAsync($"/api/data/orders/{order}"))["total"]);
        var list = await _client.GetAsync("/api/data/lines?$filter=each eq null&$orderby=each");
        Assert.Equal(line, Assert.Single(list.Json.GetProperty("value").EnumerateArray().ToArray()).GetProperty("id").GetString());
        Assert.Equal(2, (await _client.GetAsync("/api/data/lines?$filter=price divby pieces gt 2 or price mod pieces ge 0 or pieces eq 0")).Json.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task Sums_over_nothing_but_nulls_are_0_and_a_sum_with_a_null_is_none()
    {
        var order = await OrderAsync();
        var line = await LineAsync(order, "\"price\": null");
        Assert.Equal((null, null), ((await _client.GetAsync($"/api/data/lines/{line}"))["each"], (await _client.GetAsync($"/api/data/lines/{line}"))["sum"]));
        var both = await _client.GetAsync($"/api/data/orders/{order}");
        Assert.Equal(("0.00", "0.00", null, null), (both["total"], both["live_total"], both["mean"], both["live_mean"]));
    }

    private async Task<(string At, string? Message, string? Remedy)> PlanAsync(PackageFiles files)
    {
        var plan = await _client.PostAsync("/api/metadata/plan", JsonSerializer.Serialize(new
        {
            packages = new[] { new { name = files.Name, files = files.Content.ToDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan())) } },
        }));
        var problem = Assert.Single(plan.Json.GetProperty("problems").EnumerateArray().ToArray());
        return ($"{problem.GetProperty("location").GetProperty("file")} {problem.GetProperty("location").GetProperty("path")}", problem.GetProperty("message").GetString(), problem.GetProperty("remedy").GetString());
    }

    private async Task<string> OrderAsync() => await _client.CreateAsync("orders", """{ "title": "O" }""");

    private Task<string> LineAsync(string order, string values) => _client.CreateAsync("lines", $$"""{ "title": "L", "order_id": "{{order}}", {{values}} }""");

    private static PackageFiles Orders(string each, params string[] more) => new PackageBuilder("sums")
        .Entity("customer",
            """{ "name": "turnover", "type": "decimal", "rollup": { "entity": "order", "via": "customer", "aggregate": "sum", "field": "total" } }""",
            """{ "name": "discount", "type": "decimal", "formula": "turnover * 0.01" }""")
        .Entity("order",
            """{ "name": "customer", "type": "lookup", "target": "customer" }""",
            Over("total", "sum", ""), Over("mean", "avg", ""), Over("live_total", "sum", ", \"stored\": false"), Over("live_mean", "avg", ", \"stored\": false"))
        .Entity("line",
            [
                """{ "name": "order", "type": "lookup", "target": "order" }""", """{ "name": "price", "type": "decimal" }""", """{ "name": "pieces", "type": "integer" }""",
                """{ "name": "sum", "type": "decimal", "formula": "price + pieces" }""", $$"""{ "name": "each", {{each}} }""", .. more,
            ])
        .Files();

    private static string Over(string name, string aggregate, string more) =>
        $$"""{ "name": "{{name}}", "type": "decimal", "rollup": { "entity": "line", "via": "order", "aggregate": "{{aggregate}}", "field": "each"{{more}} } }""";
}
