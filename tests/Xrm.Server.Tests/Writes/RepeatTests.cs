using Xrm.Data.Records;

namespace Xrm.Server.Tests.Writes;

[Collection(nameof(SalesCollection))]
public sealed class RepeatTests(SalesApplication sales)
{
    [Fact]
    public async Task A_request_that_comes_again_is_answered_again_and_done_once()
    {
        var (key, body) = (NewKey(), $$"""{ "name": "N{{Guid.NewGuid():N}}" }""");
        var (first, second) = (await PostAsync(key, body), await PostAsync(key, body));
        Assert.Equal((201, 201, first["id"]), (first.Status, second.Status, second["id"]));
        Assert.Equal(first.Message.Headers.Location, second.Message.Headers.Location);
        Assert.Equal("true", second.Message.Headers.GetValues("Idempotency-Replayed").Single());
        var other = await PostAsync(key, """{ "name": "Other" }""");
        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other["code"]));
        Assert.Equal(409, (await PostAsync(key, body, client: await sales.App.ClientAsync())).Status);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_done()
    {
        var (key, body) = (NewKey(), """{ "name": "At once" }""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(key, body, "labels")));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Single(answers.Select(answer => answer["id"]).Distinct());
    }

    [Fact]
    public async Task What_was_refused_may_be_mended_under_the_same_key()
    {
        var key = NewKey();
        Assert.Equal(400, (await PostAsync(key, "{}")).Status);
        Assert.Equal(201, (await PostAsync(key, $$"""{ "name": "N{{Guid.NewGuid():N}}" }""")).Status);
    }

    [Fact]
    public async Task Arrays_and_transitions_come_again_likewise()
    {
        var (key, rows) = (NewKey(), """[ { "name": "a" }, { "name": "b" } ]""");
        var (first, second) = (await PostAsync(key, rows, "labels"), await PostAsync(key, rows, "labels"));
        Assert.Equal(first.Json.GetProperty("value")[1].GetProperty("id").GetString(), second.Json.GetProperty("value")[1].GetProperty("id").GetString());
        var (sale, lose) = (await sales.SaleAsync(), NewKey());
        foreach (var _ in new[] { 1, 2 }) Assert.Equal("lost", (await PostAsync(lose, """{ "reason": "r" }""", $"sales/{sale}/lose"))["status"]);
    }

    [Fact]
    public async Task Changes_and_deletions_come_again_likewise()
    {
        var id = await sales.Admin.CreateAsync("labels", """{ "name": "a" }""");
        var (change, delete) = (NewKey(), NewKey());
        foreach (var replayed in new[] { false, true })
        {
            var answer = await SendAsync(HttpMethod.Patch, $"labels/{id}", """{ "name": "b" }""", change, "W/\"1\"");
            Assert.Equal((200, "b", "W/\"2\"", replayed), (answer.Status, answer["name"], answer.Message.Headers.ETag!.ToString(), answer.Message.Headers.Contains("Idempotency-Replayed")));
        }
        Assert.Equal(422, (await SendAsync(HttpMethod.Patch, $"labels/{id}", """{ "name": "c" }""", change, "W/\"1\"")).Status);
        foreach (var replayed in new[] { false, true })
        {
            var answer = await SendAsync(HttpMethod.Delete, $"labels/{id}", null, delete);
            Assert.Equal((204, replayed), (answer.Status, answer.Message.Headers.Contains("Idempotency-Replayed")));
        }
        Assert.Equal(404, (await sales.Admin.DeleteAsync($"/api/data/labels/{id}")).Status);
    }

    [Fact]
    public async Task A_record_that_a_change_creates_is_created_once()
    {
        var (id, key) = (Guid.CreateVersion7(), NewKey());
        foreach (var _ in new[] { 1, 2 }) Assert.Equal(201, (await SendAsync(HttpMethod.Patch, $"labels/{id}", """{ "name": "new" }""", key)).Status);
        Assert.Equal("1", (await sales.Admin.GetAsync($"/api/data/labels/{id}"))["version"]);
    }

    [Fact]
    public async Task What_was_done_is_told_again_where_the_record_cannot_be_shown()
    {
        var (key, body) = (NewKey(), """{ "name": "Gone" }""");
        var first = await PostAsync(key, body, "labels");
        await sales.Admin.DeleteAsync($"/api/data/labels/{first["id"]}");
        var second = await PostAsync(key, body, "labels");
        Assert.Equal((204, first.Message.Headers.Location, true), (second.Status, second.Message.Headers.Location, second.Message.Headers.Contains("Idempotency-Replayed")));
    }

    [Fact]
    public async Task A_batch_as_a_whole_takes_no_key() =>
        Assert.Equal("idempotency_not_supported", (await SendAsync(HttpMethod.Post, "$batch", """{ "requests": [] }""", NewKey()))["code"]);

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task A_wrong_key_is_refused(int length) => Assert.Equal("invalid_idempotency_key", (await PostAsync(new string('x', length), "{}"))["code"]);

    [Fact]
    public async Task Old_requests_are_forgotten()
    {
        var (key, body) = (NewKey(), """{ "name": "Old" }""");
        var first = await PostAsync(key, body, "labels");
        await new AnsweredRequests(sales.App.Database).ForgetAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1), 100_000, CancellationToken.None);
        Assert.NotEqual(first["id"], (await PostAsync(key, body, "labels"))["id"]);
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private Task<Answer> SendAsync(HttpMethod method, string path, string? body, string key, string? etag = null) =>
        sales.Admin.SendAsync(method, $"/api/data/{path}", body, etag, headers: ("Idempotency-Key", key));

    private Task<Answer> PostAsync(string key, string body, string to = "customers", TestClient? client = null) =>
        (client ?? sales.Admin).SendAsync(HttpMethod.Post, $"/api/data/{to}", body, headers: ("Idempotency-Key", key));
}
