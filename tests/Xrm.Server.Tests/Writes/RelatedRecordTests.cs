namespace Xrm.Server.Tests.Writes;

/// <summary>Records that are made where they belong, and lookups that are set the way OData does it.</summary>
[Collection(nameof(SalesCollection))]
public sealed class RelatedRecordTests(SalesApplication sales)
{
    [Fact]
    public async Task A_child_is_made_in_its_owner()
    {
        var sale = await sales.SaleAsync();
        var line = await sales.Admin.PostAsync($"/api/data/sales/{sale}/lines", """{ "name": "a", "price": 1.50 }""");
        Assert.Equal((201, sale, "1.50"), (line.Status, line["sale_id"], line["price"]));
        Assert.EndsWith($"/api/data/lines/{line["id"]}", line.Message.Headers.Location!.ToString());
        Assert.Equal("1.50", (await sales.Admin.GetAsync($"/api/data/sales/{sale}"))["net"]);
        var number = (await sales.Admin.GetAsync($"/api/data/sales/{sale}"))["number"];
        Assert.Equal(sale, (await sales.Admin.PostAsync($"/api/data/sales(number='{number}')/lines", $$"""{ "name": "b", "sale_id": "{{sale}}" }"""))["sale_id"]);
    }

    [Fact]
    public async Task A_record_is_made_where_its_lookup_points_to()
    {
        var customer = await sales.CustomerAsync();
        Assert.Equal(customer, (await sales.Admin.PostAsync($"/api/data/customers/{customer}/sales_made", """{ "title": "Sale" }"""))["customer_id"]);
    }

    [Fact]
    public async Task It_is_refused_as_a_record_of_its_own_would_be()
    {
        var (sale, other) = (await sales.SaleAsync(), await sales.SaleAsync());
        Assert.Equal("name required", (await sales.Admin.PostAsync($"/api/data/sales/{sale}/lines", "{}")).Errors);
        Assert.Equal("sale_id duplicate_property", (await sales.Admin.PostAsync($"/api/data/sales/{sale}/lines", $$"""{ "name": "a", "sale_id": "{{other}}" }""")).Errors);
        Assert.Equal("- wrong_type", (await sales.Admin.PostAsync($"/api/data/sales/{sale}/lines", "[]")).Errors);
        Assert.Equal("sale_id reference_unknown", (await sales.Admin.PostAsync($"/api/data/sales/{Guid.CreateVersion7()}/lines", """{ "name": "a" }""")).Errors);
        Assert.Equal((403, "forbidden"), ((await (await sales.App.ClientAsync("clerk")).PostAsync($"/api/data/sales/{sale}/lines", """{ "name": "a" }""")) is var refused ? (refused.Status, refused["code"]) : default));
    }

    [Fact]
    public async Task It_is_made_once_under_one_key()
    {
        var (sale, key) = (await sales.SaleAsync(), Guid.NewGuid().ToString());
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal(201, (await sales.Admin.SendAsync(HttpMethod.Post, $"/api/data/sales/{sale}/lines", """{ "name": "a" }""", headers: ("Idempotency-Key", key))).Status);
        Assert.Equal(1, (await sales.Admin.GetAsync($"/api/data/sales/{sale}/lines?$count=true")).Json.GetProperty("@odata.count").GetInt32());
    }

    [Theory]
    [InlineData("customers({0})")]
    [InlineData("customers/{0}")]
    [InlineData("/customers({0})")]
    [InlineData("/api/data/customers({0})")]
    [InlineData("https://xrm.example/api/data/customers({0})")]
    [InlineData("https://xrm.example/behind/a/proxy/api/data/customers/{0}")]
    public async Task A_lookup_is_set_by_the_url_of_a_record(string url)
    {
        var customer = await sales.CustomerAsync();
        var bound = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, customer);
        Assert.Equal(customer, (await sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "Bound", "customer@odata.bind": "{{bound}}" }"""))["customer_id"]);
    }

    [Theory]
    [InlineData("https://xrm.example/customers(00000000-0000-7000-8000-000000000001)")]
    [InlineData("customers(00000000-0000-7000-8000-000000000001")]
    [InlineData("customers")]
    [InlineData("")]
    [InlineData("labels(00000000-0000-7000-8000-000000000001)")]
    public async Task What_is_no_url_of_such_a_record_is_refused(string url) =>
        Assert.Contains("customer@odata.bind invalid_reference", (await sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "Bound", "customer@odata.bind": "{{url}}" }""")).Errors);

    [Fact]
    public async Task A_lookup_is_emptied_by_null()
    {
        var sale = await sales.SaleAsync($$""", "regarding_type": "customer", "regarding_id": "{{await sales.CustomerAsync()}}" """);
        var changed = await sales.Admin.PatchAsync($"/api/data/sales/{sale}", """{ "regarding@odata.bind": null }""");
        Assert.Equal((200, "null", "null"), (changed.Status, changed.Json.GetProperty("regarding_id").GetRawText(), changed.Json.GetProperty("regarding_type").GetRawText()));
        Assert.Equal("customer_id required", (await sales.Admin.PatchAsync($"/api/data/sales/{sale}", """{ "customer@odata.bind": null }""")).Errors);
    }
}
