using System.Net.Http.Headers;
using System.Text;

namespace Xrm.Server.Tests.Safety;

/// <summary>Values at the edge of what their types hold are stored exactly or refused clearly.</summary>
public sealed class EdgeValueTests(ReadServer server) : IClassFixture<ReadServer>
{
    [Theory]
    [InlineData("value", "9999999999.99", "9999999999.99")]
    [InlineData("value", "-9999999999.99", "-9999999999.99")]
    [InlineData("value", "0.01", "0.01")]
    [InlineData("value", "1.5e1", "15.00")]
    [InlineData("value", "-0", "0.00")]
    [InlineData("value", "1.230000000000000000000000000000000", "1.23")]
    [InlineData("months", "9223372036854775807", "9223372036854775807")]
    [InlineData("months", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("months", "-0.0", "0")]
    [InlineData("starts_on", "\"0001-01-01\"", "\"0001-01-01\"")]
    [InlineData("starts_on", "\"9999-12-31\"", "\"9999-12-31\"")]
    [InlineData("starts_on", "\"2024-02-29\"", "\"2024-02-29\"")]
    [InlineData("signed_at", "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00Z\"")]
    [InlineData("signed_at", "\"9999-12-31T23:59:59.999999Z\"", "\"9999-12-31T23:59:59.999999Z\"")]
    [InlineData("signed_at", "\"2026-03-29T02:30:00+01:00\"", "\"2026-03-29T01:30:00Z\"")]
    [InlineData("signed_at", "\"2026-10-25T02:30:00+02:00\"", "\"2026-10-25T00:30:00Z\"")]
    [InlineData("opens", "\"23:59:59.999999\"", "\"23:59:59.999999\"")]
    [InlineData("title", "\"\\ud83c\\udfe2 e\\u0301 \\u202e\\ufeff\\uffff\"", "\"🏢 e\u0301 \u202e\ufeff\uffff\"")]
    [InlineData("title", "\"\\u0001 \\\\ ' \\\" %_\"", "\"\\u0001 \\\\ ' \\\" %_\"")]
    [InlineData("extra", "{\"a\":1e400,\"b\":[-0,1.50,\"\\ud83c\\udfe2\"]}", null)]
    public async Task A_value_comes_back_as_it_was_sent(string field, string sent, string? stored)
    {
        var id = await server.Client.CreateAsync("contracts", field == "title" ? $$"""{ "title": {{sent}} }""" : $$"""{ "title": "x", "{{field}}": {{sent}} }""");
        foreach (var path in new[] { $"contracts/{id}", $"contracts/{id}?$expand=lines" })
        {
            var value = (await server.Client.GetAsync($"/api/data/{path}")).Json.GetProperty(field);
            if (stored is null) Assert.Equal(new string('0', 5), value.GetProperty("a").GetRawText()[^5..]);
            else if (stored.StartsWith('"')) Assert.Equal(System.Text.Json.JsonDocument.Parse(stored).RootElement.GetString(), value.GetString());
            else Assert.Equal(stored, value.GetRawText());
        }
    }

    [Theory]
    [InlineData("value", "10000000000.00", "value out_of_range")]
    [InlineData("value", "0.001", "value too_many_decimals")]
    [InlineData("value", "1e400", "value out_of_range")]
    [InlineData("value", "1e-400", "value too_many_decimals")]
    [InlineData("value", "1e99999999999999999999", "value out_of_range")]
    [InlineData("months", "9223372036854775808", "months out_of_range")]
    [InlineData("months", "1e30", "months out_of_range")]
    [InlineData("months", "0.5", "months not_whole")]
    [InlineData("starts_on", "\"0000-01-01\"", "starts_on invalid_date")]
    [InlineData("starts_on", "\"10000-01-01\"", "starts_on invalid_date")]
    [InlineData("starts_on", "\"2025-02-29\"", "starts_on invalid_date")]
    [InlineData("signed_at", "\"2016-12-31T23:59:60Z\"", "signed_at invalid_datetime")]
    [InlineData("signed_at", "\"2026-03-29T02:30:00\"", "signed_at offset_missing")]
    [InlineData("signed_at", "\"0001-01-01T00:00:00+01:00\"", "signed_at out_of_range")]
    [InlineData("opens", "\"24:00\"", "opens invalid_time")]
    [InlineData("title", "\"a\\u0000b\"", "title invalid_text")]
    [InlineData("title", "\"\\ud83c\"", "title invalid_text")]
    [InlineData("extra", "\"\\u0000\"", "extra invalid_text")]
    [InlineData("labels", "[\"\\udfe2\"]", "labels invalid_text")]
    public async Task A_value_that_cannot_be_stored_is_refused_with_its_field(string field, string sent, string errors)
    {
        var answer = await server.Client.PostAsync("/api/data/contracts", field == "title" ? $$"""{ "title": {{sent}} }""" : $$"""{ "title": "x", "{{field}}": {{sent}} }""");
        Assert.Equal((400, errors), (answer.Status, answer.Errors));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("0x10")]
    [InlineData("'x'")]
    [InlineData("1 /* a comment */")]
    [InlineData("1, ")]
    public async Task What_is_no_JSON_is_refused(string value)
    {
        var answer = await server.Client.PostAsync("/api/data/accounts", $$"""{ "name": "x", "score": {{value}} }""");
        Assert.Equal((400, "invalid_json"), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task A_body_is_UTF_8_and_of_limited_depth_and_size()
    {
        Assert.Equal(201, await SendAsync([0xEF, 0xBB, 0xBF, .. """{ "name": "BOM" }"""u8]));
        Assert.Equal(400, await SendAsync(Encoding.Unicode.GetBytes("""{ "name": "UTF-16" }""")));
        Assert.Equal(400, await SendAsync([.. """{ "name": "Latin """u8, 0xE4, .. "\" }"u8]));
        Assert.Equal(400, await SendAsync([.. """{ "name": "Latin """u8, 0xE4, .. "\" }"u8], idempotencyKey: Guid.NewGuid().ToString()));
        Assert.Equal(400, await SendAsync(Encoding.UTF8.GetBytes($$"""{ "name": "deep", "x": {{new string('[', 10_000)}}{{new string(']', 10_000)}} }""")));
        Assert.Equal(400, await SendAsync(Encoding.UTF8.GetBytes($$"""{ "name": "{{new string('x', 900_000)}}" }""")));
        Assert.Equal(413, await SendAsync(Encoding.UTF8.GetBytes($$"""{ "name": "{{new string('x', 1_100_000)}}" }""")));
        Assert.Equal(400, await SendAsync(""u8.ToArray()));
        Assert.Equal(400, await SendAsync("null"u8.ToArray()));
    }

    [Fact]
    public async Task Of_a_name_given_twice_no_value_is_taken_silently()
    {
        var answer = await server.Client.PostAsync("/api/data/accounts", """{ "name": "first", "name": "second" }""");
        Assert.Equal((400, "name duplicate_property"), (answer.Status, answer.Errors));
    }

    private async Task<int> SendAsync(byte[] body, string? idempotencyKey = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/data/accounts") { Content = content };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        var answer = await server.Client.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
