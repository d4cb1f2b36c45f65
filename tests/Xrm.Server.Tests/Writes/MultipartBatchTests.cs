using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Xrm.Server.Tests.Writes;

/// <summary>Batches in the older of the two forms, which most libraries send.</summary>
[Collection(nameof(SalesCollection))]
public sealed partial class MultipartBatchTests(SalesApplication sales)
{
    [Fact]
    public async Task Parts_are_requests_and_groups_of_them()
    {
        var name = $"N{Guid.NewGuid():N}";
        var answer = await SendAsync(null, $$"""
            --b
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            GET customers?$top=1&$select=name HTTP/1.1
            Accept: application/json

            --b
            Content-Type: multipart/mixed; boundary="c d"

            --c d
            Content-Type: application/http
            Content-ID: 1

            POST /api/data/customers HTTP/1.1
            Content-Type: application/json;odata.metadata=minimal

            { "name": "{{name}}" }
            --c d
            Content-Type: application/http
            Content-ID: 2

            POST sales HTTP/1.1
            Content-Type: application/json
            Prefer: return=minimal

            { "title": "In a part", "customer@odata.bind": "$1" }
            --c d--
            --b
            Content-Type: application/http

            GET customers/$count?$filter=name eq '{{name}}' HTTP/1.1


            --b--
            """);
        Assert.Equal("200 201 204 200", Statuses(answer));
        Assert.Equal(["1", "2"], ContentId().Matches(answer).Select(match => match.Groups[1].Value));
        Assert.Contains($"\"name\":\"{name}\"", answer);
        Assert.Matches("\r\n\r\n1\r\n--batch_[0-9a-f]+--\r\n$", answer);
    }

    [Theory]
    [InlineData(null, "400")]
    [InlineData("odata.continue-on-error", "400 200")]
    public async Task A_group_that_fails_has_one_answer_and_nothing_follows_unless_asked_for(string? prefer, string expected)
    {
        var name = $"N{Guid.NewGuid():N}";
        var answer = await SendAsync(prefer, $$"""
            --b
            Content-Type: multipart/mixed;boundary=c

            --c
            Content-Type: application/http
            Content-ID: 1

            POST customers HTTP/1.1
            Content-Type: application/json

            { "name": "{{name}}" }
            --c
            Content-Type: application/http
            Content-ID: 2

            POST sales HTTP/1.1
            Content-Type: application/json

            { "customer@odata.bind": "$1" }
            --c--
            --b
            Content-Type: application/http

            GET customers/$count HTTP/1.1

            --b--
            """);
        Assert.Equal(expected, Statuses(answer));
        var client = await sales.App.ClientAsync();
        Assert.Equal("0", await client.Http.GetStringAsync($"/api/data/customers/$count?$filter=name eq '{name}'"));
    }

    [Theory]
    [InlineData("multipart/mixed", "x", "multipart/mixed needs a boundary.")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: text/plain\n\nx\n--b--", "A part is application/http")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: application/http\n\nGET\n--b--", "Expected a request such as")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: application/http\n\nTRACE x HTTP/1.1\n\n--b--", "The method can be GET, POST, PATCH, DELETE.")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: application/http\n\nPOST x HTTP/1.1\n\n{ x\n--b--", "The body is not valid JSON.")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: application/http\n\nPOST x HTTP/1.1\nno header\n\n{}\n--b--", "Expected a header such as")]
    [InlineData("multipart/mixed; boundary=b", "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\n\nGET customers HTTP/1.1\n\n--c--\n--b--", "An atomicity group holds writes only.")]
    [InlineData("multipart/mixed; boundary=b", "nothing of the kind", "The parts of the batch cannot be told apart")]
    public async Task What_cannot_be_understood_is_refused_with_the_place(string type, string body, string message)
    {
        using var content = new StringContent(body.Replace("\n", "\r\n", StringComparison.Ordinal));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var answer = await (await sales.App.ClientAsync()).Http.PostAsync("/api/data/$batch", content);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(message, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> SendAsync(string? prefer, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/data/$batch") { Content = new StringContent(body.ReplaceLineEndings("\r\n")) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        var answer = await (await sales.App.ClientAsync()).Http.SendAsync(request);
        Assert.Equal((200, "multipart/mixed"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Statuses(string answer) => string.Join(' ', Status().Matches(answer).Select(match => match.Groups[1].Value));

    [GeneratedRegex(@"HTTP/1\.1 (\d+) ")]
    private static partial Regex Status();

    [GeneratedRegex(@"Content-ID: (\S+)\r\n")]
    private static partial Regex ContentId();
}
