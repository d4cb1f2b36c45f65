using System.Net.Http.Headers;
using System.Text;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class FileTests(SalesApplication sales)
{
    [Fact]
    public async Task A_file_is_its_uploaders_until_a_record_holds_it()
    {
        var (boss, seller) = (await sales.App.ClientAsync("boss"), await sales.App.ClientAsync("seller"));
        var id = await UploadAsync(boss, "../logo <1>.svg", "image/svg+xml", "<svg/>");
        Assert.Equal(404, (int)(await seller.Http.GetAsync($"/api/files/{id}")).StatusCode);
        Assert.Equal("logo file_unknown", (await (await sales.App.ClientAsync("boss")).PostAsync("/api/data/customers", $$"""{ "name": "L{{Guid.NewGuid():N}}", "logo": "{{id}}" }""")).Errors);

        var customer = await boss.CreateAsync("customers", $$"""{ "name": "L{{Guid.NewGuid():N}}", "logo": "{{id}}" }""");
        var answer = await seller.Http.GetAsync($"/api/files/{id}");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("<svg/>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("logo 1.svg", answer.Content.Headers.ContentDisposition.ToString());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(404, (int)(await (await sales.App.ClientAsync("clerk")).Http.GetAsync($"/api/files/{id}")).StatusCode);

        Assert.Equal(200, (await boss.PatchAsync($"/api/data/customers/{customer}", """{ "logo": null }""")).Status);
        Assert.Equal(404, (int)(await boss.Http.GetAsync($"/api/files/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_form_can_carry_a_file_too()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "file", "data.bin" } };
        var answer = await sales.Admin.Http.PostAsync("/api/files", form);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal([1, 2, 3], await sales.Admin.Http.GetByteArrayAsync(answer.Headers.Location));
    }

    [Fact]
    public async Task Record_answers_its_files_with_names_and_takes_them_back_as_they_are()
    {
        var admin = sales.Admin;
        var (logo, second, first) = (await UploadAsync(admin, "logo.svg", "image/svg+xml", "<svg/>"), await UploadAsync(admin, "b.txt", "text/plain", "bb"), await UploadAsync(admin, "a.txt", "text/plain", "a"));
        var created = await admin.PostAsync("/api/data/customers", $$"""{ "name": "F{{Guid.NewGuid():N}}", "logo": "{{logo}}", "papers": ["{{second}}", "{{first}}"] }""");
        var expected = ($$"""{"id":"{{logo}}","name":"logo.svg","size":6,"contentType":"application/octet-stream"}""",
            $$"""[{"id":"{{second}}","name":"b.txt","size":2,"contentType":"text/plain"},{"id":"{{first}}","name":"a.txt","size":1,"contentType":"text/plain"}]""");
        Assert.Equal(expected, Files(created.Json));

        var sale = await admin.CreateAsync("sales", $$"""{ "title": "With files", "customer_id": "{{created["id"]}}" }""");
        var read = (await admin.GetAsync($"/api/data/sales/{sale}?$expand=customer($select=logo,papers)")).Json;
        Assert.Equal(expected, Files(read.GetProperty("customer")));

        var (logoJson, papersJson) = expected;
        var same = await admin.PatchAsync($"/api/data/customers/{created["id"]}", $$"""{ "logo": {{logoJson}}, "papers": {{papersJson}}, "terms": 3 }""");
        Assert.Equal((200, expected), (same.Status, Files(same.Json)));
        var without = await admin.PatchAsync($"/api/data/customers/{created["id"]}", $$"""{ "logo": null, "papers": ["{{first}}"] }""");
        Assert.Equal(("", $$"""[{"id":"{{first}}","name":"a.txt","size":1,"contentType":"text/plain"}]"""), Files(without.Json));
        var listed = await admin.GetAsync($"/api/data/customers?$filter=id eq {created["id"]}");
        Assert.Equal(Files(without.Json), Files(listed.Json.GetProperty("value")[0]));
        var wrong = await admin.PatchAsync($"/api/data/customers/{created["id"]}", """{ "logo": { "name": "logo.svg" } }""");
        Assert.Equal((400, "logo wrong_type"), (wrong.Status, wrong.Errors));
    }

    private static (string Logo, string Papers) Files(System.Text.Json.JsonElement record) =>
        (Compact(record.GetProperty("logo")), Compact(record.GetProperty("papers")));

    private static string Compact(System.Text.Json.JsonElement json) => json.ToString().Replace(" : ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal)
        .Replace("{ ", "{", StringComparison.Ordinal).Replace(" }", "}", StringComparison.Ordinal);

    [Fact]
    public async Task Uploads_that_no_record_holds_after_a_day_are_removed()
    {
        await using var app = await TestApplication.StartAsync("sales", SalesPackage.Files());
        var admin = await app.ClientAsync();
        var (old, held, young) = (await UploadAsync(admin, "old", "text/plain", "a"), await UploadAsync(admin, "held", "text/plain", "b"), await UploadAsync(admin, "young", "text/plain", "c"));
        await admin.CreateAsync("customers", $$"""{ "name": "Held", "logo": "{{held}}" }""");
        await app.StopAsync();
        await using (var connection = await app.Database.OpenAsync(CancellationToken.None))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"update org_main._file set created_at = now() - interval '25 hours' where id <> '{young}'";
            await command.ExecuteNonQueryAsync();
        }

        await app.StartAgainAsync(worksInBackground: true);
        admin = await app.ClientAsync();
        await Eventually.IsAsync(async () => (int)(await admin.Http.GetAsync($"/api/files/{old}")).StatusCode == 404);
        Assert.Equal(200, (int)(await admin.Http.GetAsync($"/api/files/{held}")).StatusCode);
        Assert.Equal(200, (int)(await admin.Http.GetAsync($"/api/files/{young}")).StatusCode);
    }

    [Fact]
    public async Task Records_are_found_by_how_many_files_they_have()
    {
        var name = $"F{Guid.NewGuid():N}";
        foreach (var papers in new[] { "", "\"{0}\"", "\"{0}\", \"{1}\"" })
        {
            var (first, second) = (await UploadAsync(sales.Admin, "a.txt", "text/plain", "a"), await UploadAsync(sales.Admin, "b.txt", "text/plain", "b"));
            await sales.Admin.CreateAsync("customers", $$"""{ "name": "{{name}} {{papers.Count(sign => sign == '{')}}", "papers": [{{papers.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal)}}] }""");
        }
        foreach (var (condition, found) in new[] { ("papers/any()", "1 2"), ("papers/$count eq 2", "2"), ("papers/$count eq 0", "0"), ("not papers/any()", "0") })
        {
            var rows = (await sales.Admin.GetAsync($"/api/data/customers?$select=name&$orderby=name&$filter=startswith(name,'{name}') and {condition}")).Json.GetProperty("value").EnumerateArray();
            Assert.Equal(found, string.Join(' ', rows.Select(row => row.GetProperty("name").GetString()!.Split(' ')[1])));
        }
        var refused = await sales.Admin.GetAsync("/api/data/customers?$filter=papers/any(p: p eq 'x')");
        Assert.Equal((400, "not_filterable"), (refused.Status, refused["code"]));
    }

    private static async Task<string> UploadAsync(TestClient client, string name, string type, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(type));
        var answer = await client.Http.PostAsync($"/api/files?name={Uri.EscapeDataString(name)}", content);
        Assert.Equal(201, (int)answer.StatusCode);
        return System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }
}
