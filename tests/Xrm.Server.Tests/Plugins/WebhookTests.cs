using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests.Plugins;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "a secret of some length";
    private readonly PluginFolder _folder = new();
    private Receiver _receiver = null!;
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _folder.Install("plugins/webhooks", "webhooks");
        _folder.Configure($$"""{ "webhooks": { "endpoints": [ { "name": "here", "url": "{{_receiver.Url}}", "secret": "{{Secret}}", "entities": ["client"], "private": true } ] } }""");
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Folder = _folder.Root }, "orders", OrdersPackage.Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Event_is_posted_once_and_signed()
    {
        await _admin.CreateAsync("notes", """{ "subject": "Of no interest" }""");
        var id = await _admin.CreateAsync("clients", """{ "name": "Ann" }""");
        await Eventually.IsAsync(() => Task.FromResult(_receiver.Posts.Length > 0));
        await Eventually.IsAsync(async () => await StatesAsync() == "done");
        var post = Assert.Single(_receiver.Posts);
        Assert.Equal("application/json", post.ContentType);
        AssertSigned(post);
        using var json = JsonDocument.Parse(post.Body);
        var root = json.RootElement;
        Assert.Equal((post.EventId, "created", "client", id, 1), (root.GetProperty("id").ToString(), root.GetProperty("event").GetString(),
            root.GetProperty("entity").GetString(), root.GetProperty("recordId").GetString(), root.GetProperty("version").GetInt32()));
        var data = root.GetProperty("data");
        Assert.Equal(("Ann", _admin.UserId.ToString()), (data.GetProperty("values").GetProperty("name").GetString(), data.GetProperty("user").GetString()));
    }

    [Fact]
    public async Task Refused_event_is_posted_again_then_becomes_a_dead_letter_that_can_be_sent_again()
    {
        _receiver.Refuse(1);
        await _admin.CreateAsync("clients", """{ "name": "Bob" }""");
        await Eventually.IsAsync(() => Task.FromResult(_receiver.Posts.Length == 2));
        var posts = _receiver.Posts;
        Assert.Equal((posts[0].EventId, posts[0].Body), (posts[1].EventId, posts[1].Body));
        AssertSigned(posts[1]);
        await Eventually.IsAsync(async () => await StatesAsync() == "done");

        _receiver.Refuse(2);
        await _admin.CreateAsync("clients", """{ "name": "Cleo" }""");
        await Eventually.IsAsync(async () => await StatesAsync() == "waiting, done" && _receiver.Posts.Length == 3);
        // The hours of the pauses pass.
        await SkipPausesAsync();
        await Eventually.IsAsync(async () => await StatesAsync() == "dead, done");
        var dead = (await _admin.GetAsync("/api/administration/deliveries")).Json[0];
        Assert.Equal(("webhooks/here", "here answered 500."), (dead.GetProperty("receiver").GetString(), dead.GetProperty("lastError").GetString()));

        var retry = $"/api/administration/deliveries/{dead.GetProperty("id")}/retry";
        Assert.Equal(204, (await _admin.PostAsync(retry, "")).Status);
        await Eventually.IsAsync(async () => await StatesAsync() == "done, done");
        Assert.Equal(5, _receiver.Posts.Length);
        Assert.Equal(_receiver.Posts[2].EventId, _receiver.Posts[4].EventId);
        Assert.Equal(404, (await _admin.PostAsync(retry, "")).Status);
    }

    [Fact]
    public async Task Slow_receiver_gets_all_that_were_taken_at_once_and_each_once_whatever_the_nodes()
    {
        await using var other = await _app.AddNodeAsync();
        _receiver.Hold();
        for (var number = 0; number < 12; number++) await _admin.CreateAsync("clients", $$"""{ "name": "Slow {{number}}" }""");
        // None waits for the answer to another: together they cannot take longer than one may.
        await Eventually.IsAsync(() => Task.FromResult(_receiver.Posts.Length == 12));
        _receiver.Release();
        await Eventually.IsAsync(async () => await StatesAsync() == string.Join(", ", Enumerable.Repeat("done", 12)));
        Assert.Equal(12, _receiver.Posts.Select(post => post.EventId).Distinct().Count());
        Assert.Equal(12, _receiver.Posts.Length);
    }

    [Fact]
    public async Task Events_of_a_record_arrive_in_order_even_when_one_is_refused_at_first()
    {
        await using var other = await _app.AddNodeAsync();
        _receiver.Refuse(1);
        var id = await _admin.CreateAsync("clients", """{ "name": "0" }""");
        for (var number = 1; number < 5; number++) await _admin.PatchAsync($"/api/data/clients/{id}", $$"""{ "name": "{{number}}" }""");
        await _admin.DeleteAsync($"/api/data/clients/{id}");
        await Eventually.IsAsync(async () => await StatesAsync() == "done, done, done, done, done, done");
        var versions = _receiver.Posts.Select(post => JsonDocument.Parse(post.Body).RootElement)
            .Select(post => $"{post.GetProperty("event").GetString()} {post.GetProperty("data").GetProperty("values").GetProperty("name").GetString()}");
        Assert.Equal(["created 0", "created 0", "updated 1", "updated 2", "updated 3", "updated 4", "deleted 4"], versions);
    }

    private static void AssertSigned(Post post)
    {
        var parts = post.Signature.Split(',').ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{post.Body}"));
        Assert.Equal(Convert.ToHexStringLower(expected), parts["v1"]);
        Assert.InRange(long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), -60, 0);
    }

    /// <summary>States of all deliveries, dead ones first, then the newest.</summary>
    private async Task<string> StatesAsync() => string.Join(", ",
        (await _admin.GetAsync("/api/administration/deliveries")).Json.EnumerateArray().Select(delivery => delivery.GetProperty("state").GetString()));

    private async Task SkipPausesAsync()
    {
        await using var connection = new NpgsqlConnection(_app.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("update org_main._delivery set attempts = 7, next_attempt_at = now() where done_at is null", connection);
        await command.ExecuteNonQueryAsync();
    }
}
