namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class RightsTests(SalesApplication sales)
{
    [Fact]
    public async Task Sellers_change_their_own_sales_only()
    {
        var (seller, other) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("seller"));
        var customer = await sales.CustomerAsync();
        var id = await seller.CreateAsync("sales", $$"""{ "title": "Mine", "customer_id": "{{customer}}", "lines": [ { "name": "a" } ] }""");
        Assert.Equal(200, (await seller.PatchAsync($"/api/data/sales/{id}", """{ "days": 1 }""")).Status);
        Assert.Equal(404, (await other.PatchAsync($"/api/data/sales/{id}", """{ "days": 1 }""")).Status);
        Assert.Equal(404, (await other.DeleteAsync($"/api/data/sales/{id}")).Status);
        Assert.Equal(403, (await seller.PostAsync("/api/data/customers", """{ "name": "No" }""")).Status);
        Assert.Equal(403, (await seller.PostAsync($"/api/data/sales", $$"""{ "title": "x", "customer_id": "{{customer}}", "owner_id": "{{Guid.NewGuid()}}", "owner_type": "user" }""")).Status);
    }

    [Fact]
    public async Task Reading_is_not_writing()
    {
        var (clerk, id) = (await sales.App.ClientAsync("clerk"), await sales.SaleAsync());
        var answer = await clerk.PatchAsync($"/api/data/sales/{id}", """{ "days": 1 }""");
        Assert.Equal((403, "forbidden"), (answer.Status, answer["code"]));
        Assert.Equal(403, (await clerk.PostAsync($"/api/data/sales/{id}/lose", "{}")).Status);
    }

    [Fact]
    public async Task A_field_for_bosses_is_written_by_bosses()
    {
        var (seller, boss) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("boss"));
        var customer = await sales.CustomerAsync();
        var answer = await seller.PostAsync("/api/data/sales", $$"""{ "title": "x", "customer_id": "{{customer}}", "secret": "s" }""");
        Assert.Equal((403, "secret forbidden"), (answer.Status, answer.Errors));
        Assert.Equal(201, (await boss.PostAsync("/api/data/sales", $$"""{ "title": "x", "customer_id": "{{customer}}", "secret": "s" }""")).Status);
    }

    [Fact]
    public async Task Transitions_ask_for_roles()
    {
        var (seller, boss) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("boss"));
        var id = await seller.CreateAsync("sales", $$"""{ "title": "x", "customer_id": "{{await sales.CustomerAsync()}}" }""");
        Assert.Equal(200, (await seller.PostAsync($"/api/data/sales/{id}/lose", """{ "reason": "r" }""")).Status);
        Assert.Equal(403, (await seller.PostAsync($"/api/data/sales/{id}/reopen", "{}")).Status);
        Assert.Equal(200, (await boss.PostAsync($"/api/data/sales/{id}/reopen", "{}")).Status);
    }
}
