using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xrm.Data.Errors;
using Xrm.Server.Features.Data.Batch;
using Xrm.Server.Pipeline;
using Xrm.Server.Tests.OData;

namespace Xrm.Server.Tests.Safety;

/// <summary>Whatever is sent as a body is taken or refused: no defect, and no wait.</summary>
public sealed class BodyFuzzTests(ReadServer server) : IClassFixture<ReadServer>
{
    private const int BatchRounds = 100_000;
    private const int HttpRounds = 3_000;

    private static readonly string[] Noise = ["{", "}", "[", "]", "\"", ":", ",", "null", "true", "-", "1e400", "9999999999999999999999", "\\u0000", "\\ud83c", "\\", "'", "@odata.bind", "$1", "id", "--b", "\r\n", "\r\n\r\n", "Content-ID: 1", "GET ", "HTTP/1.1", "[[[[[[[[[[", "\0", "\ufeff"];

    private const string JsonBatch = """{ "requests": [{ "id": "1", "atomicityGroup": "g", "method": "POST", "url": "topics", "body": { "name": "x" } }, { "id": "2", "atomicityGroup": "g", "method": "PATCH", "url": "$1", "headers": { "If-Match": "*" }, "body": { "name": "y" } }, { "id": "3", "method": "GET", "url": "topics?$top=1", "dependsOn": ["g"] }] }""";

    private const string MultipartBatchText = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST topics HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"name\":\"x\"}\r\n--c--\r\n--b\r\nContent-Type: application/http\r\n\r\nGET topics?$top=1 HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n--b--\r\n";

    private static readonly (string Path, string Body)[] Bodies =
    [
        ("contracts", """{ "title": "Rent", "status": "draft", "value": 10.50, "months": "12", "starts_on": "2026-01-01", "signed_at": "2026-01-01T10:00:00Z", "opens": "08:30", "labels": ["a", "b"], "extra": { "k": [1, null, "x"] } }"""),
        ("contracts", """{ "title": "Rent", "account@odata.bind": "accounts(00000000-0000-7000-8000-000000000001)", "lines": [{ "product": "Pump", "amount": 1.10 }, { "product": "Pipe" }], "topics": [{ "id": "00000000-0000-7000-8000-0000000000f1" }] }"""),
        ("topics", """[{ "name": "a" }, { "name": "b", "id": "0190163d-8694-739b-aea5-966c26f8ad91" }, { "name": null }]"""),
        ("$batch", JsonBatch),
        ("$batch", MultipartBatchText),
    ];

    [Fact]
    public async Task Mutated_batches_are_understood_or_refused()
    {
        var (random, understood) = (new Random(20261123), 0);
        for (var round = 0; round < BatchRounds; round++)
        {
            var text = TextMutation.Mutate(round % 2 == 0 ? JsonBatch : MultipartBatchText, Noise, random);
            try
            {
                understood += (round % 2 == 0 ? ReadJson(text) : await ReadMultipartAsync(text)).IsDefault ? 0 : 1;
            }
            catch (Exception refused) when (refused is XrmException { Status: 400 } or JsonException)
            {
                // As it should be.
            }
        }
        Assert.True(understood > BatchRounds / 20, $"{understood} understood: the mutations have lost their aim.");
    }

    [Fact]
    public async Task Mutated_bodies_get_an_answer_that_is_no_defect()
    {
        var (random, done) = (new Random(20261123), 0);
        for (var round = 0; round < HttpRounds; round++)
        {
            var (path, body) = Bodies[round % Bodies.Length];
            var mutated = TextMutation.Mutate(body, Noise, random);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/data/{path}") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(mutated)) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.StartsWith('-') ? "multipart/mixed; boundary=b" : "application/json");
            using var answer = await server.Client.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode < 500 && !text.Contains("\"internal\"", StringComparison.Ordinal), $"{answer.StatusCode} {server.Client.Defect}\n{path}\n{mutated}\n{text}");
            if (answer.IsSuccessStatusCode) done++;
        }
        Assert.True(done > HttpRounds / 20, $"{done} done: the mutations have lost their aim.");
    }

    private static ImmutableArray<BatchRequest> ReadJson(string text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
        return BatchRequest.ReadAll(JsonTexts.Checked(json.RootElement.Clone()));
    }

    private static Task<ImmutableArray<BatchRequest>> ReadMultipartAsync(string text)
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = "multipart/mixed; boundary=b";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return MultipartBatch.ReadAsync(http);
    }
}
