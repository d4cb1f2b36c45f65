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
        _folder.Configure($$"""{ "webhooks": { "endpoints": [ { "name": "here", "url": "{{_receiver.Url}}", "secret": "{{Secret}}", "entities": ["client"] } ] } }""");
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
