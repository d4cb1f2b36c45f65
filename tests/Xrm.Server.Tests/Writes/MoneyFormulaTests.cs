using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Stored formulas over rollups, one over the other, whose amounts have a currency and an amount in the base currency.</summary>
public sealed class MoneyFormulaTests
{
    private const string Formulas = """
        , { "name": "half", "type": "money", "formula": "net / 2", "currency": "currency" }
        , { "name": "full", "type": "money", "formula": "half + half", "currency": "currency" }
        , { "name": "fee", "type": "money", "formula": "full / 10", "currency": "customer.currency" }
        """;

    [Fact]
    public async Task Base_amounts_follow_the_rollup_that_formulas_need()
    {
        await using var app = await TestApplication.StartAsync("money", Files(Formulas));
        var client = await app.ClientAsync();
        var order = await OrderAsync(client, "EUR", "EUR");
        Assert.Equal("10.00 EUR 10.0000, 20.00 EUR 20.0000, 2.00 EUR 2.0000", Amounts(order));

        await client.CreateAsync("lines", $$"""{ "name": "c", "order_id": "{{order["id"]}}", "amount": 20 }""");
        Assert.Equal("20.00 EUR 20.0000, 40.00 EUR 40.0000, 4.00 EUR 4.0000", Amounts(await client.GetAsync($"/api/data/orders/{order["id"]}")));
        var customer = await client.GetAsync($"/api/data/customers/{order["customer_id"]}");
        Assert.Equal(("40.00", "EUR", "40.0000"), (customer["volume"], customer["volume_currency"], customer["volume_base"]));
    }

    [Fact]
    public async Task Base_amounts_of_other_currencies_take_the_rate_of_the_day()
    {
        await using var app = await TestApplication.StartAsync("money", Files(Formulas));
        var client = await app.ClientAsync();
        await RatesAsync(client);
        Assert.Equal("10.00 USD 8.0000, 20.00 USD 16.0000, 2.00 SEK 0.2000", Amounts(await OrderAsync(client, "USD", "SEK")));
        Assert.Equal("10.00 CHF , 20.00 CHF , 2.00 EUR 2.0000", Amounts(await OrderAsync(client, "CHF", null)));
    }

