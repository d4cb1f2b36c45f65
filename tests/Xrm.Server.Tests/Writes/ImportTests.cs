using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Server.Tests.Writes;

/// <summary>Records from files of CSV, in the packages as they are delivered.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await StartAsync();
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_was_exported_can_be_imported_into_an_organisation_that_has_none()
    {
        var account = await _admin.CreateAsync("accounts", """{ "name": "Acme, \"Inc\"" }""");
        await _admin.CreateAsync("contacts", $$"""{ "name_first": "Ada", "name_last": "=Lovelace", "account_id": "{{account}}", "email": "ada@example.org" }""");
        await _admin.CreateAsync("contacts", $$"""{ "name_first": "'+Bob", "name_last": "O'Neil", "account_id": "{{account}}" }""");
        var type = await _admin.CreateAsync("contract_types", """{ "code": "LEASE", "name": "Lease" }""");
        await _admin.CreateAsync("contracts", $$"""{ "title": "Premises, \"second\" floor", "account_id": "{{account}}", "type_id": "{{type}}", "starts_on": "2026-01-01", "value": 1200.50 }""");
        foreach (var parameters in new[] { "csv", "csv;labels=true;bom=true", "csv;labels=true;separator=semicolon;decimal=comma" })
        {
            await using var empty = await StartAsync();
            // The owner of the records is somebody in both.
            var target = await empty.ClientAsync(_admin.UserId);
            foreach (var collection in new[] { "accounts", "contacts", "contract_types", "contracts" })
            {
                var file = await ExportAsync(_admin, collection, parameters);
                var report = await ImportAsync(target, collection, file, $"?computed=skip{(parameters.Contains("comma", StringComparison.Ordinal) ? "&decimal=comma" : "")}&onError=continue");
                Assert.True(report.Status == 200 && report["refused"] == "0", $"{collection} {parameters}: {report.Json}\n{file}");
                Assert.Equal(await CountAsync(_admin, collection), await CountAsync(target, collection));
            }
            foreach (var path in new[] { "contacts?$select=name,name_first,name_last,email&$expand=account($select=name)&$orderby=name_first", "contracts?$select=title,starts_on,value,status&$expand=account($select=name)" })
                Assert.Equal((await _admin.GetAsync($"/api/data/{path}")).Json.GetProperty("value").GetRawText(), (await target.GetAsync($"/api/data/{path}")).Json.GetProperty("value").GetRawText());
        }
    }

    [Fact]
    public async Task All_or_nothing_a_trial_or_what_is_right()
    {
        const string File = "name,employees,description\nGood,3,\n,4,\n\nBad,many,\nFine,5,\"Two\nlines\"\n";
        var tried = await ImportAsync(_admin, "accounts", File, "?dryRun=true");
        Assert.Equal((200, "True", "4", "2", "2"), (tried.Status, tried["dryRun"], tried["rows"], tried["created"], tried["refused"]));
        Assert.Equal(["3 name required", "5 employees wrong_type"], Refusals(tried.Json));
        var stopped = await ImportAsync(_admin, "accounts", File);
        Assert.Equal((400, "import_refused"), (stopped.Status, stopped["code"]));
        Assert.Equal(Refusals(tried.Json), Refusals(stopped.Json.GetProperty("report")));
        Assert.Equal("0", await CountAsync(_admin, "accounts"));
        Assert.Empty(await EventsAsync());
        var continued = await ImportAsync(_admin, "accounts", File, "?onError=continue");
        Assert.Equal((200, "2", "2"), (continued.Status, continued["created"], continued["refused"]));
        Assert.Equal("2", await CountAsync(_admin, "accounts"));
        var told = Assert.Single(await EventsAsync());
        Assert.Equal(continued["id"], told.GetProperty("details").GetProperty("import").GetString());
        Assert.Equal(2, told.GetProperty("details").GetProperty("created").GetInt32());
        var id = (await _admin.GetAsync("/api/data/accounts?$filter=name eq 'Good'")).Json.GetProperty("value")[0].GetProperty("id").GetString();
        var entry = (await _admin.GetAsync($"/api/data/accounts/{id}/history")).Json.GetProperty("value")[0];
        Assert.Equal(("import", "import", continued["id"]), (entry.GetProperty("source").GetString(), entry.GetProperty("cause").GetProperty("kind").GetString(), entry.GetProperty("cause").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_request_that_comes_again_imports_once()
    {
        var first = await ImportAsync(_admin, "accounts", "name\nAcme\n", "", "key-1");
        var again = await ImportAsync(_admin, "accounts", "name\nAcme\n", "", "key-1");
        Assert.Equal((200, first["id"], "true"), (again.Status, again["id"], again.Message.Headers.GetValues("Idempotency-Replayed").Single()));
        Assert.Equal("1", await CountAsync(_admin, "accounts"));
        Assert.Equal(422, (await ImportAsync(_admin, "accounts", "name\nOther\n", "", "key-1")).Status);
    }

    [Fact]
    public async Task Records_are_named_by_title_and_options_by_label_in_ones_own_language()
    {
        await _admin.CreateAsync("accounts", """{ "name": "Acme" }""");
        await _admin.CreateAsync("accounts", """{ "name": "Twin" }""");
        await _admin.CreateAsync("accounts", """{ "name": "Twin" }""");
        _admin.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de");
        var german = await ExportAsync(_admin, "contracts", "csv;labels=true&$select=title,account,status,starts_on");
        var heading = german.Split("\r\n")[0];
        Assert.DoesNotContain("Account", heading.Split(',')[0], StringComparison.Ordinal);
        var labels = heading.Split(',');
        var report = await ImportAsync(_admin, "contracts", $"{labels[0]};{labels[2]};{labels[3]}\nA;Acme;Entwurf\nB;Twin;Draft\nC;None;draft\nD;Acme;nonsense\n", "?dryRun=true");
        Assert.True(report.Status == 200, $"{heading} {report.Json}");
        Assert.Equal([$"3 {labels[2]} reference_ambiguous", $"4 {labels[2]} reference_not_found", $"5 {labels[3]} unknown_option"], Refusals(report.Json).Where(each => !each.EndsWith("state_by_transition", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "empty_file", "")]
    [InlineData("name\n", "empty_file", "")]
    [InlineData("name,nme\nA,B\n", "unknown_column", "Line 1: Accounts have no column 'nme'. Did you mean name?")]
    [InlineData("name,Name\nA,B\n", "duplicate_column", "Line 1")]
    [InlineData("name,\nA,B\n", "unknown_column", "column 2 has no name")]
    [InlineData("name,created_at\nA,B\n", "column_not_writable", "'created_at' (column 2)")]
    [InlineData("name,employees\nA\n", "wrong_number_of_values", "Line 2 has 1 values")]
    [InlineData("name\n\"A\nB\n", "malformed_csv", "Line 2, column 1")]
    [InlineData("name,employees\n\"A\nB\"x,1\n", "malformed_csv", "Line 3, column 1")]
    [InlineData("name\nA\"B\n", "malformed_csv", "Line 2, column 1")]
    [InlineData("name\nA\0B\n", "wrong_charset", "Line 2")]
    public async Task A_broken_file_is_told_with_its_place(string file, string code, string detail)
    {
        var refused = await ImportAsync(_admin, "accounts", file);
        Assert.Equal((400, code), (refused.Status, refused["code"]));
        Assert.Contains(detail, refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_and_forms_are_told()
    {
        Assert.Equal("wrong_charset", (await SendAsync(_admin, "accounts", [.. "name\nA"u8, 0xE4, .. "\n"u8], "text/csv"))["code"]);
        Assert.Equal("wrong_charset", (await SendAsync(_admin, "accounts", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("name\nA\n")).ToArray(), "text/csv"))["code"]);
        Assert.Equal((415, "unsupported_media_type"), ((await SendAsync(_admin, "accounts", "name\nA\n"u8.ToArray(), "application/json")) is var json ? json.Status : 0, json["code"]));
        Assert.Equal(415, (await SendAsync(_admin, "accounts", "name\nA\n"u8.ToArray(), "text/csv; charset=iso-8859-1")).Status);
        Assert.Equal("too_many_rows", (await ImportAsync(_admin, "accounts", "name\n" + string.Concat(Enumerable.Repeat("A\n", 10_001))))["code"]);
        Assert.Equal("too_many_columns", (await ImportAsync(_admin, "accounts", new string(',', 600) + "\n"))["code"]);
        Assert.Equal("value_too_long", (await ImportAsync(_admin, "accounts", $"name\n{new string('a', 1_000_001)}\n"))["code"]);
        Assert.Equal(413, (await SendAsync(_admin, "accounts", new byte[16 * 1024 * 1024 + 1], "text/csv")).Status);
        Assert.Equal("invalid_option", (await ImportAsync(_admin, "accounts", "name\nA\n", "?onError=never"))["code"]);
        Assert.Equal(404, (await ImportAsync(_admin, "nothings", "name\nA\n")).Status);
        // More is wrong than anybody reads.
        var many = await ImportAsync(_admin, "accounts", "name,employees\n" + string.Concat(Enumerable.Repeat("A,x\n", 600)), "?dryRun=true");
        Assert.Equal(("600", 500, "100"), (many["refused"], many.Json.GetProperty("refusals").GetArrayLength(), many["moreRefusals"]));
    }

    [Fact]
    public async Task Values_of_other_records_are_left_out_and_a_key_names_one()
    {
        await _admin.CreateAsync("accounts", """{ "name": "Acme" }""");
        var number = (await _admin.GetAsync("/api/data/accounts")).Json.GetProperty("value")[0].GetProperty("number").GetString();
        var file = $"title,account/number,Account: Industry,Account: Currency\nA,{number},tech,EUR\n";
        Assert.Equal("column_not_writable", (await ImportAsync(_admin, "contracts", file))["code"]);
        var report = await ImportAsync(_admin, "contracts", file, "?computed=skip");
        Assert.True(report.Status == 200 && report["created"] == "1", report.Json.ToString());
        Assert.Equal(["Account: Industry", "Account: Currency"], report.Json.GetProperty("skipped").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task The_description_of_the_api_has_it()
    {
        var document = await _admin.GetAsync("/api/openapi.json");
        Assert.True(document.Json.GetProperty("paths").GetProperty("/api/data/accounts/$import").GetProperty("post").GetProperty("requestBody").GetProperty("content").TryGetProperty("text/csv", out _));
        var user = await (await _app.ClientAsync("contract_user")).GetAsync("/api/openapi.json");
        Assert.False(user.Json.GetProperty("paths").TryGetProperty("/api/data/accounts/$import", out _));
        Assert.True(user.Json.GetProperty("paths").TryGetProperty("/api/data/contracts/$import", out _));
    }

    private static async Task<TestApplication> StartAsync() => await TestApplication.StartAsync("contracts without data", [.. (await Repository.PackagesAsync("metadata/packages/core", "metadata/packages/contracts"))
        .Select(package => new PackageFiles(package.Name, package.Content.Where(file => !file.Key.StartsWith("data/", StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal)))]);

    private static string[] Refusals(JsonElement report) => [.. report.GetProperty("refusals").EnumerateArray().Select(each => $"{each.GetProperty("line")} {(each.TryGetProperty("column", out var column) ? column.GetString() : "-")} {each.GetProperty("code").GetString()}")];

    private async Task<JsonElement[]> EventsAsync() => [.. (await _admin.GetAsync("/api/administration/audit?operation=import")).Json.GetProperty("value").EnumerateArray()];

    private static async Task<string?> CountAsync(TestClient client, string collection) => (await client.GetAsync($"/api/data/{collection}?$count=true&$top=1"))["@odata.count"];

    private static Task<string> ExportAsync(TestClient client, string collection, string parameters) => client.Http.GetStringAsync($"/api/data/{collection}?$format={parameters}");

    private static Task<Answer> ImportAsync(TestClient client, string collection, string file, string query = "", string? key = null) => SendAsync(client, collection, Encoding.UTF8.GetBytes(file), "text/csv", query, key);

    private static async Task<Answer> SendAsync(TestClient client, string collection, byte[] file, string type, string query = "", string? key = null)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/data/{collection}/$import{query}") { Content = content };
        // A refusal by the length comes before the body is sent.
        request.Headers.ExpectContinue = true;
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var response = await client.Http.SendAsync(request);
        Assert.True((int)response.StatusCode < 500, client.Defect);
        return new Answer((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response);
    }
}
