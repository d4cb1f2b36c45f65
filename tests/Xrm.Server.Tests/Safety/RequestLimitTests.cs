using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Xrm.Server.Tests.Safety;

/// <summary>What is larger than it may be is refused, with the limit.</summary>
public sealed class RequestLimitTests(ReadServer server) : IClassFixture<ReadServer>
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("account($expand=contracts($expand=", 2)) + "account" + new string(')', 4);

    public static TheoryData<string, string, string> Queries => new()
    {
        { "accounts?$filter=" + Many("active", 501, " or "), "query_too_large", "A condition may have 500 terms." },
        { "accounts?$filter=" + new string('(', 41) + "active" + new string(')', 41), "query_too_large", "A condition may be nested 40 deep." },
        { "accounts?$filter=" + Many("contracts/any()", 21, " and "), "query_too_large", "A condition may have 20 of any, all, $count" },
        { $"contracts?$filter=months in ({string.Join(',', Enumerable.Range(0, 1_001))})", "query_too_large", "A list may have 1000 constants." },
        { $"accounts?$filter={Many("holding", 6, "/")}/name eq 'x'", "query_too_large", "A path may have 6 names." },
        { "accounts?$filter=score eq 12345678901234567890123456789", "query_not_understood", "a number may have 28 digits" },
        { $"accounts?$filter=matchesPattern(name,'{new string('a', 201)}')", "wrong_type", "may have 200 characters." },
        { $"accounts?$filter=matchesPattern(name,'{Many("(a)", 11, "")}')", "wrong_type", "may have 10 groups." },
        { "accounts?$select=" + Many("name", 301, ","), "query_too_large", "$select may have 300 names." },
        { "accounts?$orderby=" + Many("name", 301, ","), "query_too_large", "$orderby may have 300 names." },
        { "contracts?$expand=" + Deep, "query_too_large", "$expand may be nested 4 deep." },
        { "contracts?$expand=lines($top=1001)", "query_too_large", "$top inside $expand may be 1000." },
        { "contracts?$skip=1000001", "query_too_large", "$skip may be 1000000." },
        { "contracts?$compute=" + Many("months", 51, " add ") + " as sum", "query_too_large", "$compute may have 50 terms." },
        { $"contracts?$compute=months as {new string('a', 64)}", "query_too_large", "A name may have 63 bytes in UTF-8" },
        { "contracts?$apply=" + Many("filter(months gt 1)", 21, "/"), "query_too_large", "$apply may have 20 steps." },
        { "contracts?" + string.Join('&', Enumerable.Range(0, 51).Select(index => $"@p{index}=1")), "query_too_large", "A query may have 50 aliases." },
        { "accounts?$search=" + new string('a', 201), "query_too_large", "$search may have 200 characters." },
        { "accounts?$search=" + Many("ab", 13, " "), "query_too_large", "$search may have 12 words." },
        { $"accounts({string.Join(',', Enumerable.Range(0, 301).Select(index => $"k{index}=1"))})", "query_too_large", "A key may have" },
        { "../search?q=a&$top=101", "query_not_understood", "$top is a whole number of 0 to 100." },
        { "../changes?entities=" + Many("account", 301, ","), "query_too_large", "may have 300 names." },
    };

    [Theory, MemberData(nameof(Queries))]
    public async Task A_query_beyond_a_limit_is_refused_with_the_limit(string path, string code, string named)
    {
        var answer = await server.Client.GetAsync($"/api/data/{path}");
        Assert.Equal((400, code), (answer.Status, answer["code"]));
        Assert.Contains(named, answer["detail"]);
    }

    [Fact]
    public async Task A_url_has_a_limit_and_an_option_of_a_batch_too()
    {
        var filter = $"contains(name,'{new string('a', 16_384)}')";
        using var refused = await server.Client.Http.GetAsync($"/api/data/accounts?$filter={filter}");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, refused.StatusCode);
        var batch = await server.Client.PostAsync("/api/data/$batch", $$"""{ "requests": [ { "id": "1", "method": "GET", "url": "accounts?$filter={{filter}}" } ] }""");
        Assert.Equal("$filter may have 16384 characters.", batch.Json.GetProperty("responses")[0].GetProperty("body").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_page_has_at_most_so_many_records_as_the_answer_says()
    {
        var page = await server.Client.SendAsync(HttpMethod.Get, "/api/data/accounts", null, prefer: "odata.maxpagesize=5000");
        Assert.Equal("odata.maxpagesize=1000", page.Message.Headers.GetValues("Preference-Applied").Single());
    }

    [Theory]
    [InlineData("accounts", "{ \"name\": \"", 1024 * 1024, "larger than 1024 KiB")]
    [InlineData("accounts", "[ { \"name\": \"", 32 * 1024 * 1024, "larger than 32768 KiB")]
    [InlineData("$batch", "{ \"requests\": [ { \"id\": \"", 32 * 1024 * 1024, "larger than 32768 KiB")]
    [InlineData($"accounts/{Nobody}", "{ \"name\": \"", 1024 * 1024, "larger than 1024 KiB")]
    public async Task A_body_beyond_a_limit_is_refused_with_the_limit_be_its_length_announced_or_not(string path, string begin, int limit, string named)
    {
        foreach (var isChunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(path.Contains('/', StringComparison.Ordinal) ? HttpMethod.Patch : HttpMethod.Post, $"/api/data/{path}");
            request.Content = new StringContent(begin + new string('x', limit), Encoding.UTF8, "application/json");
            if (isChunked) request.Headers.TransferEncodingChunked = true;
            // Otherwise the server hangs up while the client is still sending.
            else request.Headers.ExpectContinue = true;
            using var response = await server.Client.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(HttpStatusCode.RequestEntityTooLarge == response.StatusCode, text);
            Assert.Contains("\"code\":\"too_large\"", text);
            Assert.Contains(named, text);
        }
    }

    [Fact]
    public async Task A_file_has_a_limit()
    {
        using var content = new ByteArrayContent(new byte[25 * 1024 * 1024 + 1]);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var response = await server.Client.Http.PostAsync("/api/files?name=large.txt", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("A file may have 25 MiB at most.", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Arrays_batches_depth_and_keys_have_limits()
    {
        await AssertRefusedAsync("accounts", $"[{Many("{}", 10_001, ",")}]", "too_many_rows", "At most 10000 records");
        await AssertRefusedAsync("$batch", JsonSerializer.Serialize(new { requests = Enumerable.Repeat(new { id = "1", method = "GET", url = "accounts" }, 1_001) }), "batch_too_large", "A batch may have 1000 requests.");
        await AssertRefusedAsync("accounts", string.Concat(Enumerable.Repeat("{\"a\":", 33)) + "1" + new string('}', 33), "invalid_json", "more than 32 objects and arrays inside one another");
        var answer = await server.Client.SendAsync(HttpMethod.Post, "/api/data/accounts", """{ "name": "x" }""", headers: ("Idempotency-Key", new string('k', 201)));
        Assert.Equal((400, "invalid_idempotency_key"), (answer.Status, answer["code"]));
        Assert.Contains("1 to 200 characters", answer["detail"]);
    }

    private const string Nobody = "00000000-0000-7000-8000-0000000000ff";

    private async Task AssertRefusedAsync(string path, string body, string code, string named)
    {
        var answer = await server.Client.PostAsync($"/api/data/{path}", body);
        Assert.Equal((400, code), (answer.Status, answer["code"]));
        Assert.Contains(named, answer["detail"]);
    }

    private static string Many(string text, int times, string between) => string.Join(between, Enumerable.Repeat(text, times));
}
