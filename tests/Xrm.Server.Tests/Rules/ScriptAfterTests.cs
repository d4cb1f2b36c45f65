using System.Net;
using System.Text.Json;
using Dapper;
using Xrm.Data;
using Xrm.Server.Outgoing;

namespace Xrm.Server.Tests.Rules;

/// <summary>Scripts that run when the save is over, and the servers that they call.</summary>
public sealed class ScriptAfterTests : IAsyncLifetime
{
    private EchoServer _server = null!;
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        var environment = new Dictionary<string, string?> { ["XRM_SCRIPT_HOSTS"] = "localhost, *.example.com", ["XRM_SCRIPT_PRIVATE_HOSTS"] = new Uri(_server.Url).Authority };
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Environment = environment }, "parcels", AfterPackage.Files());
        _admin = await _app.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task They_see_what_was_saved_and_change_other_records()
    {
        var parcel = await _admin.CreateAsync("parcels", """{ "title": "note 1", "weight": 1234567890123456.78 }""");
        Assert.Equal("succeeded", (await RunAsync(parcel)).State);
        await _admin.DeleteAsync($"/api/data/parcels/{parcel}");
        Assert.Equal("succeeded", (await RunAsync(parcel, 2)).State);
        var traces = (await _admin.GetAsync("/api/data/traces?$orderby=title")).Json.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal(["create note 1", "delete note 1 was note 1"], traces.Select(trace => trace.GetProperty("title").GetString()));
        Assert.Equal("1234567890123456.7800", traces[0].GetProperty("weight").GetRawText());
    }

    [Fact]
    public async Task They_have_the_rights_of_who_saved()
    {
        var packer = await _app.ClientAsync("packer");
        var run = await RunAsync(await packer.CreateAsync("parcels", """{ "title": "note 2" }"""));
        Assert.Equal("failed", run.State);
        Assert.Contains("Rule parcel.note_it, line 1 of rules/parcel.note.js: ", run.LastError);
    }

    [Fact]
    public async Task They_cannot_change_the_save_that_is_over()
    {
        var run = await RunAsync(await _admin.CreateAsync("parcels", """{ "title": "assign" }"""));
        Assert.Equal("failed", run.State);
        Assert.Contains("record.count cannot be set when the save is over. Call update('parcel', record.id", run.LastError);
    }

    [Fact]
    public async Task Those_that_lead_to_each_other_end_in_the_open()
    {
        var parcel = await _admin.CreateAsync("parcels", """{ "title": "circle" }""");
        await _admin.PatchAsync($"/api/data/parcels/{parcel}", """{ "count": 1 }""");
        var runs = await WaitAsync(parcel, runs => runs.Any(run => run.State == "failed"));
        Assert.Equal((12, 11), (runs.Count, runs.Count(run => run.State == "succeeded")));
        Assert.StartsWith("Workflows and scripts lead to each other: parcel.count_up → parcel.count_up. More than 10 ran one after the other", runs.Single(run => run.State == "failed").LastError);
        Assert.Equal("12", (await _admin.GetAsync($"/api/data/parcels/{parcel}"))["count"]);
    }

    [Fact]
    public async Task Another_server_is_called_with_json_and_every_digit()
    {
        var run = await SendAsync($"{_server.Url}/echo", """, "weight": 1234567890123456.78""");
        Assert.Equal(("succeeded", null), (run.State, run.LastError));
        var answer = (await _admin.GetAsync($"/api/data/parcels/{run.RecordId}"))["answer"];
        Assert.Equal("""200 text/plain; charset=utf-8 parcel application/json; charset=utf-8 {"title":"send","weight":1234567890123456.78,"from":"open"}""", answer);
        Assert.Equal($"{run.Id}:1", Assert.Single(_server.Keys));
    }

    [Theory]
    [InlineData("https://elsewhere.org/x", "Scripts may not call https://elsewhere.org.")]
    [InlineData("http://api.example.com/x", "Scripts may not call http://api.example.com.")]
    [InlineData("https://example.com.evil.org/x", "Scripts may not call https://example.com.evil.org.")]
    [InlineData("https://api.example.com:8443/x", "Scripts may not call https://api.example.com:8443.")]
    [InlineData("https://localhost/x", "localhost has no address on the internet: private addresses may not be called.")]
    [InlineData("https://u:p@api.example.com/x", "The url must not hold a name or password")]
    [InlineData("SERVER/huge", "is larger than 1024 KiB")]
    public async Task Calls_that_are_not_allowed_say_why(string url, string message)
    {
        var run = await SendAsync(url.Replace("SERVER", _server.Url, StringComparison.Ordinal), untilTried: true);
        Assert.Contains(message, run.LastError);
        Assert.Empty(_server.Keys);
    }

    [Fact]
    public async Task Redirects_are_answers()
    {
        var run = await SendAsync($"{_server.Url}/away");
        Assert.StartsWith("302 ", (await _admin.GetAsync($"/api/data/parcels/{run.RecordId}"))["answer"]);
        Assert.Empty(_server.Keys);
    }

    [Fact]
    public async Task A_schedule_runs_when_its_time_has_come_and_once()
    {
        var parcel = await _admin.CreateAsync("parcels", """{ "title": "old" }""");
        await using (var connection = await _app.Get<Database>().OpenAsync(CancellationToken.None))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await connection.ExecuteAsync("update org_main._recurring_work set next_run_at = now() - interval '1 hour' where name = 'schedule:sweep'") == 0) await Task.Delay(50, limit.Token);
        }
        Assert.Equal("succeeded", (await RunAsync(Guid.Empty.ToString())).State);
        Assert.Equal(404, (await _admin.GetAsync($"/api/data/parcels/{parcel}")).Status);
        Assert.StartsWith("schedule by ", (await _admin.GetAsync("/api/data/traces")).Json.GetProperty("value")[0].GetProperty("title").GetString());
        await using var later = await _app.Get<Database>().OpenAsync(CancellationToken.None);
        Assert.True(await later.ExecuteScalarAsync<bool>("select next_run_at > now() + interval '23 hours' from org_main._recurring_work where name = 'schedule:sweep'"));
    }

    [Fact]
    public async Task A_save_waits_for_no_other_server()
    {
        var refused = await _admin.PostAsync("/api/data/parcels", $$"""{ "title": "early", "url": "{{_server.Url}}/echo" }""");
        Assert.Equal((422, "rule_refused_elsewhere"), (refused.Status, refused["code"]));
        Assert.Contains("a save must not wait for another server", refused["detail"]);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Private_addresses_are_known(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    private async Task<Run> SendAsync(string url, string more = "", bool untilTried = false)
    {
        var parcel = await _admin.CreateAsync("parcels", $$"""{ "title": "send", "url": "{{url}}" {{more}} }""");
        var sent = await _admin.PostAsync($"/api/data/parcels/{parcel}/send", "{}");
        Assert.True(sent.Status == 200, $"{sent.Json}");
        return untilTried ? (await WaitAsync(parcel, runs => runs is [{ LastError: not null }])).Single() : await RunAsync(parcel);
    }

    private async Task<Run> RunAsync(string record, int count = 1) =>
        (await WaitAsync(record, runs => runs.Count == count && runs.All(run => run.FinishedAt is not null))).MaxBy(run => run.StartedAt)!;

    private async Task<List<Run>> WaitAsync(string record, Func<List<Run>, bool> isThere)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var runs = (await _admin.GetAsync($"/api/administration/workflow-runs?recordId={record}")).Json.EnumerateArray().Select(run => run.Deserialize<Run>(JsonSerializerOptions.Web)!).ToList();
            if (isThere(runs)) return runs;
            await Task.Delay(50, limit.Token);
        }
    }

    private sealed record Run(Guid Id, Guid RecordId, string State, string? LastError, DateTime StartedAt, DateTime? FinishedAt);
}
