using System.Text.Json;

namespace Xrm.Server.Tests.Queries;

/// <summary>Answers that say more or less about themselves than usual, and numbers as texts.</summary>
public sealed class AnswerFormatTests(SpecimenServer server) : IClassFixture<SpecimenServer>
{
    private const string Full = "application/json;odata.metadata=full", None = "application/json;odata.metadata=none", Texts = "application/json;IEEE754Compatible=true";

    private TestClient Client => server.Client;

    [Theory]
    [InlineData("specimens/{0}", Full, "application/json; odata.metadata=full; charset=utf-8")]
    [InlineData("specimens/{0}", "application/json;metadata=none", "application/json; odata.metadata=none; charset=utf-8")]
    [InlineData("specimens", "application/json;odata.metadata=none;IEEE754Compatible=true;q=0.9,text/plain", "application/json; odata.metadata=none; IEEE754Compatible=true; charset=utf-8")]
    [InlineData("specimens?$format=application/json;odata.metadata=none", Full, "application/json; odata.metadata=none; charset=utf-8")]
    [InlineData("specimens?$format=json", Full, "application/json; odata.metadata=minimal; charset=utf-8")]
    [InlineData("specimens?$format=json;metadata=full", "*/*", "application/json; odata.metadata=full; charset=utf-8")]
    [InlineData("specimens?$apply=aggregate($count as n)", Texts, "application/json; odata.metadata=minimal; IEEE754Compatible=true; charset=utf-8")]
    [InlineData("specimens", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json; odata.metadata=minimal; charset=utf-8")]
    public async Task The_answer_says_which_form_it_has(string path, string accept, string type)
    {
        var answer = await GetAsync(path, accept);
        Assert.Equal((200, type), (answer.Status, answer.Message.Content.Headers.ContentType!.ToString()));
        Assert.Contains("Accept", answer.Message.Headers.Vary);
    }

    [Fact]
    public async Task Full_metadata_say_types_and_places()
    {
        var answer = (await GetAsync("specimens/{0}?$expand=account,samples,regarding", Full)).Json;
        var url = $"{Client.Http.BaseAddress}api/data/specimens({server.Full})";
        Assert.Equal(("#Xrm.specimen", url, url), (Text(answer, "@odata.type"), Text(answer, "@odata.id"), Text(answer, "@odata.editLink")));
        Assert.Equal(("#Int64", "#Decimal", "#Double", "#Date", "#DateTimeOffset", "#TimeOfDay", "#Guid", "#Collection(String)"), (Text(answer, "pieces@odata.type"), Text(answer, "weight@odata.type"), Text(answer, "reading@odata.type"),
            Text(answer, "found_on@odata.type"), Text(answer, "observed_at@odata.type"), Text(answer, "opens_at@odata.type"), Text(answer, "account_id@odata.type"), Text(answer, "traits@odata.type")));
        Assert.Equal(($"{url}/account", $"{url}/samples"), (Text(answer, "account@odata.navigationLink"), Text(answer, "samples@odata.navigationLink")));
        Assert.Equal(("#Xrm.account", "#Xrm.specimen_sample", "#Xrm.contact", "#Xrm.File"), (Text(answer.GetProperty("account"), "@odata.type"), Text(answer.GetProperty("samples")[0], "@odata.type"), Text(answer.GetProperty("regarding"), "@odata.type"), Text(answer.GetProperty("photo"), "@odata.type")));
        Assert.Equal(7, answer.GetProperty("pieces").GetInt32());
        Assert.False(answer.TryGetProperty("title@odata.type", out _) || answer.TryGetProperty("part_of_id@odata.type", out _));
        Assert.Equal("Everything", (await Client.GetAsync(Text(answer, "@odata.id")!))["title"]);
    }

    [Theory]
    [InlineData(Full)]
    [InlineData(None)]
    [InlineData(Texts)]
    [InlineData("application/json;odata.metadata=full;IEEE754Compatible=true")]
    public async Task Values_are_the_same_in_all_forms(string accept)
    {
        const string Path = "specimens?$expand=account,samples($count=true),regarding,contacts&$orderby=title";
        var (usual, other) = ((await GetAsync(Path, "*/*")).Json, (await GetAsync(Path, accept)).Json);
        Assert.Equal(Values(usual), Values(other));
    }

    [Fact]
    public async Task No_metadata_are_counts_and_links_alone()
    {
        var answer = (await GetAsync("specimens?$count=true&$expand=samples($count=true)&$top=5", None, "odata.maxpagesize=1")).Json;
        Assert.Equal(["@odata.count", "value", "@odata.nextLink"], answer.EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain(answer.GetProperty("value")[0].EnumerateObject(), property => property.Name.Contains("@odata", StringComparison.Ordinal) && property.Name != "samples@odata.count");
    }

    [Fact]
    public async Task Numbers_that_binary_floats_cannot_hold_are_texts_where_wished()
    {
        var answer = (await GetAsync("specimens?$count=true&$filter=pieces eq 7&$compute=weight mul 2 as twice&$expand=samples($count=true)", Texts)).Json;
        var row = answer.GetProperty("value")[0];
        Assert.Equal(("1", "7", "1.250", "2.500", "12.34", "1.50"), (Text(answer, "@odata.count"), Text(row, "pieces"), Text(row, "weight"), Text(row, "twice"), Text(row, "price"), Text(row.GetProperty("samples")[0], "mass")));
        Assert.Equal((JsonValueKind.Number, "2", JsonValueKind.Number), (row.GetProperty("reading").ValueKind, Text(row.GetProperty("photo"), "size"), row.GetProperty("raw").GetProperty("k")[0].ValueKind));
        Assert.Equal("""[{"kind":"plant","n":"1","total":"1.250"}]""", (await GetAsync("specimens?$apply=filter(pieces eq 7)/groupby((kind),aggregate($count as n,weight with sum as total))", Texts)).Json.GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task Numbers_are_taken_as_texts()
    {
        const string Body = """{ "title": "Texts", "pieces": "12", "weight": "1.250", "reading": 2.5, "number": "x", "samples": [{ "name": "S", "mass": "0.75" }] }""";
        var created = await SendAsync(HttpMethod.Post, "specimens?$select=pieces,weight", Body.Replace(""" "number": "x",""", "", StringComparison.Ordinal), "application/json;IEEE754Compatible=true;charset=utf-8");
        Assert.Equal((201, """{"pieces":"12","weight":"1.250"}"""), (created.Status, Only(created.Json, "pieces", "weight")));
        var changed = await SendAsync(HttpMethod.Patch, $"specimens({created["id"]})?$select=pieces,weight", """{ "pieces": "9", "weight": "9007199254.993" }""", "application/json;odata.metadata=minimal;IEEE754Compatible=true");
        Assert.Equal((200, """{"pieces":"9","weight":"9007199254.993"}"""), (changed.Status, Only(changed.Json, "pieces", "weight")));
        Assert.Equal((400, "pieces wrong_type"), await Refused("""{ "pieces": "nine" }""", "application/json;IEEE754Compatible=true"));
        Assert.Equal((400, "pieces wrong_type"), await Refused("""{ "pieces": "9 , 1" }""", "application/json;IEEE754Compatible=true"));
        await Client.DeleteAsync($"/api/data/specimens/{created["id"]}");

        async Task<(int, string)> Refused(string body, string type)
        {
            var answer = await SendAsync(HttpMethod.Patch, $"specimens/{created["id"]}", body, type);
            return (answer.Status, answer.Errors);
        }
    }

    /// <summary>Answers come in parts, whose ends lie anywhere.</summary>
    [Fact]
    public async Task Long_answers_are_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 6_000).Select(index => $"{index} \"ü\" 🏢\n"));
        var ids = new List<string>();
        for (var count = 0; count < 3; count++) ids.Add(await Client.CreateAsync("specimens", JsonSerializer.Serialize(new { title = $"Long {count}", remarks = text, pieces = count })));
        foreach (var accept in new[] { Full, None, Texts })
        {
            var rows = (await GetAsync("specimens?$filter=startswith(title,'Long')&$orderby=title", accept)).Json.GetProperty("value").EnumerateArray().ToArray();
            Assert.Equal(["Long 0", "Long 1", "Long 2"], rows.Select(row => Text(row, "title")));
            Assert.All(rows, row => Assert.Equal(text, Text(row, "remarks")));
        }
        foreach (var id in ids) await Client.DeleteAsync($"/api/data/specimens/{id}");
    }

    [Theory]
    [InlineData("specimens?$format=json;odata.metadata=everything", "query_not_understood", "$format: odata.metadata can be none, minimal or full.")]
    [InlineData("specimens?$format=json;IEEE754Compatible=maybe", "query_not_understood", "$format: IEEE754Compatible can be true or false.")]
    [InlineData("specimens?$format=xml", "query_not_understood", "$format can be json or csv.")]
    public async Task What_there_is_not_is_refused(string path, string code, string message)
    {
        var answer = await GetAsync(path, "*/*");
        Assert.Equal((400, code, message), (answer.Status, answer["code"], answer["detail"]));
    }

    [Fact]
    public async Task A_list_that_is_refused_is_so_in_every_form()
    {
        var answer = await GetAsync("specimens?$filter=pieces mul 9000000000000000000 gt 1", Full);
        Assert.Equal((400, "number_too_large", "application/problem+json"), (answer.Status, answer["code"], answer.Message.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Errors_are_told_in_the_words_of_OData_too()
    {
        var answer = await Client.PostAsync("/api/data/specimens", """{ "title": "x", "pieces": -1, "kind": "bird" }""");
        var error = answer.Json.GetProperty("error");
        Assert.Equal((answer["code"], answer["detail"]), (Text(error, "code"), Text(error, "message")));
        Assert.Equal(answer.Errors, string.Join(", ", error.GetProperty("details").EnumerateArray().Select(detail => $"{Text(detail, "target")} {Text(detail, "code")}")));
        var one = (await GetAsync("specimens?$filter=titel eq 'x'", "*/*")).Json.GetProperty("error");
        Assert.Equal(("unknown_field", "titel"), (Text(one, "code"), Text(one, "target")));
        var none = (await GetAsync("specimens?$filter=(", "*/*")).Json.GetProperty("error");
        Assert.False(none.TryGetProperty("target", out _) || none.TryGetProperty("details", out _));
    }

    private Task<Answer> GetAsync(string path, string accept, string? prefer = null) =>
        Client.SendAsync(HttpMethod.Get, $"/api/data/{string.Format(null, path, server.Full).Replace(" ", "%20", StringComparison.Ordinal)}", null, prefer: prefer, headers: ("Accept", accept));

    private async Task<Answer> SendAsync(HttpMethod method, string path, string body, string type)
    {
        using var request = new HttpRequestMessage(method, $"/api/data/{path}") { Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.TryAddWithoutValidation("Accept", Texts);
        using var response = await Client.Http.SendAsync(request);
        return new Answer((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response);
    }

    private static string Only(JsonElement row, params string[] names) => $"{{{string.Join(',', names.Select(name => $"\"{name}\":{row.GetProperty(name).GetRawText()}"))}}}";

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>Names and values, numbers as the texts that they may be, without what an answer says about itself.</summary>
    private static string Values(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject().Where(property => !property.Name.Contains('@')).Select(property => $"{property.Name}:{Values(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Values))}]",
        _ => json.ToString(),
    };
}
