using Npgsql;

namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class DeleteTests(SalesApplication sales)
{
    [Fact]
    public async Task A_record_that_is_pointed_to_stays()
    {
        var customer = await sales.CustomerAsync();
        var sale = await sales.Admin.CreateAsync("sales", $$"""{ "title": "x", "customer_id": "{{customer}}" }""");
        var answer = await sales.Admin.DeleteAsync($"/api/data/customers/{customer}");
        Assert.Equal((409, "record_in_use"), (answer.Status, answer["code"]));
        Assert.Equal(204, (await sales.Admin.DeleteAsync($"/api/data/sales/{sale}")).Status);
        Assert.Equal(404, (await sales.Admin.GetAsync($"/api/data/sales/{sale}")).Status);
        Assert.Equal("0", (await sales.Admin.GetAsync($"/api/data/customers/{customer}"))["sales"]);
    }

    [Fact]
    public async Task A_rule_can_keep_a_record()
    {
        var id = await sales.SaleAsync();
        await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "title": "kept" }""");
        var answer = await sales.Admin.DeleteAsync($"/api/data/sales/{id}");
        Assert.Equal((400, "- rule_refused"), (answer.Status, answer.Errors));
        Assert.Equal("This one stays.", answer["detail"]);
    }

    [Fact]
    public async Task A_lookup_of_several_kinds_forgets_a_deleted_record()
    {
        var label = await sales.Admin.CreateAsync("labels", """{ "name": "gone" }""");
        var sale = await sales.SaleAsync($$""", "regarding_id": "{{label}}", "regarding_type": "label" """);
        Assert.Equal(204, (await sales.Admin.DeleteAsync($"/api/data/labels/{label}")).Status);
        var read = await sales.Admin.GetAsync($"/api/data/sales/{sale}");
        Assert.Null(read["regarding_id"]);
        Assert.Null(read["regarding_type"]);
    }

    [Fact]
    public async Task History_and_events_tell_every_change()
    {
        var id = await sales.SaleAsync();
        await sales.Admin.PatchAsync($"/api/data/sales/{id}", """{ "days": 3 }""");
        await sales.Admin.DeleteAsync($"/api/data/sales/{id}");
        Assert.Equal(["create", "update", "delete"], await ColumnAsync("select operation from org_main._audit where record_id = $1 order by at, id", id));
        Assert.Equal(["""{"days": [null, 3], "ends_on": [null, """ + $"\"{TimeProvider.System.GetUtcNow().AddDays(3):yyyy-MM-dd}\"]}}"],
            await ColumnAsync("select changes::jsonb::text from org_main._audit where record_id = $1 and operation = 'update'", id));
        Assert.Equal(["created 1", "updated 2", "deleted 3"], await ColumnAsync("select event || ' ' || version from org_main._outbox where record_id = $1 order by id", id));
        Assert.Equal(["[\"days\", \"ends_on\", \"modified_at\", \"version\"]"],
            await ColumnAsync("select payload::jsonb ->> 'changed' from org_main._outbox where record_id = $1 and event = 'updated'", id));
    }

    private async Task<List<string>> ColumnAsync(string sql, string id)
    {
        await using var connection = await sales.App.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(id) });
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync()) values.Add(reader.GetString(0));
        return values;
    }
}
