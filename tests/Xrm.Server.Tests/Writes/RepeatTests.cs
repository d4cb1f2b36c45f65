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

    private Task<Answer> PostAsync(string key, string body, string to = "customers", TestClient? client = null) =>
        (client ?? sales.Admin).SendAsync(HttpMethod.Post, $"/api/data/{to}", body, headers: ("Idempotency-Key", key));
}
