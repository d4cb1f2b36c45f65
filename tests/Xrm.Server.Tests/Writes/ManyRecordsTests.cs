using System.Text.Json;
using Npgsql;

namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class ManyRecordsTests(SalesApplication sales)
{
    private const string EachAlone = "odata.continue-on-error";

    [Fact]
    public async Task An_array_creates_its_records_with_children_links_numbers_history_and_events()
    {
        var (customer, label) = (await sales.CustomerAsync(), await sales.Admin.CreateAsync("labels", """{ "name": "many" }"""));
        var rows = Enumerable.Range(0, 30).Select(index => $$"""
            { "title": "Sale {{index}}", "customer_id": "{{customer}}", "regarding_id": "{{label}}", "regarding_type": "label",
              "lines": [ { "name": "a", "quantity": {{index}}, "price": 2 }, { "name": "b", "price": 0.5 } ], "labels": [ { "id": "{{label}}" } ] }
            """);
        var answer = await PostAsync("sales", rows);
        Assert.Equal(200, answer.Status);
        var results = answer.Json.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, 30), results.Select(row => row.GetProperty("row").GetInt32()));
        Assert.All(results, row => Assert.Equal(201, row.GetProperty("status").GetInt32()));

        var last = await sales.Admin.GetAsync($"/api/data/sales/{results[29].GetProperty("id").GetString()}?$expand=lines,labels");
        Assert.Equal(("Sale 29", "58.50", "69.62"), (last["title"], last["net"], last["gross"]));
        Assert.Equal(last["@odata.etag"], results[29].GetProperty("@odata.etag").GetString());
        Assert.Equal((2, 1), (last.Json.GetProperty("lines").GetArrayLength(), last.Json.GetProperty("labels").GetArrayLength()));
        Assert.Equal("30", (await sales.Admin.GetAsync($"/api/data/customers/{customer}"))["sales"]);

        var numbers = new List<int>();
        foreach (var row in results) numbers.Add(int.Parse((await sales.Admin.GetAsync($"/api/data/sales/{row.GetProperty("id").GetString()}?$select=number"))["number"]![2..]));
        Assert.Equal(Enumerable.Range(numbers[0], 30), numbers);
        Assert.Equal((30L, 30L), await CountsAsync(results.Select(row => row.GetProperty("id").GetGuid()).ToArray()));
    }

    [Fact]
    public async Task One_wrong_record_keeps_all_others_out()
    {
        var customer = await sales.CustomerAsync();
        var answer = await PostAsync("sales",
        [
            $$"""{ "title": "Good", "customer_id": "{{customer}}" }""",
            $$"""{ "days": 0, "customer_id": "{{customer}}" }""",
        ]);
        Assert.Equal((400, "validation_failed"), (answer.Status, answer["code"]));
        Assert.Equal("0", (await sales.Admin.GetAsync($"/api/data/customers/{customer}"))["sales"]);
    }

    [Fact]
    public async Task Mistakes_of_all_rows_are_told_at_once()
    {
        var answer = await PostAsync("labels", ["""{ "name": "a" }""", """{ "nmae": "b" }""", "7", "null", """{ "name": 5 }"""]);
        Assert.Equal((400, "[1].nmae unknown_field, [1].name required, [2] wrong_type, [3] wrong_type, [4].name wrong_type"), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task What_is_written_while_the_rest_is_prepared_is_undone_with_it()
    {
        var mark = $"P{Guid.NewGuid():N}";
        string[] Rows(int taken, string wrong) => [.. Enumerable.Range(0, 2_500).Select(index => index == 2_400 ? wrong : $$"""{ "name": "{{mark}} {{(index == 1_700 ? taken : index)}}" }""")];
        var count = $"/api/data/customers/$count?$filter=startswith(name,'{mark}')";
        var mistake = await PostAsync("customers", Rows(1_700, """{ "name": null }"""));
        Assert.Equal((400, "[2400].name required"), (mistake.Status, mistake.Errors));
        var twice = await PostAsync("customers", Rows(3, $$"""{ "name": "{{mark}} 2400" }"""));
        Assert.Equal((409, "[1700].name not_unique"), (twice.Status, twice.Errors));
        Assert.Equal("0", await sales.Admin.Http.GetStringAsync(count));

        var each = await sales.Admin.SendAsync(HttpMethod.Post, "/api/data/customers", $"[{string.Join(',', Rows(3, """{ "name": null }"""))}]", prefer: EachAlone);
        Assert.Equal([1_700, 2_400], each.Json.GetProperty("value").EnumerateArray().Where(row => row.GetProperty("status").GetInt32() != 201).Select(row => row.GetProperty("row").GetInt32()));
        Assert.Equal("2498", await sales.Admin.Http.GetStringAsync(count));
    }

    [Fact]
    public async Task Mistakes_name_their_rows()
    {
        var customer = await sales.CustomerAsync();
        var answer = await PostAsync("sales",
        [
            $$"""{ "title": "Good", "customer_id": "{{customer}}" }""",
            $$"""{ "days": 0, "customer_id": "{{customer}}" }""",
            $$"""{ "title": "Where", "customer_id": "{{Guid.NewGuid()}}", "lines": [ { "name": "a", "quantity": 2000 } ] }""",
        ]);
        Assert.Equal((400, "[1].days too_small, [1].title required, [2].customer_id reference_unknown, [2].lines[0] validation"), (answer.Status, answer.Errors));
        Assert.Equal("[1] wrong_type", (await PostAsync("labels", ["""{ "name": "a" }""", "7"])).Errors);
        var seller = await sales.App.ClientAsync("seller");
        Assert.Equal((403, "[1].secret forbidden"), await RefusalAsync(seller, [$$"""{ "title": "a", "customer_id": "{{customer}}" }""", $$"""{ "title": "a", "secret": "x" }"""]));
        Assert.Equal(403, (await PostAsync("customers", ["""{ "name": "a" }"""], seller)).Status);
    }

    [Fact]
    public async Task What_the_database_finds_is_told_with_its_row()
    {
        var name = $"N{Guid.NewGuid():N}";
        await sales.Admin.CreateAsync("customers", $$"""{ "name": "{{name}}" }""");
        var answer = await PostAsync("customers", Enumerable.Range(0, 20).Select(index => $$"""{ "name": "{{(index == 13 ? name : Guid.NewGuid().ToString("N"))}}" }"""));
        Assert.Equal((409, "[13].name not_unique"), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Each_record_alone_when_the_client_prefers_it()
    {
        var taken = $"N{Guid.NewGuid():N}";
        await sales.Admin.CreateAsync("customers", $$"""{ "name": "{{taken}}" }""");
        var names = Enumerable.Range(0, 40).Select(index => index is 3 or 17 ? taken : $"N{Guid.NewGuid():N}").ToList();
        var answer = await PostAsync("customers", names.Select((name, index) => $$"""{ "name": "{{name}}", "terms": {{(index == 20 ? "\"x\"" : "1")}} }"""), prefer: EachAlone);
        Assert.Equal(200, answer.Status);
        Assert.Equal(EachAlone, answer.Message.Headers.GetValues("Preference-Applied").Single());
        var results = answer.Json.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal([(3, 409), (17, 409), (20, 400)], results.Select((row, index) => (index, row.GetProperty("status").GetInt32())).Where(pair => pair.Item2 != 201));
        Assert.Equal("name not_unique", Errors(results[3]));
        Assert.Equal("terms wrong_type", Errors(results[20]));
        Assert.Equal(200, (await sales.Admin.GetAsync($"/api/data/customers/{results[39].GetProperty("id").GetString()}")).Status);
    }

    [Fact]
    public async Task Numbers_have_no_gaps_when_some_records_are_refused()
    {
        var customer = await sales.CustomerAsync();
        string Row(int days) => $$"""{ "title": "x", "days": {{days}}, "customer_id": "{{customer}}" }""";
        var before = await NumberAsync(await sales.Admin.CreateAsync("sales", Row(1)));
        Assert.Equal(400, (await PostAsync("sales", [Row(1), Row(0)])).Status);
        await PostAsync("sales", [Row(0), Row(1), Row(0), Row(2), Row(0)], prefer: EachAlone);
        Assert.Equal(before + 3, await NumberAsync(await sales.Admin.CreateAsync("sales", Row(1))));
    }

    [Fact]
    public async Task Records_of_one_array_may_point_to_each_other()
    {
        var (above, below) = (Guid.NewGuid(), Guid.NewGuid());
        var answer = await PostAsync("customers", [$$"""{ "id": "{{above}}", "name": "A{{above:N}}" }""", $$"""{ "id": "{{below}}", "name": "B{{below:N}}", "above_id": "{{above}}" }"""]);
        Assert.Equal(200, answer.Status);
        Assert.Equal(above.ToString(), (await sales.Admin.GetAsync($"/api/data/customers/{below}"))["above_id"]);
        answer = await PostAsync("customers", [$$"""{ "id": "{{above}}", "name": "again" }"""]);
        Assert.Equal((409, "[0].id not_unique"), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Limits_are_said()
    {
        var answer = await PostAsync("labels", Enumerable.Repeat("{}", 10_001));
        Assert.Equal((400, "too_many_rows"), (answer.Status, answer["code"]));
        Assert.Contains("10000", answer["detail"]);
        Assert.Equal(0, (await PostAsync("labels", [])).Json.GetProperty("value").GetArrayLength());
        answer = await PostAsync("labels", Enumerable.Repeat("{}", 5_000));
        Assert.Equal((400, 1_000), (answer.Status, answer.Json.GetProperty("errors").GetArrayLength()));
        Assert.Contains("1000", answer["detail"]);
    }

    [Fact]
    public async Task Ten_thousand_records_are_created_by_one_call()
    {
        var answer = await PostAsync("labels", Enumerable.Range(0, 10_000).Select(index => $$"""{ "name": "L{{index}}" }"""));
        Assert.Equal((200, 10_000), (answer.Status, answer.Json.GetProperty("value").GetArrayLength()));
    }

    private Task<Answer> PostAsync(string collection, IEnumerable<string> rows, TestClient? client = null, string? prefer = null) =>
        (client ?? sales.Admin).SendAsync(HttpMethod.Post, $"/api/data/{collection}", $"[{string.Join(',', rows)}]", prefer: prefer);

    private async Task<(int, string)> RefusalAsync(TestClient client, IEnumerable<string> rows)
    {
        var answer = await PostAsync("sales", rows, client);
        return (answer.Status, answer.Errors);
    }

    private async Task<int> NumberAsync(string id) => int.Parse((await sales.Admin.GetAsync($"/api/data/sales/{id}"))["number"]![2..]);

    private static string Errors(JsonElement row) =>
        string.Join(", ", row.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("field").GetString()} {error.GetProperty("code").GetString()}"));

    private async Task<(long History, long Events)> CountsAsync(Guid[] ids)
    {
        await using var connection = await sales.App.Database.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand("select (select count(*) from org_main._audit where record_id = any($1)), (select count(*) from org_main._outbox where record_id = any($1))", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
