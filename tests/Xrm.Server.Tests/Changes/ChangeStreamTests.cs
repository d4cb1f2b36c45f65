using Xrm.Data.Catalogue;
using Xrm.Data.Changes;
using Xrm.Server.Tests.Workflows;
using Xrm.Server.Tests.Writes;

namespace Xrm.Server.Tests.Changes;

/// <summary>What is told of changes, to whom, and for how long.</summary>
public sealed class ChangeStreamTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "sales", SalesPackage.Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Changes_are_told_without_values_in_their_order()
    {
        await using var stream = await EventStream.OpenAsync(_admin.Http, "?entities=customer");
        var id = await _admin.CreateAsync("customers", """{ "name": "Acme" }""");
        await _admin.CreateAsync("labels", """{ "name": "not asked for" }""");
        await _admin.PatchAsync($"/api/data/customers/{id}", """{ "name": "Acme 2", "terms": 10 }""");
        await _admin.DeleteAsync($"/api/data/customers/{id}");
        var events = await stream.TakeAsync(3);
        Assert.All(events, each => Assert.Equal(("change", "customer", "customers", id, null), (each.Type, each["entity"], each["collection"], each["id"], each["values"])));
        Assert.Equal([("create", "1"), ("update", "2"), ("delete", "3")], events.Select(each => (each["change"]!, each["version"]!)));
        Assert.Equal("""["name","terms"]""", events[1]["changed"]);
        Assert.Equal("deleted", events[2]["reason"]);
    }

    [Fact]
    public async Task Values_come_where_they_are_asked_for_and_may_be_seen()
    {
        var seller = await _app.ClientAsync("seller");
        await using var stream = await EventStream.OpenAsync(seller.Http, "?entities=sales&select=title,secret");
        var customer = await _admin.CreateAsync("customers", """{ "name": "V" }""");
        var sale = await seller.CreateAsync("sales", $$"""{ "title": "One", "customer_id": "{{customer}}" }""");
        await _admin.PatchAsync($"/api/data/sales/{sale}", """{ "secret": "hidden", "title": "Two" }""");
        var events = await stream.TakeAsync(2);
        Assert.Equal(["""{"title":"One"}""", """{"title":"Two"}"""], events.Select(each => each["values"]!.Replace(" ", "", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret", events[1]["changed"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_the_caller_may_read_is_told_and_what_goes_out_of_sight_is_gone()
    {
        var (seller, other) = (await _app.ClientAsync("seller"), await _app.ClientAsync("seller"));
        await using var stream = await EventStream.OpenAsync(seller.Http, "?entities=sale");
        var customer = await _admin.CreateAsync("customers", """{ "name": "R" }""");
        await other.CreateAsync("sales", $$"""{ "title": "Strange", "customer_id": "{{customer}}" }""");
        var own = await seller.CreateAsync("sales", $$"""{ "title": "Own", "customer_id": "{{customer}}" }""");
        Assert.Equal(200, (await _admin.PatchAsync($"/api/data/sales/{own}", $$"""{ "owner_id": "{{other.UserId}}" }""")).Status);
        await _admin.PatchAsync($"/api/data/sales/{own}", """{ "title": "Not yours" }""");
        await _admin.PatchAsync($"/api/data/sales/{own}", $$"""{ "owner_id": "{{seller.UserId}}" }""");
        Assert.Equal([("create", null), ("delete", "changed"), ("create", (string?)null)], (await stream.TakeAsync(3)).Select(each => (each["change"]!, each["reason"])));
        var clerk = await _app.ClientAsync("clerk");
        Assert.Equal(403, (await clerk.GetAsync("/api/changes?entities=customer")).Status);
    }

    [Fact]
    public async Task What_follows_in_other_records_is_told_too()
    {
        var customer = await _admin.CreateAsync("customers", """{ "name": "F" }""");
        await using var stream = await EventStream.OpenAsync(_admin.Http, "?entities=customers");
        await _admin.CreateAsync("sales", $$"""{ "title": "S", "customer_id": "{{customer}}" }""");
        var told = await stream.TakeAsync(1);
        Assert.Equal(("update", customer), (told[0]["change"], told[0]["id"]));
        Assert.Contains("sales", told[0]["changed"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_comes_back_to_another_node_misses_nothing_and_hears_nothing_twice()
    {
        await using var second = await _app.AddNodeAsync();
        using var elsewhere = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(((Microsoft.AspNetCore.Builder.WebApplication)second).Urls.First()) };
        elsewhere.DefaultRequestHeaders.Authorization = _admin.Http.DefaultRequestHeaders.Authorization;
        var seen = new List<string>();
        string? last;
        await using (var stream = await EventStream.OpenAsync(_admin.Http, "?entities=label"))
        {
            await CreateLabelsAsync(0, 30);
            // In the middle of what was committed together.
            seen.AddRange((await stream.TakeAsync(17)).Select(each => each["id"]!));
            last = stream.LastId;
        }
        await CreateLabelsAsync(30, 10);
        foreach (var node in new[] { elsewhere, _admin.Http })
        {
            await using var stream = await EventStream.OpenAsync(node, "?entities=label", last);
            if (node == _admin.Http) await CreateLabelsAsync(40, 5);
            seen.AddRange((await stream.TakeAsync(node == elsewhere ? 23 : 5)).Select(each => each["id"]!));
            last = stream.LastId;
        }
        Assert.Equal((45, 45), (seen.Count, seen.Distinct().Count()));
    }

    [Fact]
    public async Task Stream_ends_with_the_session_and_with_a_change_of_rights()
    {
        var (seller, leaver) = (await _app.ClientAsync("seller"), await _app.ClientAsync("seller"));
        await using var first = await EventStream.OpenAsync(seller.Http);
        await using var second = await EventStream.OpenAsync(leaver.Http);
        await _app.Get<UserStore>().SetRolesAsync(seller.UserId, ["boss"], CancellationToken.None);
        await using (var command = _app.Database.Source.CreateCommand($"delete from xrm.token where user_id = '{leaver.UserId}'")) await command.ExecuteNonQueryAsync();
        Assert.Equal("rights_changed", (await first.NextAsync())?["code"]);
        Assert.Equal("session_ended", (await second.NextAsync())?["code"]);
        Assert.Null(await first.NextAsync());
    }

    [Fact]
    public async Task A_user_has_few_streams_at_once()
    {
        var user = await _app.ClientAsync("boss");
        var streams = new List<EventStream>();
        for (var index = 0; index < 6; index++) streams.Add(await EventStream.OpenAsync(user.Http));
        var refused = await user.GetAsync("/api/changes");
        Assert.Equal((429, "too_many_at_once", "You have 6 change streams under way. Wait until one of them has ended."), (refused.Status, refused["code"], refused["detail"]));
        Assert.NotNull(refused.Message.Headers.RetryAfter);
        foreach (var stream in streams) await stream.DisposeAsync();
        await Eventually.IsAsync(async () =>
        {
            using var again = await user.Http.GetAsync("/api/changes", HttpCompletionOption.ResponseHeadersRead);
            return again.IsSuccessStatusCode;
        });
    }

    [Theory]
    [InlineData("?entities=sail", null, 400, "unknown_collection")]
    [InlineData("?select=nothing", null, 400, "unknown_field")]
    [InlineData("?entity=sale", null, 400, "query_not_understood")]
    [InlineData("", "what", 400, "invalid_token")]
    [InlineData("", "1-1!5:9:", 410, "changes_gone")]
    public async Task Wrong_request_is_refused(string query, string? lastId, int status, string code)
    {
        var answer = await _admin.SendAsync(HttpMethod.Get, $"/api/changes{query}", null, headers: lastId is null ? [] : [("Last-Event-ID", lastId)]);
        Assert.Equal((status, code), (answer.Status, answer["code"]));
    }

    [Fact]
    public void Connection_that_takes_nothing_is_ended()
    {
        using var subscription = new Xrm.Server.Features.Changes.ChangeSubscription(Xrm.Data.Access.Caller.System, [], withValues: false);
        var snapshot = new ChangeSnapshot(1, 2, []);
        var change = new RecordChange(1, default, "created", "x", Guid.Empty, 1, [], null, null, null, null, null);
        var page = new ChangePage([.. Enumerable.Repeat(change, 500)], new ChangePosition("1", snapshot), new ChangePosition("1", snapshot), HasMore: false);
        for (var index = 0; index < 10; index++) subscription.Offer(page);
        Assert.Null(subscription.End);
        subscription.Offer(page);
        Assert.Equal("too_slow", subscription.End);
    }

    private async Task CreateLabelsAsync(int first, int count)
    {
        var rows = Enumerable.Range(first, count).Select(index => $$"""{ "name": "label {{index}}" }""");
        Assert.Equal(200, (await _admin.PostAsync("/api/data/labels", $"[{string.Join(',', rows)}]")).Status);
    }
}
