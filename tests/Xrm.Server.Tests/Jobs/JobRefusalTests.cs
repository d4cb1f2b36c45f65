using Xrm.Server.Tests.Writes;

namespace Xrm.Server.Tests.Jobs;

/// <summary>What is said of changes of many records before any is made; nothing works in the background here.</summary>
[Collection(nameof(SalesCollection))]
public sealed class JobRefusalTests(SalesApplication sales)
{
    [Theory]
    [InlineData("PATCH", "labels", """{ "name": "x" }""", 400, "condition_required")]
    [InlineData("DELETE", "labels", null, 400, "condition_required")]
    [InlineData("PATCH", "labels?$filter=nam eq 'x'", """{ "name": "x" }""", 400, "unknown_field")]
    [InlineData("PATCH", "labels?$filter=name eq", """{ "name": "x" }""", 400, "query_not_understood")]
    [InlineData("DELETE", "labels?all=true&$top=5", null, 400, "query_not_understood")]
    [InlineData("DELETE", "nothing?all=true", null, 404, "unknown_collection")]
    [InlineData("DELETE", "labels?deleted=only", null, 400, "no_recycle_bin")]
    [InlineData("DELETE", "sales?deleted=all", null, 400, "query_not_understood")]
    [InlineData("PATCH", "sales?deleted=only", """{ "title": "x" }""", 400, "query_not_understood")]
    [InlineData("PATCH", "labels?all=true", "{}", 400, "wrong_type")]
    [InlineData("PATCH", "labels?all=true", """{ "nam": 1, "version": 2, "id": null }""", 400, "validation_failed")]
    public async Task What_cannot_be_done_is_refused_at_once(string method, string path, string? body, int status, string code)
    {
        var answer = await sales.Admin.SendAsync(new HttpMethod(method), $"/api/data/{path}", body);
        Assert.Equal((status, code), (answer.Status, answer["code"]));
    }

    [Theory]
    [InlineData("PATCH", "If-Match", "W/\"1\"")]
    [InlineData("DELETE", "If-Match", "*")]
    [InlineData("DELETE", "If-None-Match", "*")]
    public async Task Version_of_one_record_is_refused(string method, string header, string value)
    {
        var answer = await sales.Admin.SendAsync(new HttpMethod(method), "/api/data/labels?$filter=name eq 'none'", method == "PATCH" ? """{ "name": "x" }""" : null, headers: (header, value));
        Assert.Equal((400, "invalid_etag"), (answer.Status, answer["code"]));
        Assert.Contains("$filter", answer["detail"]);
    }

    [Fact]
    public async Task Who_may_not_change_any_record_is_refused()
    {
        var clerk = await sales.App.ClientAsync("clerk");
        Assert.Equal(403, (await clerk.PatchAsync("/api/data/sales?all=true", """{ "title": "x" }""")).Status);
        Assert.Equal(403, (await clerk.DeleteAsync("/api/data/sales?all=true")).Status);
    }

    [Fact]
    public async Task Preview_counts_the_records_and_does_nothing()
    {
        var name = $"p{Guid.NewGuid():N}";
        foreach (var _ in new[] { 1, 2 }) await sales.Admin.CreateAsync("labels", $$"""{ "name": "{{name}}" }""");
        Assert.Equal("2", (await sales.Admin.DeleteAsync($"/api/data/labels?$filter=name eq '{name}'&preview=true"))["count"]);
        Assert.Equal("2", (await sales.Admin.GetAsync($"/api/data/labels?$count=true&$filter=name eq '{name}'"))["@odata.count"]);
    }

    [Fact]
    public async Task Jobs_are_seen_and_cancelled_by_their_user_and_by_administrators()
    {
        var (owner, other) = (await sales.App.ClientAsync("boss"), await sales.App.ClientAsync("boss"));
        var job = await owner.PatchAsync("/api/data/labels?$filter=name eq 'none'", """{ "name": "y" }""");
        Assert.Equal((202, "waiting", "update", "labels"), (job.Status, job["state"], job["kind"], job["collection"]));
        var path = job.Message.Headers.Location!.AbsolutePath;
        Assert.Equal($"/api/jobs/{job["id"]}", path);
        Assert.Equal(404, (await other.GetAsync(path)).Status);
        Assert.Equal(404, (await other.DeleteAsync(path)).Status);
        Assert.Equal("""{"name":"y"}""", (await owner.GetAsync(path)).Json.GetProperty("values").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal([job["id"]!], Ids(await owner.GetAsync("/api/jobs")));
        Assert.Empty(Ids(await other.GetAsync("/api/jobs")));
        Assert.Contains(job["id"]!, Ids(await sales.Admin.GetAsync("/api/jobs")));
        Assert.Equal(204, (await sales.Admin.PostAsync($"{path}/cancel", "{}")).Status);
        Assert.Equal("cancelled", (await owner.GetAsync(path))["state"]);
        Assert.Equal((409, "job_is_over"), ((await owner.DeleteAsync(path)).Status, (await owner.DeleteAsync(path))["code"]));
    }

    [Fact]
    public async Task A_user_has_few_jobs_at_once_and_a_repeated_request_is_one()
    {
        var user = await sales.App.ClientAsync("boss");
        Task<Answer> AskAsync(string key) => user.SendAsync(HttpMethod.Delete, "/api/data/labels?$filter=name eq 'none'", null, headers: ("Idempotency-Key", key));
        var (first, again) = (await AskAsync("a"), await AskAsync("a"));
        Assert.Equal((202, first["id"], "true"), (again.Status, again["id"], again.Message.Headers.GetValues("Idempotency-Replayed").Single()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 7).Select(index => AskAsync($"b{index}")));
        Assert.Equal(4, answers.Count(answer => answer.Status == 202));
        Assert.All(answers.Where(answer => answer.Status != 202), answer =>
        {
            Assert.Equal((429, "too_many_jobs", "You have 5 jobs under way. Wait until one of them has ended, or cancel one."), (answer.Status, answer["code"], answer["detail"]));
            Assert.NotNull(answer.Message.Headers.RetryAfter);
        });
        foreach (var id in Ids(await user.GetAsync("/api/jobs"))) await user.DeleteAsync($"/api/jobs/{id}");
    }

    private static IEnumerable<string> Ids(Answer answer) => answer.Json.EnumerateArray().Select(job => job.GetProperty("id").GetString()!);
}
