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
    public async Task Sellers_cannot_give_their_sales_away()
    {
        var (seller, other) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("seller"));
        var id = await seller.CreateAsync("sales", $$"""{ "title": "Mine", "customer_id": "{{await sales.CustomerAsync()}}" }""");
        foreach (var owner in new[] { $"\"{other.UserId}\"", $"\"{Guid.NewGuid()}\"", "null" })
        {
            var answer = await seller.PatchAsync($"/api/data/sales/{id}", $$"""{ "owner_id": {{owner}} }""");
            Assert.Equal((403, "owner_id forbidden"), (answer.Status, answer.Errors));
        }
        Assert.Equal(200, (await seller.PatchAsync($"/api/data/sales/{id}", $$"""{ "owner_id": "{{seller.UserId}}", "title": "Still mine" }""")).Status);
    }

    [Fact]
    public async Task Who_may_change_all_sales_gives_them_to_users_that_there_are()
    {
        var (boss, seller) = (await sales.App.ClientAsync("boss"), await sales.App.ClientAsync("seller"));
        var id = await sales.SaleAsync();
        Assert.Equal(200, (await boss.PatchAsync($"/api/data/sales/{id}", $$"""{ "owner_id": "{{seller.UserId}}", "owner_type": "user" }""")).Status);
        Assert.Equal(200, (await seller.PatchAsync($"/api/data/sales/{id}", """{ "days": 1 }""")).Status);
    }

    [Theory]
    [InlineData("\"owner_type\": \"user\"", "owner_id reference_unknown")]
    [InlineData("\"owner_type\": \"team\"", "owner_id reference_unknown")]
    [InlineData("\"owner_type\": null", "owner_type required")]
    public async Task An_owner_is_somebody(string kind, string expected)
    {
        var owner = $$"""{ "owner_id": "{{Guid.NewGuid()}}", {{kind}} }""";
        var changed = await sales.Admin.PatchAsync($"/api/data/sales/{await sales.SaleAsync()}", owner);
        Assert.Equal((400, expected), (changed.Status, changed.Errors));
        var created = await sales.Admin.PostAsync("/api/data/sales", $$"""{ "title": "x", "customer_id": "{{await sales.CustomerAsync()}}", {{owner[1..]}}""");
        Assert.Equal((400, expected), (created.Status, created.Errors));
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
