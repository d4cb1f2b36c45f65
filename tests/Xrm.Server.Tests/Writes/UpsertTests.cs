namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class UpsertTests(SalesApplication sales)
{
    private static readonly (string, string) OnlyNew = ("If-None-Match", "*");

    [Fact]
    public async Task An_alternate_key_names_a_record_to_change_and_to_delete()
    {
        var name = $"it's {Guid.NewGuid():N}/ü";
        var id = await sales.Admin.CreateAsync("customers", $$"""{ "name": "{{name}}" }""");
        var url = Url(name);
        var answer = await sales.Admin.PatchAsync(url, """{ "terms": 14 }""");
        Assert.Equal((200, id, "14", "2"), (answer.Status, answer["id"], answer["terms"], answer["version"]));
        Assert.Equal(412, (await sales.Admin.PatchAsync(url, """{ "terms": 15 }""", "W/\"1\"")).Status);
        Assert.Equal(204, (await sales.Admin.DeleteAsync(url)).Status);
        Assert.Equal(404, (await sales.Admin.DeleteAsync(url)).Status);
    }

    [Fact]
    public async Task A_transition_can_be_asked_for_by_key()
    {
        var number = (await sales.Admin.GetAsync($"/api/data/sales/{await sales.SaleAsync()}"))["number"];
        Assert.Equal("lost", (await sales.Admin.PostAsync($"/api/data/sales(number='{number}')/lose", """{ "reason": "r" }"""))["status"]);
    }

    [Fact]
    public async Task What_is_not_there_is_created_with_the_key()
    {
        var name = $"N{Guid.NewGuid():N}";
        var answer = await sales.Admin.PatchAsync(Url(name), """{ "terms": 7 }""");
        Assert.Equal((201, name, "7", "1"), (answer.Status, answer["name"], answer["terms"], answer["version"]));
        Assert.EndsWith($"/api/data/customers/{answer["id"]}", answer.Message.Headers.Location!.ToString());
        var id = Guid.NewGuid();
        answer = await sales.Admin.PatchAsync($"/api/data/labels/{id}", """{ "name": "chosen" }""");
        Assert.Equal((201, id.ToString()), (answer.Status, answer["id"]));
        Assert.Equal(200, (await sales.Admin.PatchAsync($"/api/data/labels(id={id})", """{ "name": "again" }""")).Status);
    }

    [Fact]
    public async Task Headers_allow_only_one_of_create_and_update()
    {
        var url = Url($"N{Guid.NewGuid():N}");
        Assert.Equal(404, (await sales.Admin.PatchAsync(url, "{}", "*")).Status);
        Assert.Equal(201, (await SendAsync(url, OnlyNew)).Status);
        var second = await SendAsync(url, OnlyNew);
        Assert.Equal((412, "record_exists"), (second.Status, second["code"]));
        Assert.Equal(200, (await sales.Admin.PatchAsync(url, "{}", "*")).Status);
        Assert.Equal((400, "invalid_etag"), await RefusalAsync(url, ("If-None-Match", "W/\"1\"")));
        Assert.Equal((400, "invalid_etag"), await RefusalAsync(url, OnlyNew, ("If-Match", "*")));
    }

    [Fact]
    public async Task Of_many_upserts_at_once_one_creates_and_the_others_change()
    {
        var url = Url($"N{Guid.NewGuid():N}");
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(terms => sales.Admin.PatchAsync(url, $$"""{ "terms": {{terms}} }""")));
        Assert.Equal([200, 200, 200, 200, 200, 200, 200, 201], answers.Select(answer => answer.Status).Order());
        Assert.Single(answers.Select(answer => answer["id"]).Distinct());
        url = Url($"N{Guid.NewGuid():N}");
        answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(_ => SendAsync(url, OnlyNew)));
        Assert.Equal([201, 412, 412, 412, 412, 412, 412, 412], answers.Select(answer => answer.Status).Order());
    }

    [Theory]
    [InlineData("customers(colour='red')", 400, "unknown_key")]
    [InlineData("customers(terms=3)", 400, "unknown_key")]
    [InlineData("customers(name='a',name='b')", 400, "unknown_key")]
    [InlineData("customers(name=5)", 400, "wrong_type")]
    [InlineData("customers(name=null)", 400, "query_not_understood")]
    [InlineData("customers(name='a)", 400, "query_not_understood")]
    [InlineData("customers(name='a' or true)", 400, "query_not_understood")]
    [InlineData("customers(seven)", 404, "record_not_found")]
    public async Task A_wrong_key_is_refused(string url, int status, string code)
    {
        var answer = await sales.Admin.PatchAsync($"/api/data/{url}", "{}");
        Assert.Equal((status, code), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task A_new_record_has_the_values_of_its_key_and_no_number_of_its_own_choice()
    {
        var answer = await sales.Admin.PatchAsync(Url($"N{Guid.NewGuid():N}"), """{ "name": "other" }""");
        Assert.Equal((400, "name key_mismatch"), (answer.Status, answer.Errors));
        answer = await sales.Admin.PatchAsync("/api/data/sales(number='S-99999')", $$"""{ "title": "x", "customer_id": "{{await sales.CustomerAsync()}}" }""");
        Assert.Equal((400, "number computed"), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Upserts_need_the_right_for_what_they_do()
    {
        var (seller, clerk) = (await sales.App.ClientAsync("seller"), await sales.App.ClientAsync("clerk"));
        var (hidden, customer) = (await sales.SaleAsync(), await sales.CustomerAsync());
        var body = $$"""{ "title": "Mine", "customer_id": "{{customer}}" }""";
        Assert.Equal(404, (await seller.PatchAsync($"/api/data/sales/{hidden}", body)).Status);
        Assert.Equal(201, (await seller.PatchAsync($"/api/data/sales/{Guid.NewGuid()}", body)).Status);
        Assert.Equal(403, (await seller.PatchAsync($"/api/data/customers/{Guid.NewGuid()}", """{ "name": "No" }""")).Status);
        Assert.Equal(403, (await clerk.PatchAsync($"/api/data/sales/{Guid.NewGuid()}", body)).Status);
    }

    private static string Url(string name) => $"/api/data/customers(name='{Uri.EscapeDataString(name.Replace("'", "''"))}')";

    private Task<Answer> SendAsync(string url, params (string, string)[] headers) => sales.Admin.SendAsync(HttpMethod.Patch, url, "{}", headers: headers);

    private async Task<(int, string?)> RefusalAsync(string url, params (string, string)[] headers)
    {
        var answer = await SendAsync(url, headers);
        return (answer.Status, answer["code"]);
    }
}
