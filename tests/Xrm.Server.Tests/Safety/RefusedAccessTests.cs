using System.Text;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Safety;

/// <summary>Who is refused access stands in the log, without what they sent, and nobody can flood it.</summary>
public sealed class RefusedAccessTests : IAsyncLifetime
{
    private const string Marker = "Marker-3318";

    private readonly WholeLog _log = new();
    private readonly MovableClock _clock = new();
    private TestApplication _app = null!;
    private Guid _jo;

    private IEnumerable<string> Refusals => _log.Lines.Where(line => line.StartsWith("Warning AccessRefused ", StringComparison.Ordinal));

    private IEnumerable<string> Sums => _log.Lines.Where(line => line.StartsWith("Warning MoreAccessRefused ", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { Log = _log, Time = _clock }, "desk", People.Package());
        _jo = await _app.AddAsync("jo");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Wrong_credentials_are_logged_and_a_stranger_without_any_is_not()
    {
        Assert.Equal(401, (await _app.Browser().GetAsync("/api/data/notes")).Status);
        Assert.Empty(Refusals);
        Assert.Equal(401, (await _app.Browser().SignInAsync("jo", Marker)).Status);
        Assert.Equal(401, (await _app.Browser().SignInAsync(Marker, Marker)).Status);
        Assert.Equal(401, (await _app.Program($"xrm_{Marker}").GetAsync($"/api/data/notes?$filter=title eq '{Marker}'")).Status);
        Assert.Equal(3, Refusals.Count());
        Assert.All(Refusals, line => Assert.Contains("a stranger was refused", line, StringComparison.Ordinal));
        Assert.Equal(2, Refusals.Count(line => line.Contains("POST /api/auth/sign-in with 401 sign_in_refused", StringComparison.Ordinal)));
        Assert.Single(Refusals, line => line.Contains("GET /api/data/{collection} with 401 not_signed_in; entity note, address 127.0.0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(Refusals, line => line.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_who_reaches_for_what_they_may_not_have_is_named_with_the_route_and_the_entity()
    {
        var browser = await _app.EnterAsync("jo");
        Assert.Equal(403, (await browser.GetAsync("/api/administration/users?search=" + Marker)).Status);
        Assert.Equal(403, (await browser.PostAsync("/api/data/memos", $$"""{ "title": "{{Marker}}" }""")).Status);
        Assert.Equal(403, (await browser.GetAsync($"/api/data/notes?$filter=title eq '{Marker}'")).Status);
        var batch = $$"""{ "requests": [ { "id": "1", "method": "post", "url": "notes", "headers": { "content-type": "application/json" }, "body": { "title": "{{Marker}}" } } ] }""";
        Assert.Equal(200, (await browser.PostAsync("/api/data/$batch", batch)).Status);
        Assert.Equal(4, Refusals.Count());
        Assert.All(Refusals, line => Assert.Contains($"{_jo} was refused", line, StringComparison.Ordinal));
        string[] told = ["GET /api/administration/users/ with 403 forbidden; entity -", "POST /api/data/{collection} with 403 forbidden; entity memo", "GET /api/data/{collection} with 403 no_right; entity note", "POST /api/data/{collection} with 403 forbidden; entity note"];
        Assert.All(told.Zip(Refusals), pair => Assert.True(pair.Second.Contains(pair.First, StringComparison.Ordinal), pair.Second));
        Assert.DoesNotContain(Refusals, line => line.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_floods_the_log_and_what_was_left_out_is_counted()
    {
        var (stranger, browser) = (_app.Program("xrm_unknown"), await _app.EnterAsync("jo"));
        for (var tried = 0; tried < 35; tried++) Assert.Equal(401, (await stranger.GetAsync("/api/data/notes")).Status);
        Assert.Equal(30, Refusals.Count());
        // Whoever is signed in has lines of their own.
        Assert.Equal(403, (await browser.GetAsync("/api/data/notes")).Status);
        Assert.Equal(31, Refusals.Count());
        Assert.Empty(Sums);
        _clock.Move(TimeSpan.FromMinutes(1));
        Assert.Equal(401, (await stranger.GetAsync("/api/data/notes")).Status);
        Assert.Contains("a stranger was refused 5 more times", Assert.Single(Sums), StringComparison.Ordinal);
        Assert.Equal(32, Refusals.Count());
    }

    [Fact]
    public async Task A_method_that_somebody_has_made_up_writes_nothing_into_the_log()
    {
        using var request = new HttpRequestMessage(new HttpMethod(new string('M', 40)), "/api/data/notes") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        await _app.Program("xrm_unknown").Http.SendAsync(request);
        Assert.DoesNotContain(Refusals, line => line.Contains("MMM", StringComparison.Ordinal));
    }
}