    [Fact]
    public async Task Publish_computes_new_formulas_of_records_that_are_there()
    {
        await using var app = await TestApplication.StartAsync("money", Files(""));
        var client = await app.ClientAsync();
        await RatesAsync(client);
        var ids = new[] { await OrderAsync(client, "EUR", "SEK"), await OrderAsync(client, "USD", null), await OrderAsync(client, "CHF", "CHF") }.Select(order => order["id"]).ToList();

        var request = new PublishRequest([Files(Formulas)], new HashSet<string>(), null, Caller.System);
        var result = await app.Get<Publisher>().PublishAsync(request, [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems);
        var amounts = new List<string>();
        foreach (var id in ids) amounts.Add(Amounts(await client.GetAsync($"/api/data/orders/{id}")));
        Assert.Equal(["10.00 EUR 10.0000, 20.00 EUR 20.0000, 2.00 SEK 0.2000", "10.00 USD 8.0000, 20.00 USD 16.0000, 2.00 EUR 2.0000", "10.00 CHF , 20.00 CHF , 2.00 CHF "], amounts);
    }

    [Fact]
    public async Task Rollup_over_plain_numbers_is_in_the_currency_that_metadata_says_and_else_in_the_base_currency()
    {
        const string rollups = """
            , { "name": "cost", "type": "money", "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount" } }
            , { "name": "peak", "type": "money", "currency": "USD", "rollup": { "entity": "line", "via": "order", "aggregate": "max", "field": "amount" } }
            """;
        await using var app = await TestApplication.StartAsync("money", Files(""));
        var client = await app.ClientAsync();
        await RatesAsync(client);
        var id = (await OrderAsync(client, "EUR", null))["id"];

        var request = new PublishRequest([Files(rollups, sum: "cost")], new HashSet<string>(), null, Caller.System);
        Assert.Empty((await app.Get<Publisher>().PublishAsync(request, [], _ => { }, CancellationToken.None)).Plan.Problems);
        Assert.Equal("20.00 EUR 20.0000, 15.00 USD 12.0000", await RollupsAsync());

        await client.CreateAsync("lines", $$"""{ "name": "c", "order_id": "{{id}}", "amount": 30 }""");
        Assert.Equal("50.00 EUR 50.0000, 30.00 USD 24.0000", await RollupsAsync());
        var order = await client.GetAsync($"/api/data/orders/{id}?$expand=customer");
        Assert.Equal(("50.00", "EUR", "50.0000"), (order.Json.GetProperty("customer").GetProperty("volume").ToString(), order.Json.GetProperty("customer").GetProperty("volume_currency").ToString(), order.Json.GetProperty("customer").GetProperty("volume_base").ToString()));

        async Task<string> RollupsAsync()
        {
            var order = await client.GetAsync($"/api/data/orders/{id}");
            return string.Join(", ", new[] { "cost", "peak" }.Select(name => $"{order[name]} {order[$"{name}_currency"]} {order[$"{name}_base"]}"));
        }
    }

    private static async Task<Answer> OrderAsync(TestClient client, string currency, string? ofCustomer)
    {
        var customer = await client.CreateAsync("customers", $$"""{ "name": "C", "currency": {{(ofCustomer is null ? "null" : $"\"{ofCustomer}\"")}} }""");
        var order = await client.PostAsync("/api/data/orders", $$"""
            { "name": "O", "customer_id": "{{customer}}", "currency": "{{currency}}", "lines": [ { "name": "a", "amount": 15 }, { "name": "b", "amount": 5 } ] }
            """);
        Assert.True(order.Status == 201, $"{order.Status} {order.Json}");
        return order;
    }

    // The later of two rates holds, and one of the future does not.
    private static async Task RatesAsync(TestClient client)
    {
        foreach (var (code, from, rate) in new[] { ("USD", "2020-01-01", "2"), ("USD", "2021-01-01", "1.25"), ("USD", "2999-01-01", "5"), ("SEK", "2020-01-01", "10") })
            await client.CreateAsync("rates", $$"""{ "currency": "{{code}}", "valid_from": "{{from}}", "rate": {{rate}} }""");
    }

    private static string Amounts(Answer order) =>
        string.Join(", ", new[] { "half", "full", "fee" }.Select(name => $"{order[name]} {order[$"{name}_currency"]} {order[$"{name}_base"]}"));

    private static PackageFiles Files(string formulas, string sum = "full") => new PackageBuilder("money")
        .File("manifest.json", """
            { "formatVersion": 1, "name": "money", "version": "1.0.0",
              "currencies": { "base": "EUR", "entity": "rate", "currency": "currency", "validFrom": "valid_from", "rate": "rate" } }
            """)
        .EntityJson("""
            { "name": "rate", "plural": "rates", "primary": "currency", "fields": [
              { "name": "currency", "type": "text" }, { "name": "valid_from", "type": "date" }, { "name": "rate", "type": "decimal", "precision": 18, "scale": 6 } ] }
            """)
        .EntityJson($$"""
            { "name": "customer", "plural": "customers", "primary": "name", "fields": [
              { "name": "name", "type": "text" }, { "name": "currency", "type": "text" }
              {{(formulas.Length == 0 ? "" : $$""", { "name": "volume", "type": "money", "rollup": { "entity": "order", "via": "customer", "aggregate": "sum", "field": "{{sum}}" } }""")}} ] }
            """)
        .EntityJson($$"""
            { "name": "order", "plural": "orders", "primary": "name", "fields": [
              { "name": "name", "type": "text" }, { "name": "currency", "type": "text" }, { "name": "customer", "type": "lookup", "target": "customer" },
              { "name": "lines", "type": "children", "entity": "line", "via": "order" },
              { "name": "net", "type": "decimal", "precision": 18, "scale": 2, "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount" } }
              {{formulas}} ] }
            """)
        .EntityJson("""
            { "name": "line", "plural": "lines", "primary": "name", "fields": [
              { "name": "name", "type": "text" }, { "name": "order", "type": "lookup", "target": "order", "required": true },
              { "name": "amount", "type": "decimal", "precision": 18, "scale": 2 } ] }
            """)
        .Files();
}
